"""The changes as server-sent events (WHATWG HTML section 9.2), for as long as a quarter of an hour."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from feedhub.errors import TooManyFollowers
from feedhub.web.asked import canonical_query
from feedhub.web.changes import found_after
from feedhub.web.event_stream import EventStream
from feedhub.web.headers import PREFLIGHT
from feedhub.web.place import OF_ACCOUNTS, Place, is_ninjs, read_after, read_narrowing, refuse_far_ahead, whole_number
from feedhub.web.query import refuse_unknown
from feedhub.web.state import State, register, state

router = APIRouter(prefix="/api/v1")

_LAST = "Last-Event-ID"


@router.api_route("/stream", methods=["GET", "HEAD"])
async def stream(request: Request) -> Response:
    here = state(request)
    if here.streams.is_full:
        raise TooManyFollowers
    place = await _place(request, here)
    found, _ = await here.store.read(found_after, place, place.after)
    refuse_far_ahead(place.after, found)
    return EventStream(here, place)


@router.options("/stream")
async def options() -> Response:
    headers = {name.decode(): value.decode() for name, value in PREFLIGHT if name != b"content-length"}
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


async def _place(request: Request, here: State) -> Place:
    """Where the reader was before its line broke, else where it asks to begin, else now."""
    asked, known = QueryParams(canonical_query(request.scope["query_string"])), await register(request)
    refuse_unknown(asked, (*OF_ACCOUNTS, "after", "format"))
    after = read_after(asked) if "after" in asked else (await here.clock.reading()).number
    if said := request.headers.get(_LAST, "").strip():
        after = whole_number(QueryParams({_LAST: said}), _LAST, usual=0, least=0, most=2**62)
    return Place(after=after, filters=read_narrowing(asked, known), as_ninjs=is_ninjs(asked))
