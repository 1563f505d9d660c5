"""Every page for people, as browsers visit it: one entry or more for each route that answers in HTML."""

import inspect
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.datastructures import DefaultPlaceholder
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from browser.made_city import ACCOUNTS
from browser.served_city import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the made city; `path` may name posts and accounts in braces. `speaks`: there is one in each language."""

    name: str
    route: str
    path: str
    status: int = 200
    speaks: bool = True
    is_framed: bool = False  # a part of somebody else's page: it has no header, footer or skip link

    def at(self, city: City, language: str | None = None) -> str:
        """Its address in the city; `language` is the city's own unless said."""
        places = {f"post_{name.replace('-', '_')}": str(id) for name, id in city.posts.items()}
        places |= {f"account_{one.department.replace('-', '_')}_{one.platform}": str(one.id) for one in ACCOUNTS}
        prefix = "" if language in {None, city.language} else f"/{language}"
        return city.url + prefix + self.path.format(**places, origin=quote(city.url))


def _page(name: str, path: str, *, route: str = "", **also: object) -> Page:
    return Page(name=name, path=path, route=route or path.partition("?")[0], **also)  # type: ignore[arg-type]  # a table of fields


def _posts(*names: str) -> list[Page]:
    return [_page(f"post-{name}", f"/posts/{{post_{name.replace('-', '_')}}}", route="/posts/{id}") for name in names]


_VERIFIED = {
    "official-account": "https%3A%2F%2Fwww.instagram.com%2Fdinkes.tirtasari%2F",
    "official-site": "https%3A%2F%2Fbpbd.tirtasari.example%2F",
    "look-alike": "https%3A%2F%2Fwww.instagram.com%2Fdinkes.tirtasarri%2F",
    "stranger": "https%3A%2F%2Fgosip.example%2F",
    "no-address": "bukan+alamat",
    "our-post": "{origin}%2Fposts%2F{post_flood}",
    "withdrawn-post": "{origin}%2Fposts%2F{post_withdrawn}",
    "not-collected": "https%3A%2F%2Fdinsos.tirtasari.example%2Fkabar",
}
LAYOUTS = ("list", "grid", "headlines", "agenda", "alert")

PAGES = (
    _page("home", "/"),
    _page("home-kind", "/?kind=service"),
    _page("home-emergencies", "/?kind=emergency"),
    _page("home-nothing", "/?tag=tidak-ada"),
    _page("home-older", "/?limit=10"),
    _page("departments", "/departments"),
    _page("department", "/departments/dinkes", route="/departments/{slug}"),
    _page("department-kind", "/departments/dinkes?kind=service", route="/departments/{slug}"),
    _page("department-silent", "/departments/arsip", route="/departments/{slug}"),
    _page("account", "/accounts/{account_dinkes_webfeed}", route="/accounts/{id}"),
    _page("account-refused", "/accounts/{account_dinkes_instagram}", route="/accounts/{id}"),
    *_posts("flood", "corrected", "untitled", "film", "sound", "poll", "empty", "sensitive", "long-title"),
    *_posts("english", "arabic", "thread-1", "event-0", "event-day", "usual-0-0"),
    _page("gone", "/posts/{post_withdrawn}", route="/posts/{id}", status=410),
    _page("search", "/search"),
    _page("search-hits", "/search?q=puskesmas&kind=service"),
    _page("search-nothing", "/search?q=jerapah"),
    _page("calendar", "/calendar"),
    _page("calendar-kind", "/calendar?kind=event&department=kec-melati"),
    _page("calendar-month", "/calendar?month=2026-01"),
    _page("follow", "/follow"),
    _page("follow-chosen", "/follow?department=dinkes&kind=service"),
    _page("follow-server", "/follow?department=bpbd&server=sosial.tirtasari.example"),
    _page("verify", "/verify"),
    *(_page(f"verify-{name}", f"/verify?url={url}") for name, url in _VERIFIED.items()),
    *(_page(name, f"/{name}") for name in ("corrections", "log", "status", "about", "ethics", "privacy")),
    *(_page(name, f"/{name}") for name in ("newsrooms", "webmasters", "widget")),
    _page("embed", "/embed", is_framed=True),
    *(_page(f"embed-{layout}", f"/embed?layout={layout}", route="/embed", is_framed=True) for layout in LAYOUTS),
    _page("embed-nothing", "/embed?tag=tidak-ada", is_framed=True),
    _page("widget-preview", "/widget/preview", is_framed=True),
    _page("offline", "/offline"),
    _page("docs", "/docs", speaks=False),
    _page("not-found", "/tidak-ada", route="", status=404),
    _page("not-found-post", "/posts/x", route="/posts/{id}", status=404),
    _page("refused", "/search?kind=gosip", status=422),
    _page("connect-refused", "/connect/tiktok?link=x", route="/connect/{platform}", status=403, speaks=False),
    _page("stop-refused", "/stop/x", route="/stop/{token}", status=404, speaks=False),
)
# Answers in HTML that nobody looks at by themselves.
NO_PAGES = {
    "/static/{name}": "files",
    "/connect/{platform}/callback": "where platforms send people back to: its pages are those of /connect",
    "/widget/v1/feedhub.js": "a script",
    "/widget/{version}/feedhub.js": "the same, as it was released",
    "/widget/preview.css": "a style sheet",
    "/widget/frame.css": "a style sheet",
    "/fragment": "a part of a page, without a head",
}


def routes_in_html(app: FastAPI) -> set[str]:
    """The routes whose answers are HTML unless they say otherwise."""
    routers = [part.original_router for part in app.routes if hasattr(part, "original_router")]
    return {route.path for router in routers for route in router.routes if _is_page(route)}


def _is_page(route: BaseRoute) -> bool:
    if not isinstance(route, APIRoute) or "GET" not in route.methods:
        return False
    said = route.response_class
    chosen = said.value if isinstance(said, DefaultPlaceholder) else said
    # Handlers that name HTML in their words alone are known by it.
    return chosen is HTMLResponse or "HTMLResponse(" in inspect.getsource(route.endpoint)
