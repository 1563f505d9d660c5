"""What other sites put into theirs: the element's script, the frame, and how to use them."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.errors import NotReleased
from feedhub.views import pages
from feedhub.views.embed import embed_page
from feedhub.views.page_template import STATIC
from feedhub.views.widget_versions import NEWEST, released_script
from feedhub.web.addresses import page_address
from feedhub.web.pages import list_of, site_of
from feedhub.web.query import read_known_filters
from feedhub.web.state import register

router = APIRouter(default_response_class=HTMLResponse)

# v1 moves, so sites must see a mended script within hours, and may use the old one while we are away.
_MOVING = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
_FIXED = "public, max-age=31536000, immutable"
_IN_A_FRAME = 5  # posts, unless the address says how many


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


@router.get("/embed")
async def embed(request: Request) -> Response:
    known = await register(request)
    filters = read_known_filters(request.query_params, known)
    if "limit" not in request.query_params:
        filters = replace(filters, limit=_IN_A_FRAME)
    site, given = site_of(request, known), await list_of(request, filters, "/embed")
    return HTMLResponse(embed_page(site, given, all_path=page_address(filters)))
