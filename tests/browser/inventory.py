"""Every page for people, as browsers visit it: one entry or more for each route that answers in HTML."""

import inspect
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.datastructures import DefaultPlaceholder
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from browser.made_city import ACCOUNTS, DISHUB_FILMS, MELATI_SITE
from browser.made_verdicts import ASKED_ABOUT
from browser.served_city import SECRET, City
from feedhub.posts.verdict import Problem
from feedhub.store.acknowledge_links import AcknowledgeLink, write_acknowledge_link
from feedhub.store.stop_links import StopLink, write_stop_link
from feedhub.web.connect_links import write_link


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the made city; `path` may name posts and accounts in braces. `speaks`: there is one in each language."""

    name: str
    route: str
    path: str
    status: int = 200
    speaks: bool = True
    is_alike: bool = False  # another page is drawn like it and differs in what it says: most of its visits are `long`
    is_framed: bool = False  # a part of somebody else's page: it has no header, footer or skip link

    def at(self, city: City, language: str | None = None) -> str:
        """Its address in the city; `language` is the city's own unless said."""
        places = {f"post_{name.replace('-', '_')}": str(id) for name, id in city.posts.items()}
        places |= {f"account_{one.department.replace('-', '_')}_{one.platform}": str(one.id) for one in ACCOUNTS}
        places["stop"] = write_stop_link(
            StopLink(account=MELATI_SITE.id, since=city.now), SECRET, until=_next_day(city)
        )
        places["acknowledge"] = write_acknowledge_link(AcknowledgeLink(act=1, key=1), SECRET)
        places["connect"] = write_link(DISHUB_FILMS.id, at=city.now, secret=SECRET)
        prefix = "" if language in {None, city.language} else f"/{language}"
        return city.url + prefix + self.path.format(**places, origin=quote(city.url))


def _next_day(city: City) -> datetime:
    return city.now + timedelta(days=1)


def _page(name: str, path: str, *, route: str = "", **also: object) -> Page:
    return Page(name=name, path=path, route=route or path.partition("?")[0], **also)  # type: ignore[arg-type]  # a table of fields


def _posts(*names: str, **also: object) -> list[Page]:
    return [
        _page(f"post-{name}", f"/posts/{{post_{name.replace('-', '_')}}}", route="/posts/{id}", **also)
        for name in names
    ]


def _verified(name: str, address: str, **also: object) -> Page:
    return _page(f"verify-{name.replace('_', '-')}", f"/verify?url={quote(address, safe='{}')}", **also)


_OFFICIAL = {
    "official-site": "https://bpbd.tirtasari.example/",
    "our-post": "{origin}/posts/{post_flood}",
    "no-address": "bukan alamat",
}
# One of each sign and colour; the other verdicts differ from these in their sentences.
_SIGNED = (Problem.LOOK_ALIKE, Problem.UNKNOWN, Problem.FAILING, Problem.WITHDRAWN)
LAYOUTS = ("list", "grid", "headlines", "agenda", "alert")

PAGES = (
    _page("home", "/"),
    _page("home-kind", "/?kind=service"),
    _page("home-emergencies", "/?kind=emergency", is_alike=True),
    _page("home-nothing", "/?tag=tidak-ada", is_alike=True),
    _page("home-older", "/?limit=10", is_alike=True),
    _page("departments", "/departments"),
    _page("department", "/departments/dinkes", route="/departments/{slug}"),
    _page("department-kind", "/departments/dinkes?kind=service", route="/departments/{slug}", is_alike=True),
    _page("department-silent", "/departments/arsip", route="/departments/{slug}"),
    _page("account", "/accounts/{account_dinkes_webfeed}", route="/accounts/{id}"),
    _page("account-refused", "/accounts/{account_dinkes_instagram}", route="/accounts/{id}", is_alike=True),
    *_posts("flood", "corrected", "film", "sensitive", "long-title", "arabic", "thread-1", "event-0"),
    *_posts("untitled", "sound", "poll", "empty", "english", "event-day", "usual-0-0", is_alike=True),
    _page("versions", "/posts/{post_corrected}/versions", route="/posts/{id}/versions"),
    _page("gone", "/posts/{post_withdrawn}", route="/posts/{id}", status=410),
    _page("search", "/search"),
    _page("search-hits", "/search?q=puskesmas&kind=service"),
    _page("search-nothing", "/search?q=jerapah", is_alike=True),
    _page("calendar", "/calendar"),
    _page("calendar-kind", "/calendar?kind=event&department=kec-melati", is_alike=True),
    _page("calendar-month", "/calendar?month=2026-01", is_alike=True),
    _page("follow", "/follow"),
    _page("follow-chosen", "/follow?department=dinkes&kind=service"),
    _page("follow-server", "/follow?department=bpbd&server=sosial.tirtasari.example", is_alike=True),
    _page("verify", "/verify"),
    *(_verified(name, address, is_alike=name != "official-site") for name, address in _OFFICIAL.items()),
    *(_verified(name, address, is_alike=name not in _SIGNED) for name, address in ASKED_ABOUT.items()),
    *(_page(name, f"/{name}") for name in ("corrections", "log", "status", "about", "ethics", "privacy")),
    *(_page(name, f"/{name}") for name in ("newsrooms", "developers", "webmasters", "data", "widget")),
    _page("embed", "/embed", is_framed=True),
    *(
        _page(f"embed-{layout}", f"/embed?layout={layout}", route="/embed", is_framed=True, is_alike=layout == "list")
        for layout in LAYOUTS
    ),
    _page("embed-nothing", "/embed?tag=tidak-ada", is_framed=True, is_alike=True),
    _page("widget-preview", "/widget/preview", is_framed=True),
    _page("offline", "/offline"),
    _page("docs", "/docs", speaks=False),
    _page("not-found", "/tidak-ada", route="", status=404),
    _page("not-found-post", "/posts/x", route="/posts/{id}", status=404, is_alike=True),
    _page("refused", "/search?kind=gosip", status=422),
    _page("connect", "/connect/tiktok?link={connect}", route="/connect/{platform}", speaks=False),
    _page(
        "connect-refused",
        "/connect/tiktok?link=x",
        route="/connect/{platform}",
        status=403,
        speaks=False,
        is_alike=True,
    ),
    _page("stop", "/stop/{stop}", route="/stop/{token}", speaks=False),
    _page("acknowledge", "/acknowledge/{acknowledge}", route="/acknowledge/{token}", speaks=False),
    _page("stop-refused", "/stop/x", route="/stop/{token}", status=404, speaks=False, is_alike=True),
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
