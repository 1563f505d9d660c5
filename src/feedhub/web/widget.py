"""What other sites put into theirs: the element's script, the frame, and how to use them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.errors import NotReleased
from feedhub.views import pages
from feedhub.views.embed import embed_page, fragment
from feedhub.views.page_template import STATIC
from feedhub.views.widget_look import frame_sheet, looks
from feedhub.views.widget_versions import NEWEST, released_script
from feedhub.web.pages import site_of
from feedhub.web.state import register
from feedhub.web.widget_lists import wanted_list

router = APIRouter(default_response_class=HTMLResponse)

# v1 moves, so sites must see a mended script within hours, and may use the old one while we are away.
_MOVING = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
_FIXED = "public, max-age=31536000, immutable"


@router.get("/widget")
async def widget(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(pages.widget_page(site_of(request, known), known.departments))


@router.get("/widget/{version}/feedhub.js")
async def script(version: str) -> Response:
    moves = version == f"v{NEWEST.partition('.')[0]}"
    body = released_script(NEWEST if moves else version)
    if body is None:
        raise NotReleased(version, newest=NEWEST)
    headers = {"Cache-Control": _MOVING if moves else _FIXED, "Timing-Allow-Origin": "*"}
    return Response(body, headers=headers, media_type=STATIC["feedhub.js"])


@router.get("/widget/frame.css")
async def sheet(request: Request) -> Response:
    return Response(frame_sheet(looks(request.query_params)), headers={"Cache-Control": _MOVING}, media_type="text/css")


@router.get("/embed")
async def embed(request: Request) -> Response:
    known = await register(request)
    site, look = site_of(request, known), looks(request.query_params)
    shown = await wanted_list(request, site, known, level=2)  # below the page's own
    page = embed_page(
        site, shown, look=[(name.removeprefix("--feedhub-"), value.strip("#px")) for name, value in look.items()]
    )
    return HTMLResponse(page)


@router.get("/fragment")
async def included(request: Request) -> Response:
    known = await register(request)
    site = site_of(request, known)
    return HTMLResponse(fragment(site, await wanted_list(request, site, known)))
