"""Where the pictures of the platforms' posts are served from: the city's own, on loopback."""

import asyncio
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedhub.accounts.account import Platform
from feedhub_demo.articles import alt_texts, picture_of
from feedhub_demo.platforms.writing import Picture, Speaker
from feedhub_demo.scenes.drawing import SHAPES, drawn
from feedhub_demo.words import Telling

_DEFAULT = "1280x853"
_TALL, _SQUARE, _WIDE, _UPRIGHT = "1080x1350", "1080x1080", "1280x720", "720x1280"
_ON_CARDS = frozenset({"layanan", "jadwal", "pengumuman", "penutupan", "imunisasi", "agenda", "bantuan"})
_CARDED = frozenset({Platform.INSTAGRAM, Platform.FACEBOOK, Platform.TELEGRAM, Platform.LINKEDIN, Platform.THREADS})
_drawing = asyncio.Semaphore(1)  # pictures are drawn one after the other: the city must not slow FeedHub down


def pictures_app() -> Starlette:
    """`/media/NAME` or, for pictures with words on them, `/media/NAME/DEPARTMENT/SPEAKER/TITLE`, each ends in `.jpg`."""
    return Starlette(
        routes=[Route("/media/{name}", _picture), Route("/media/{name}/{department}/{speaker}/{title:path}", _picture)]
    )


async def picture(name: str, *, title: str = "", speaker: str = "", department: str = "") -> bytes | None:
    """A picture's JPEG, by its name."""
    async with _drawing:
        return await asyncio.to_thread(
            drawn, name.replace(".jpg", ""), title=title, speaker=speaker, department=department
        )


def pictured(telling: Telling, platform: Platform, media: str, speaker: Speaker) -> tuple[Picture, ...]:
    """The pictures of what is told, or the film that it is; on YouTube the picture that stands for it comes first.

    On some platforms departments put what they announce on a card.
    """
    shape = _shape(telling, platform)
    wide, high = SHAPES[shape]
    is_card = telling.seconds is None and platform in _CARDED and not _ON_CARDS.isdisjoint(telling.words.tags)
    stills = []
    for place, scene in enumerate(telling.words.pictures):
        name, alt = picture_of(scene, telling.text, shape), alt_texts().get(scene)
        if place == 0 and (telling.seconds or (is_card and len(telling.text) % 2)):
            kind = "" if telling.seconds else "kartu-"
            told = "/".join(quote(part, safe="") for part in (speaker.department, speaker.name, telling.heading))
            name = f"{kind}{name.removesuffix('.jpg')}/{told}.jpg"
            alt = f"Kartu informasi: {telling.heading}" if kind and alt else alt
        stills.append(Picture(url=f"{media}/{name}", alt=alt, width=wide, height=high))
    if telling.seconds is None:
        return tuple(stills)
    film = Picture(url=stills[0].url, alt=stills[0].alt, width=wide, height=high, seconds=telling.seconds)
    return (stills[0], film) if platform is Platform.YOUTUBE else (film,)


def _shape(telling: Telling, platform: Platform) -> str:
    if platform is Platform.INSTAGRAM:
        return _TALL if len(telling.text) % 3 else _SQUARE
    return {Platform.YOUTUBE: _WIDE, Platform.TIKTOK: _UPRIGHT}.get(platform, _DEFAULT)


async def _picture(request: Request) -> Response:
    said = request.path_params
    title = said.get("title", "").replace(".jpg", "")
    body = await picture(
        said["name"], title=title, speaker=said.get("speaker", ""), department=said.get("department", "")
    )
    if body is None:
        return Response("Tidak ditemukan", status_code=404)
    return Response(body, media_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})
