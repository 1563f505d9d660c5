"""The pages that explain, and the one that tells what the city corrected."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.errors import QuestionRefused
from feedhub.store.acts import act_counts, notices
from feedhub.store.facts import account_rhythms, described_pictures
from feedhub.store.register import kept_register
from feedhub.store.session import ReadSession
from feedhub.store.visits import account_states
from feedhub.views.page_acts import corrections_page
from feedhub.views.page_words import Figures, about_page, ethics_page, newsrooms_page, privacy_page, webmasters_page
from feedhub.web.pages import site_of
from feedhub.web.state import register, state

router = APIRouter(default_response_class=HTMLResponse)

_A_PAGE = 50  # acts
_MOST_DIGITS = 18


@router.get("/about")
async def about(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(about_page(site_of(request, known), known, state(request).contact))


@router.get("/privacy")
async def privacy(request: Request) -> Response:
    here, known = state(request), await register(request)
    page = privacy_page(site_of(request, known), known, here.contact, here.picture_mode, mail=here.sends_mail)
    return HTMLResponse(page)


@router.get("/newsrooms")
async def newsrooms(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(newsrooms_page(site_of(request, known), known, state(request).contact))


@router.get("/webmasters")
async def webmasters(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(webmasters_page(site_of(request, known), known, state(request).contact))


@router.get("/ethics")
async def ethics(request: Request) -> Response:
    here, known = state(request), await register(request)
    figures = await here.store.read(_figures, now=here.now())
    return HTMLResponse(ethics_page(site_of(request, known), known, figures))


@router.get("/corrections")
async def corrections(request: Request) -> Response:
    before = _before(request.query_params.get("before"))
    # One more than the page holds says that there are older ones.
    found = await state(request).store.read(notices, before=before, most=_A_PAGE + 1)
    shown, has_more = found[:_A_PAGE], len(found) > _A_PAGE
    site, older = site_of(request, await register(request)), shown[-1].change if has_more else None
    return HTMLResponse(corrections_page(site, shown, older=older, is_newest=before is None))


def _figures(session: ReadSession, *, now: datetime) -> Figures:
    """What the ethics page counts; the year is the publisher's."""
    local = now.astimezone(ZoneInfo(kept_register(session).publisher.time_zone))
    new_year = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    delivering = {one.account.id for one in account_states(session) if one.delivering}
    rhythms = account_rhythms(session)
    silent = sum(1 for id in delivering if rhythms[id].silent_since(now))
    return Figures(
        year=local.year,
        acts=act_counts(session, since=new_year),
        described=described_pictures(session, now=now),
        delivering=len(delivering) - silent,
        silent=silent,
    )


def _before(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise QuestionRefused("before", "before must be a change number, as the page's own links have it.")
    return int(text)
