"""What other sites put into theirs: the element's script, the frame, and how to use them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from feedhub.accounts.account import Register
from feedhub.errors import NotReleased
from feedhub.views.embed import embed_page, fragment
from feedhub.views.messages import LANGUAGES
from feedhub.views.page_template import STATIC
from feedhub.views.widget_builder import MOST, Choices, builder_page, preview_page, preview_sheet
from feedhub.views.widget_look import frame_sheet, looks
from feedhub.views.widget_versions import NEWEST, released_script
from feedhub.web.pages import site_of
from feedhub.web.query import read_known_filters
from feedhub.web.state import register
from feedhub.web.widget_lists import all_path, filters_of, read_wanted, wanted_list

router = APIRouter(default_response_class=HTMLResponse)

# v1 moves, so sites must see a mended script within hours, and may use the old one while we are away.
_MOVING = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
_FIXED = "public, max-age=31536000, immutable"


@router.get("/widget")
async def widget(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(builder_page(site_of(request, known), _choices(request, known), known.departments))


@router.get("/widget/preview")
async def preview(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(preview_page(site_of(request, known), _choices(request, known)))


@router.get("/widget/preview.css")
async def preview_style(request: Request) -> Response:
    return Response(preview_sheet(looks(request.query_params)), media_type="text/css")


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
    asked = [(name.removeprefix("--feedhub-"), value.strip("#px")) for name, value in look.items()]
    page = embed_page(site, shown, look=asked, speaks="speaks" in request.query_params)
    return HTMLResponse(page)


@router.get("/fragment")
async def included(request: Request) -> Response:
    known = await register(request)
    site = site_of(request, known)
    return HTMLResponse(fragment(site, await wanted_list(request, site, known)))


def _choices(request: Request, known: Register) -> Choices:
    """The builder's form. Its `language` is the widget's own, so it is no filter here."""
    query = request.query_params
    wanted, language = read_wanted(query), query.get("language")
    asked = QueryParams([(name, value) for name, value in query.multi_items() if name != "language"])
    filters = filters_of(asked, known, wanted)
    return Choices(
        departments=filters.departments,
        kinds=read_known_filters(asked, known).kinds,
        layout=wanted.layout,
        theme=wanted.theme,
        look=tuple(looks(query).items()),
        limit=min(filters.limit, MOST),
        language=language if language in LANGUAGES else None,
        all_path=all_path(filters, wanted),
    )
