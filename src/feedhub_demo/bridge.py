"""A bridge of the city: what it saw of accounts that show nothing to programs, as a feed by somebody else."""

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Speaker, Written

_ROOT = "https://jembatan.tirtasari.example"
_SHOWN = 20


class Bridge(PlatformStandIn):
    """docs.rsshub.app: one route for each account, RSS 2.0, a `generator` that says who wrote it."""

    platform: ClassVar[str] = "webfeed"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/kabar/{handle}", self.routed(self._feed)),
            Route("/kabar/{handle}/{number:int}", self.routed(self._page)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_ROOT}/kabar/{speaker.handle}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return f"{_ROOT}/kabar/{speaker.handle}/{written.number}"

    def limited(self) -> Response:
        return Response("Too Many Requests", 429, {"Retry-After": "600"})

    def _feed(self, request: Request) -> Response:
        speaker = self.speakers.get(request.path_params["handle"].lower())
        if speaker is None:
            return Response("Tidak ditemukan", 404)
        entries = "".join(self._entry(speaker, post) for post in speaker.newest(_SHOWN))
        head = f"<title>{escape(speaker.name)}</title><link>{self.account_url(speaker)}</link>"
        feed = f'<rss version="2.0"><channel>{head}<generator>RSSHub</generator>{entries}</channel></rss>'
        return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{feed}', media_type="application/xml; charset=utf-8")

    def _page(self, request: Request) -> Response:
        speaker = self.speakers.get(request.path_params["handle"].lower())
        number = request.path_params["number"]
        post = next((one for one in speaker.posts if one.number == number), None) if speaker else None
        if post is None:
            return HTMLResponse("<h1>Tidak ditemukan</h1>", 404)
        return HTMLResponse(f"<h1>{escape(post.title or '')}</h1><p>{escape(post.text)}</p>")

    def _entry(self, speaker: Speaker, post: Written) -> str:
        pictures = "".join(f'<img src="{one.url}" alt="{escape(one.alt or "")}">' for one in post.pictures)
        address = self.native_id(speaker, post)
        categories = "".join(f"<category>{escape(tag)}</category>" for tag in post.tags)
        return (
            f"<item><title>{escape(post.title or '')}</title><link>{address}</link><guid>{address}</guid>"
            f"<pubDate>{format_datetime(post.published_at)}</pubDate>{categories}"
            f"<description>{escape(f'<p>{escape(post.text)}</p>{pictures}')}</description></item>"
        )
