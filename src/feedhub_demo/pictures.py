"""Where the pictures of the platforms' posts are served from: the city's own, on loopback."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedhub.accounts.account import Platform
from feedhub_demo.articles import HERE, alt_texts, picture_type
from feedhub_demo.platforms.writing import Picture
from feedhub_demo.words import Telling


def pictures_app() -> Starlette:
    """`/media/NAME`; platforms show the still picture of a film as `NAME.jpg`."""
    return Starlette(routes=[Route("/media/{name}", _picture)])


def pictured(telling: Telling, platform: Platform, media: str) -> tuple[Picture, ...]:
    """The pictures of what is told, or the film that it is; on YouTube the picture that stands for it comes first."""
    stills = tuple(Picture(url=f"{media}/{name}", alt=alt_texts().get(name)) for name in telling.words.pictures)
    if telling.seconds is None:
        return stills
    film = Picture(url=stills[0].url, alt=stills[0].alt, seconds=telling.seconds)
    return (stills[0], film) if platform is Platform.YOUTUBE else (film,)


async def _picture(request: Request) -> Response:
    name = request.path_params["name"].removesuffix(".jpg")
    picture = HERE / "images" / name
    if picture.suffix != ".webp" or not picture.is_file():
        return Response("Tidak ditemukan", status_code=404)
    return Response(picture.read_bytes(), media_type=picture_type(name), headers={"Cache-Control": "max-age=3600"})
