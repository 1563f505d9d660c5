"""What other sites put into theirs: the element's script, the frame, and how to use them."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.views import pages
from feedhub.views.embed import embed_page
from feedhub.views.page_template import STATIC, static_file
from feedhub.web.addresses import page_address
from feedhub.web.pages import list_of, site_of
from feedhub.web.query import read_known_filters
from feedhub.web.state import register

router = APIRouter(default_response_class=HTMLResponse)

# v1 moves, so sites must see a mended script within hours, and may use the old one while we are away.
_SCRIPT = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
_IN_A_FRAME = 5  # posts, unless the address says how many


@router.get("/widget")
async def widget(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(pages.widget_page(site_of(request, known), known.departments))


@router.get("/widget/v1/feedhub.js")
async def script() -> Response:
    headers = {"Cache-Control": _SCRIPT, "Timing-Allow-Origin": "*"}
    return Response(static_file("feedhub.js"), headers=headers, media_type=STATIC["feedhub.js"])


@router.get("/embed")
async def embed(request: Request) -> Response:
    known = await register(request)
    filters = read_known_filters(request.query_params, known)
    if "limit" not in request.query_params:
        filters = replace(filters, limit=_IN_A_FRAME)
    site, given = site_of(request, known), await list_of(request, filters, "/embed")
    return HTMLResponse(embed_page(site, given, all_path=page_address(filters)))
