"""The desk's acts by programs, with a key of the desk's scope: do, or propose where two people must want it."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints, ValidationError

from feedhub.errors import KeyTooNarrow, NotKnown, QuestionRefused, TooMuchSent
from feedhub.posts.acts import ActName, ActWanted, actor_of, public_reason
from feedhub.store.acting import (
    Acted,
    Proposal,
    confirm,
    open_proposals,
    owner_of,
    proposal_named,
    reject,
    submit,
)
from feedhub.store.api_keys import DESK
from feedhub.store.erasing import leaves_traces, scrub
from feedhub.store.times import iso
from feedhub.web.keys import Holder, holder
from feedhub.web.moments import read_moment
from feedhub.web.query import as_uuid
from feedhub.web.state import State, register, state

router = APIRouter(prefix="/api/v1/desk")

# Erasing by law also needs what only a command can do at once (docs/desk.md).
_BY_KEY = frozenset(ActName) - {ActName.ERASE}
_MOST_BYTES = 16 * 1024
_MOST_DIGITS = 18


class ActBody(BaseModel):
    """What is asked for. `id` is a post's, or for a stop and its lifting an account's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(max_length=64)]
    reason: Annotated[str, StringConstraints(max_length=5_000)] = ""
    redact: StrictBool = False
    since: Annotated[str, StringConstraints(max_length=64)] | None = None


@router.get("/proposals")
async def proposals(request: Request) -> Response:
    here, who, _ = await _asker(request)
    found = await here.store.read(open_proposals)
    return _json({"proposals": [_told(one) for one in found if who.may_post_for(one.department)]})


@router.post("/proposals/{id}/confirm")
async def confirm_proposal(request: Request, id: str) -> Response:
    here, who, _ = await _asker(request)
    wanted = await _proposal(here, who, id)
    done = await here.store.write(confirm, wanted.id, by_key=who.key.id, at=_moment(here))
    return await _finished(here, wanted.wanted, done)


@router.post("/proposals/{id}/reject")
async def reject_proposal(request: Request, id: str) -> Response:
    here, who, _ = await _asker(request)
    wanted = await _proposal(here, who, id)
    await here.store.write(reject, wanted.id, at=_moment(here))
    return _json({"state": "rejected", "entry": None, "proposal": wanted.id})


@router.post("/{name}")
async def act(request: Request, name: str) -> Response:
    here, who, body = await _asker(request)
    zone = ZoneInfo((await register(request)).publisher.time_zone)
    wanted = _wanted(name, body, zone)
    await _may_act(here, who, wanted)
    done = await here.store.write(
        submit,
        wanted,
        actor=actor_of(who.key.department),
        by_key=who.key.id,
        four_eyes=here.four_eyes,
        at=_moment(here),
    )
    return await _finished(here, wanted, done)


async def _asker(request: Request) -> tuple[State, Holder, bytes]:
    here, body = state(request), await _body(request)
    return here, await holder(request, here, body, scope=DESK), body


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise TooMuchSent(f"An act needs an id and a reason; it has at most {_MOST_BYTES // 1024} KiB.")
    return bytes(body)


def _wanted(name: str, body: bytes, zone: ZoneInfo) -> ActWanted:
    """The act that is asked for.

    Raises:
        NotKnown: there is no such act.
        QuestionRefused: the field that can't be taken is named.
    """
    if name not in _BY_KEY:
        raise NotKnown("act", name)
    act = ActName(name)
    try:
        said = ActBody.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"]) or "body"
        raise QuestionRefused(field, f"The field {field} can't be taken: {fault['msg']}.") from None
    if (id := as_uuid(said.id)) is None:
        raise QuestionRefused("id", "id must be that of a post, or of an account where it is stopped or let go.")
    reason = "" if act is ActName.LIFT and not said.reason else public_reason(said.reason)
    return ActWanted(name=act, id=id, reason=reason, redact=_redact(act, said), since=_since(act, said, zone))


def _redact(act: ActName, said: ActBody) -> bool:
    if said.redact and act is not ActName.CORRECT:
        raise QuestionRefused("redact", "Only a correction can redact what was said earlier.")
    return said.redact


def _since(act: ActName, said: ActBody, zone: ZoneInfo) -> datetime | None:
    if act is not ActName.STOP:
        if said.since is not None:
            raise QuestionRefused("since", "Only a stop counts since a moment.")
        return None
    if (moment := read_moment(said.since or "", zone)) is None:
        raise QuestionRefused("since", "since must say since when a stop counts, as 2026-11-27T14:00:00+07:00.")
    return moment


async def _may_act(here: State, who: Holder, wanted: ActWanted) -> None:
    """Raises NotKnown, KeyTooNarrow."""
    department = (await here.store.read(owner_of, wanted)).department
    if not who.may_post_for(department):
        raise KeyTooNarrow(f"The key {who.key.name!r} may not act for {department}.")


async def _proposal(here: State, who: Holder, id: str) -> Proposal:
    """A proposal that this key may decide about. Raises NotKnown, KeyTooNarrow."""
    if not (id.isascii() and id.isdigit() and len(id) <= _MOST_DIGITS):
        raise NotKnown("open proposal", id[:20])
    found = await here.store.read(proposal_named, int(id))
    await _may_act(here, who, found.wanted)
    return found


async def _finished(here: State, wanted: ActWanted, done: Acted) -> Response:
    if done.entry and leaves_traces(wanted):
        await asyncio.to_thread(scrub, here.store)
    return _answer(done)


def _moment(here: State) -> datetime:
    return here.now().replace(microsecond=0)


def _answer(done: Acted) -> Response:
    return _json(done.told(), HTTPStatus.ACCEPTED if done.proposal is not None else HTTPStatus.OK)


def _told(proposal: Proposal) -> dict[str, object]:
    wanted = proposal.wanted
    return {
        "id": proposal.id,
        "act": wanted.name.value,
        "subject": str(wanted.id),
        "department": proposal.department,
        "reason": wanted.reason,
        "redact": wanted.redact,
        "since": iso(wanted.since),
        "actor": proposal.actor,
        "at": iso(proposal.at),
    }


def _json(told: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(told), status, media_type="application/json")
