"""A WordPress installation of the city, a site for each department: API, feed, pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub.posts.dates import read_date
from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://situs.tirtasari.example"
_ZONE = ZoneInfo("Asia/Jakarta")
_MOST = 100
_FEED_LENGTH = 10
_RFC822 = "%a, %d %b %Y %H:%M:%S +0000"


@dataclass(slots=True, kw_only=True)
class WordPress(PlatformStandIn):
    """WordPress 6 as a network of sites in folders. Deleted posts of odd numbers lie in the trash.

    `closed` holds the handles of sites that have switched their API off.
    """

    platform: ClassVar[str] = "wordpress"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)

    closed: set[str] = field(default_factory=set)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/{handle}/", self.routed(self._page)),
            Route("/{handle}/feed/", self.routed(self._feed)),
            Route("/{handle}/wp-json/wp/v2/posts", self.routed(self._posts)),
            Route("/{handle}/wp-json/wp/v2/posts/{id:int}", self.routed(self._post)),
            Route("/{handle}/{slug}/", self.routed(self._page)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_ROOT}/{speaker.handle}/"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"{_ROOT}/{speaker.handle}/?p={written.number}"

    def limited(self) -> Response:
        return HTMLResponse("<h1>Too many requests</h1>", 429, {"Retry-After": "1800"})

    def _page(self, request: Request) -> Response:
        speaker, slug = self._speaker(request), request.path_params.get("slug")
        post = next((post for post in speaker.posts if _slug(post) == slug), None) if speaker else None
        if speaker is None or (slug is not None and post is None):
            return HTMLResponse("<h1>Halaman tidak ditemukan</h1>", 404)
        root = f"{_ROOT}/{speaker.handle}/wp-json/"
        shown = f"<h1>{escape(post.title or '')}</h1>{_content(post)}" if post else f"<h1>{escape(speaker.name)}</h1>"
        page = f'<html><head><link rel="https://api.w.org/" href="{root}" /></head><body>{shown}</body></html>'
        return HTMLResponse(page, headers={"Link": f'<{root}>; rel="https://api.w.org/"'})

    def _posts(self, request: Request) -> Response:
        speaker, query = self._speaker(request), request.query_params
        if speaker is None or speaker.handle in self.closed:
            return self._closed()
        most, page = int(query.get("per_page") or 10), int(query.get("page") or 1)
        if most > _MOST:
            return _refusal("rest_invalid_param", 400)
        after = read_date(query.get("modified_after", ""), zone=_ZONE)
        found = [post for post in speaker.posts if after is None or post.changed_at > after]
        found.sort(key=_by(query.get("orderby", "date")), reverse=query.get("order", "desc") == "desc")
        shown = found[(page - 1) * most : page * most]
        if page > 1 and not shown:
            return _refusal("rest_post_invalid_page_number", 400)
        pages = -(-len(found) // most)
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        return JSONResponse([self._shown(speaker, post) for post in shown], headers=headers)

    def _post(self, request: Request) -> Response:
        speaker, number = self._speaker(request), request.path_params["id"]
        if speaker is None or speaker.handle in self.closed:
            return self._closed()
        for post in speaker.posts:
            if post.number == number:
                return JSONResponse(self._shown(speaker, post))
        if number in speaker.deleted and number % 2:
            return _refusal("rest_forbidden", 401)
        return _refusal("rest_post_invalid_id", 404)

    def _feed(self, request: Request) -> Response:
        speaker = self._speaker(request)
        if speaker is None:
            return HTMLResponse("<h1>Halaman tidak ditemukan</h1>", 404)
        items = "".join(
            f"<item><title>{escape(post.title or '')}</title><link>{self._link(speaker, post)}</link>"
            f"<pubDate>{post.published_at.strftime(_RFC822)}</pubDate>"
            f'<guid isPermaLink="false">{self.native_id(speaker, post)}</guid>'
            f"<description>{escape(post.text)}</description></item>"
            for post in speaker.newest(_FEED_LENGTH)
        )
        feed = f'<rss version="2.0"><channel><title>{escape(speaker.name)}</title>{items}</channel></rss>'
        return Response(feed, media_type="application/rss+xml")

    def _closed(self) -> Response:
        return _refusal("rest_not_logged_in", 401)

    def _speaker(self, request: Request) -> Speaker | None:
        return self.speakers.get(request.path_params["handle"].lower())

    def _link(self, speaker: Speaker, post: Written) -> str:
        return f"{_ROOT}/{speaker.handle}/{_slug(post)}/"

    def _shown(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        own = f"{_ROOT}/{speaker.handle}/wp-json/wp/v2/posts/{post.number}"
        embedded: dict[str, Any] = {"wp:term": [[{"name": escape(tag), "taxonomy": "post_tag"} for tag in post.tags]]}
        if post.pictures:
            embedded["wp:featuredmedia"] = [_featured(post.pictures[0])]
        return {
            "id": post.number,
            "date": _naive(post.published_at.astimezone(_ZONE)),
            "date_gmt": _naive(post.published_at),
            "guid": {"rendered": self.native_id(speaker, post)},
            "modified": _naive(post.changed_at.astimezone(_ZONE)),
            "modified_gmt": _naive(post.changed_at),
            "status": "publish",
            "type": "post",
            "link": self._link(speaker, post),
            "title": {"rendered": escape(post.title or "")},
            "content": {"rendered": _content(post), "protected": False},
            "excerpt": {"rendered": f"<p>{escape(post.text)}</p>", "protected": False},
            "format": "standard",
            "_links": {"self": [{"href": own}]},
            "_embedded": embedded,
        }


def _by(order: str) -> Callable[[Written], tuple[datetime, int]]:
    if order == "modified":
        return lambda post: (post.changed_at, post.number)
    return lambda post: (post.published_at, post.number)


def _slug(post: Written) -> str:
    return f"kabar-{post.number}"


def _content(post: Written) -> str:
    link = f' <a href="{escape(post.link)}">{escape(post.link)}</a>' if post.link else ""
    pictures = "".join(
        f'<figure><img src="{escape(picture.url)}" alt="{escape(picture.alt or "")}"/></figure>'
        for picture in post.pictures[1:]
    )
    return f"<p>{escape(post.text)}{link}</p>\n{pictures}"


def _featured(picture: Picture) -> dict[str, Any]:
    return {
        "source_url": picture.url,
        "alt_text": picture.alt or "",
        "media_type": "file" if picture.is_film else "image",
        "mime_type": "video/mp4" if picture.is_film else "image/jpeg",
        "media_details": {"width": picture.width, "height": picture.height},
    }


def _refusal(code: str, status: int) -> Response:
    """WordPress writes messages in the site's language; only the code can be relied on."""
    return JSONResponse({"code": code, "message": "Maaf.", "data": {"status": status}}, status)


def _naive(moment: datetime) -> str:
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
