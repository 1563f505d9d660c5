"""The public log: a page, a feed, JSON that anybody can check, and the receipts of those who were told."""

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.errors import NotKnown, QuestionRefused
from feedhub.posts.chain import Head, LoggedAct
from feedhub.store.acknowledge_links import read_acknowledge_link
from feedhub.store.acknowledging import acknowledge
from feedhub.store.log import act_named, acts_after, log_head, newest_acts
from feedhub.store.session import ReadSession
from feedhub.views.log_atom import MEDIA_TYPE, render_log
from feedhub.views.page_log import acknowledge_page, acknowledged_page, log_page
from feedhub.web.keys import key_of
from feedhub.web.pages import site_of
from feedhub.web.query import refuse_unknown
from feedhub.web.state import clock, register, state

router = APIRouter()

_A_PAGE = 50  # acts
_NEWEST = 100  # acts in the feed
_MOST = 1_000  # acts in one answer of the API
_MOST_DIGITS = 18


@router.get("/log")
async def log(request: Request) -> Response:
    before = _number(request.query_params.get("before"), "before")
    # One more than the page holds says that there are older ones.
    found, head = await state(request).store.read(_newest, before=before, most=_A_PAGE + 1)
    known = await register(request)
    return HTMLResponse(
        log_page(
            site_of(request, known),
            found[:_A_PAGE],
            head=head,
            departments={one.slug for one in known.departments},
            older=found[_A_PAGE - 1].entry.number if len(found) > _A_PAGE else None,
            is_newest=before is None,
        )
    )


@router.get("/log.atom")
async def log_feed(request: Request) -> Response:
    refuse_unknown(request.query_params, ())
    found, head = await state(request).store.read(_newest, before=None, most=_NEWEST)
    begun = (await clock(request)).at
    site = site_of(request, await register(request))
    return Response(render_log(site, found, head=head, begun=begun), media_type=MEDIA_TYPE)


@router.get("/api/v1/log")
async def log_entries(request: Request) -> Response:
    query = request.query_params
    refuse_unknown(query, ("after", "limit"))
    after = _number(query.get("after"), "after") or 0
    most = _limit(query.get("limit"))
    found, head = await state(request).store.read(_after, after, most=most)
    told = _page(found, head, most=most, address=state(request).public_url + "/api/v1/log")
    return Response(orjson.dumps(told), media_type="application/json")


@router.post("/api/v1/log/{number}/acknowledge")
async def acknowledge_by_key(request: Request, number: str) -> Response:
    here = state(request)
    key = await key_of(request, here)
    wanted = _number(number, "number") or 0
    if not await here.store.write(acknowledge, wanted, key.id, at=here.now()):
        raise NotKnown("act", number)
    act = await here.store.read(act_named, wanted)
    return Response(orjson.dumps(act.as_json() if act else None), media_type="application/json")


@router.get("/acknowledge/{token}")
async def ask(request: Request, token: str) -> Response:
    act, _ = await _told_of(request, token)
    # Mail programs and their guards open every link by themselves, so only the button counts.
    return HTMLResponse(acknowledge_page(site_of(request, await register(request)), act))


@router.post("/acknowledge/{token}")
async def acknowledge_by_link(request: Request, token: str) -> Response:
    here, (act, key) = state(request), await _told_of(request, token)
    await here.store.write(acknowledge, act.entry.number, key, at=here.now())
    return HTMLResponse(acknowledged_page(site_of(request, await register(request)), act))


async def _told_of(request: Request, token: str) -> tuple[LoggedAct, int]:
    """The act and the key that a link names. Raises NotKnown."""
    here = state(request)
    link = read_acknowledge_link(token, here.secret)
    act = await here.store.read(act_named, link.act) if link else None
    if link is None or act is None:
        raise NotKnown("link", token[:12])
    return act, link.key


def _newest(session: ReadSession, *, before: int | None, most: int) -> tuple[tuple[LoggedAct, ...], Head]:
    return newest_acts(session, before=before, most=most), log_head(session)


def _after(session: ReadSession, after: int, *, most: int) -> tuple[tuple[LoggedAct, ...], Head]:
    return acts_after(session, after, most=most), log_head(session)


def _page(found: tuple[LoggedAct, ...], head: Head, *, most: int, address: str) -> dict[str, object]:
    is_last = not found or found[-1].entry.number == head.number
    return {
        "entries": [act.as_json() for act in found],
        "next": None if is_last else f"{address}?after={found[-1].entry.number}&limit={most}",
        "head": {"number": head.number, "hash": head.hash},
    }


def _limit(text: str | None) -> int:
    most = _number(text, "limit")
    if most is None:
        return _A_PAGE
    if not 1 <= most <= _MOST:
        raise QuestionRefused("limit", f"limit must be between 1 and {_MOST:,}.")
    return most


def _number(text: str | None, parameter: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise QuestionRefused(parameter, f"{parameter} must be a whole number, as the log's own links have it.")
    return int(text)
