"""Following: the page of every way, and the codes that lead to it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.errors import NotKnown
from feedhub.store.telegram import public_channels
from feedhub.views.page_follow import Follow, MailOffer, follow_page
from feedhub.views.page_links import page_path
from feedhub.views.qr import qr_png, qr_svg
from feedhub.web.pages import site_of
from feedhub.web.query import read_known_filters
from feedhub.web.state import register, state

router = APIRouter()

_CODES = {"svg": (qr_svg, "image/svg+xml"), "png": (qr_png, "image/png")}
_LONGEST_SERVER = 300  # characters of what somebody typed


@router.get("/follow", response_class=HTMLResponse)
async def follow(request: Request) -> Response:
    known = await register(request)
    server = request.query_params.get("server", "")[:_LONGEST_SERVER]
    given = Follow(filters=read_known_filters(request.query_params, known), server=server)
    here = state(request)
    offer = MailOffer(alerting=here.alerting) if here.sends_mail else None
    told = await here.store.read(public_channels)
    site = site_of(request, known)
    return HTMLResponse(follow_page(site, given, known.departments, known.accounts, mail=offer, channels=told))


@router.get("/follow/qr.{name}")
async def code(request: Request, name: str) -> Response:
    """Of our own page alone: whoever scans it must land here."""
    if name not in _CODES:
        raise NotKnown("form of a code", name)
    known, (drawn, media_type) = await register(request), _CODES[name]
    chosen = page_path("/follow", read_known_filters(request.query_params, known))
    return Response(drawn(site_of(request, known).url(chosen)), media_type=media_type)
