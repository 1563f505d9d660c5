"""The page for developers, and the kit that they take along."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.views.kit import MEDIA_TYPE, kit_archive
from feedhub.views.page_developers import developers_page
from feedhub.web.pages import site_of
from feedhub.web.state import register

router = APIRouter()


@router.get("/developers", response_class=HTMLResponse)
async def developers(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(developers_page(site_of(request, known), known))


@router.get("/developers/kit.zip")
async def kit() -> Response:
    return Response(kit_archive(), media_type=MEDIA_TYPE)
