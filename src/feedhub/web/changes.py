"""Every public change in commit order, for whoever asks again and again; with `wait`, when there is one.

The route itself never waits: it says how long its asker would, and the front does, holding no session.
"""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.accounts.account import Publisher
from feedhub.store.changes import Changes, changes_after
from feedhub.store.register import kept_register
from feedhub.store.session import ReadSession
from feedhub.views.api_changes import changes_page
from feedhub.web.copies import PATIENCE
from feedhub.web.headers import REVALIDATED
from feedhub.web.place import Place, read_place, refuse_far_ahead
from feedhub.web.state import State, register, state

router = APIRouter(prefix="/api/v1")

_IN_THREAD = 50  # changes whose writing would hold up other answers


@router.get("/changes")
async def changes(request: Request) -> Response:
    here = state(request)
    place = read_place(request.query_params, await register(request))
    found, publisher = await here.store.read(found_after, place, place.after)
    refuse_far_ahead(place.after, found)
    body = await _written(here, place, found, publisher)
    return Response(body, headers=_headers(place, found), media_type="application/json")


def found_after(session: ReadSession, place: Place, after: int) -> tuple[Changes, Publisher]:
    """The next changes of a follower, and whose they are."""
    found = changes_after(session, after, most=place.limit, filters=place.filters)
    return found, kept_register(session).publisher


async def _written(here: State, place: Place, found: Changes, publisher: Publisher) -> bytes:
    next_url = f"{here.public_url}/api/v1/changes{place.query(found.through)}"

    def write() -> bytes:
        return changes_page(
            found.posts,
            latest=found.latest,
            publisher=publisher,
            public_url=here.public_url,
            next_url=next_url,
            fragments=None if place.as_ninjs else here.fragments,
        )

    return await asyncio.to_thread(write) if len(found.posts) > _IN_THREAD else write()


def _headers(place: Place, found: Changes) -> dict[str, str]:
    """Whoever waits must not be given what a cache kept from an earlier wait."""
    if not place.wait:
        return {}
    is_all = not found.posts and found.through >= found.latest
    return {"Cache-Control": REVALIDATED} | ({PATIENCE: str(place.wait)} if is_all else {})
