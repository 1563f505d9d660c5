"""Whether this process lives, and whether it can answer."""

import asyncio

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from feedhub.errors import StoreBusy
from feedhub.store.clock import ClockReading, clock_now
from feedhub.web.headers import NOT_CACHED
from feedhub.web.state import State, state

router = APIRouter()

LIVE = ("/livez", "/readyz", "/metrics")
_PATIENCE = 2.0  # seconds for the store to answer a question of one row
_HEADERS = {"Cache-Control": NOT_CACHED}


@router.get("/livez")
async def livez() -> Response:
    return PlainTextResponse("ok\n", headers=_HEADERS)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    reading = await _store_answers(state(request))
    body = orjson.dumps({"status": "ready", "clock": reading.number})
    return Response(body, headers=_HEADERS, media_type="application/json")


async def _store_answers(here: State) -> ClockReading:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await here.store.read(clock_now)
    except TimeoutError:
        raise StoreBusy("The database does not answer.") from None
