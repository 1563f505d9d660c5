"""A city office's own site without a feed: a list of news, pages written by PHP, dates for people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from html import escape
from itertools import count
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Picture, Speaker, Written

_ROOT = "https://portal.tirtasari.example"
_WIB = timezone(timedelta(hours=7))
_PAGE = 8
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober"),
    *("November", "Desember"),
)


@dataclass(slots=True, kw_only=True)
class WebPage(PlatformStandIn):
    """Lists of eight with older pages behind them; every page shows a clock, a counter and a menu.

    `soft` holds the handles of sites that answer 200 to addresses that they don't know.
    """

    platform: ClassVar[str] = "webpage"
    origins: ClassVar[tuple[str, ...]] = (_ROOT,)

    soft: set[str] = field(default_factory=set)
    visitors: "count[int]" = field(default_factory=lambda: count(1))

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/robots.txt", self.routed(lambda _: PlainTextResponse("User-agent: *\nAllow: /\n"))),
            Route("/{handle}/berita", self.routed(self._list)),
            Route("/{handle}/berita/detail/{number:int}/{slug}", self.routed(self._page)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_ROOT}/{speaker.handle}/berita"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return self._link(speaker, written).removeprefix("https://")

    def limited(self) -> Response:
        return HTMLResponse("<h1>Terlalu banyak permintaan</h1>", 429, {"Retry-After": "1800"})

    def _list(self, request: Request) -> Response:
        speaker = self.speakers.get(request.path_params["handle"].lower())
        if speaker is None:
            return HTMLResponse("<h1>404</h1>", 404)
        page = int(request.query_params.get("page") or 1)
        shown = speaker.newest(page * _PAGE)[(page - 1) * _PAGE :]
        items = "".join(
            f'<div class="card"><a href="{self._link(speaker, post)}?ref=daftar"><h3>{escape(_heading(post))}</h3></a>'
            f"<small>{_date(post)}</small></div>"
            for post in shown
        )
        older = f'<a href="?page={page + 1}">Selanjutnya</a>' if len(speaker.posts) > page * _PAGE else ""
        return self._html(speaker, "Berita", f'<h1>Berita</h1>{items}<div class="pagination">{older}</div>')

    def _page(self, request: Request) -> Response:
        speaker = self.speakers.get(request.path_params["handle"].lower())
        number = request.path_params["number"]
        post = next((post for post in speaker.posts if post.number == number), None) if speaker else None
        if speaker is None or post is None:
            is_soft = request.path_params["handle"].lower() in self.soft
            return HTMLResponse("<title>404</title><h1>Halaman tidak ditemukan</h1>", 200 if is_soft else 404)
        pictures = "".join(map(_figure, post.pictures))
        link = f'<p><a href="{escape(post.link)}">{escape(post.link)}</a></p>' if post.link else ""
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in post.text.split("\n") if line.strip())
        article = (
            f'<h1>{escape(_heading(post))}</h1><div class="meta"><span>{_date(post)}</span> | <span>Humas</span> | '
            f'<span class="views">Dibaca {next(self.visitors)} kali</span></div>'
            f'<div class="isi-berita">{pictures}{paragraphs}<p>Demikian kabar dari {escape(speaker.name)} untuk warga '
            f'Kota Tirtasari.</p>{link}</div><div class="share"><a href="https://wa.example/">Bagikan</a></div>'
        )
        return self._html(speaker, _heading(post), article)

    def _html(self, speaker: Speaker, title: str, body: str) -> Response:
        home = f"{_ROOT}/{speaker.handle}"
        menu = "".join(
            f'<li><a href="{home}/profil/{name}">{name.title()}</a></li>' for name in ("visi-misi", "struktur")
        )
        return HTMLResponse(
            f'<!DOCTYPE html><html lang="id"><head><title>{escape(title)} - {escape(speaker.name)}</title>'
            f'<meta name="csrf-token" content="{next(self.visitors)}"></head><body>'
            f'<div class="topbar">{self.now().astimezone(_WIB):%d-%m-%Y %H:%M:%S}</div>'
            f'<nav><ul><li><a href="{home}/berita">Berita</a></li>{menu}</ul></nav><div class="container">{body}</div>'
            f"<footer>Pengunjung: {next(self.visitors)}</footer></body></html>"
        )

    def _link(self, speaker: Speaker, post: Written) -> str:
        return f"{_ROOT}/{speaker.handle}/berita/detail/{post.number}/kabar-{post.number}"


def _heading(post: Written) -> str:
    return post.title or f"Kabar nomor {post.number} untuk warga kota"


def _figure(picture: Picture) -> str:
    alt = "" if picture.alt is None else f' alt="{escape(picture.alt)}"'
    return f'<figure><img src="{escape(picture.url)}"{alt} width="{picture.width}" height="{picture.height}"></figure>'


def _date(post: Written) -> str:
    local = post.published_at.astimezone(_WIB)
    return f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year} {local:%H:%M} WIB"
