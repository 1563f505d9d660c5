"""Departments' own sites with an RSS feed: validators, the newest items only, pages that answer 404 once they are gone."""

from collections.abc import Sequence
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Speaker, Written

_ROOT = "https://warta.tirtasari.example"
SHOWN = 15  # items in a feed


class WebFeed(PlatformStandIn):
    """RSS 2.0; each speaker's site is a folder of one host."""

    platform: ClassVar[str] = "webfeed"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/{handle}/feed.rss", self.routed(self._feed)),
            Route("/{handle}/{number:int}", self.routed(self._page)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_ROOT}/{speaker.handle}/feed.rss"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"{_ROOT}/{speaker.handle}/?p={written.number}"

    def limited(self) -> Response:
        return Response("Too Many Requests", 429, {"Retry-After": "600"})

    def _feed(self, request: Request) -> Response:
        speaker = self.speakers.get(request.path_params["handle"].lower())
        if speaker is None or speaker.suspended:
            return Response("Tidak ditemukan", 404)
        items = "".join(self._entry(speaker, post) for post in speaker.newest(SHOWN))
        body = f"<rss version='2.0'><channel><title>{escape(speaker.name)}</title><link>{_ROOT}/{speaker.handle}/</link>{items}</channel></rss>"
        etag = f'"{blake2b(body.encode(), digest_size=8).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(body, media_type="application/rss+xml", headers={"ETag": etag})

    def _page(self, request: Request) -> Response:
        speaker = self.speakers.get(request.path_params["handle"].lower())
        number = request.path_params["number"]
        post = next((post for post in speaker.posts if post.number == number), None) if speaker else None
        if post is None:
            return Response("Tidak ditemukan", 404)
        return HTMLResponse(
            f"<!doctype html><title>{escape(post.title or post.text)}</title><p>{escape(post.text)}</p>"
        )

    def _entry(self, speaker: Speaker, post: Written) -> str:
        link = f' <a href="{escape(post.link)}">{escape(post.link)}</a>' if post.link else ""
        pictures = "".join(
            f'<p><img src="{escape(one.url)}" alt="{escape(one.alt or "")}"></p>' for one in post.pictures
        )
        html = escape(f"<p>{escape(post.text)}{link}</p>{pictures}")
        return (
            f"<item><guid isPermaLink='false'>{self.native_id(speaker, post)}</guid>"
            f"<link>{_ROOT}/{speaker.handle}/{post.number}</link>"
            f"<title>{escape(post.title or post.text[:60])}</title><description>{html}</description>"
            f"<pubDate>{format_datetime(post.published_at)}</pubDate></item>"
        )
