"""What actors of the fediverse ask of ours: to follow, and to follow no more; and who they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import msgspec

from feedhub.connectors.activity_outbox import is_same_origin
from feedhub.connectors.activity_values import id_of, kinds, listed
from feedhub.connectors.http import Http
from feedhub.connectors.loose import text_in
from feedhub.failures import AccountGone, AccountUnsupported, ServerFailed, Unauthorized
from feedhub.posts.urls import canonical_url

# What a server shows as an activity or an actor; a picture or an upload of the same words is neither.
_TYPES = ("application/activity+json", "application/ld+json")
_decode = msgspec.json.Decoder().decode


class Act(StrEnum):
    """What of all that the fediverse says concerns us."""

    FOLLOW = "Follow"
    UNDO = "Undo"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedByActor:
    """An activity that concerns us. `whom` is the actor of ours that it names, "" where it names none.

    `follow` is the Follow that is meant, as it was said; its id alone where no more was said.
    """

    act: Act
    actor: str
    whom: str = ""
    follow: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """An actor of another server: where it is told, and its public keys by their ids."""

    id: str
    inbox: str
    shared_inbox: str | None
    keys: Mapping[str, str]


def asked_by_actor(body: bytes) -> AskedByActor | None:
    """What an activity asks of us; None where it is nothing of ours: replies, likes, what others delete.

    >>> asked_by_actor(b'{"type": "Follow", "actor": "https://a.example/w", "object": "https://k.example/ap/d"}').act
    <Act.FOLLOW: 'Follow'>
    >>> asked_by_actor(b'{"type": "Like", "actor": "https://a.example/w", "object": "https://k.example/ap/posts/1"}')
    """
    try:
        value = _decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    actor = id_of(value.get("actor")) if isinstance(value, dict) else ""
    if not isinstance(value, dict) or canonical_url(actor) is None:
        return None
    match kinds(value):
        case ("Follow",):
            return AskedByActor(act=Act.FOLLOW, actor=actor, whom=id_of(value.get("object")), follow=_brief(value))
        case ("Undo",):
            return _undone(actor, value.get("object"))
        case ("Delete",) if id_of(value.get("object")) == actor:
            return AskedByActor(act=Act.DELETE, actor=actor)
    return None


async def stranger(http: Http, id: str, *, headers: Mapping[str, str], now: datetime) -> Stranger:
    """The actor of this id, as its own server shows it.

    Raises:
        VisitFailed: its server can't be asked just now; AccountGone where it is no more, Unauthorized where
            it wants another signature.
        AccountUnsupported: something else stands there, or it would be told at somebody else's server.
    """
    answer = await http.ask(id, headers=headers, now=now)
    if answer.status in {HTTPStatus.GONE, HTTPStatus.NOT_FOUND}:
        raise AccountGone(f"{id} is no more.")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ServerFailed(f"{id}: its server answers {answer.status}.")
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise Unauthorized(f"{id}: its server does not take our signature.")
    if answer.status != HTTPStatus.OK or not _is_activity(answer.headers.get("content-type", "")):
        raise AccountUnsupported(f"{id} shows no actor: {answer.status}.")
    try:
        value = _decode(answer.body)
    except (msgspec.DecodeError, RecursionError):
        raise AccountUnsupported(f"{id} is no JSON.") from None
    if not isinstance(value, dict) or id_of(value) != id or not is_same_origin(id, answer.url):
        raise AccountUnsupported(f"{id} shows another actor.")
    return _stranger(id, value)


def _stranger(id: str, value: Mapping[str, Any]) -> Stranger:
    inbox = canonical_url(text_in(value, "inbox") or "")
    if inbox is None or not is_same_origin(id, inbox):
        raise AccountUnsupported(f"{id} has no inbox on its own server.")
    endpoints = value.get("endpoints")
    shared = canonical_url(text_in(endpoints, "sharedInbox") or "") if isinstance(endpoints, dict) else None
    keys = {
        id_of(key): pem
        for key in listed(value.get("publicKey"))
        if isinstance(key, dict) and (pem := text_in(key, "publicKeyPem")) and id_of(key.get("owner")) in {"", id}
    }
    return Stranger(
        id=id, inbox=inbox, shared_inbox=shared if shared and is_same_origin(id, shared) else None, keys=keys
    )


def _undone(actor: str, follow: object) -> AskedByActor | None:
    """`Undo` of a Follow; by its id alone it may be one."""
    if isinstance(follow, dict):
        whom = id_of(follow.get("object"))
        return (
            AskedByActor(act=Act.UNDO, actor=actor, whom=whom, follow=_brief(follow))
            if kinds(follow) == ("Follow",)
            else None
        )
    return AskedByActor(act=Act.UNDO, actor=actor, follow={"id": follow}) if isinstance(follow, str) else None


def _brief(value: Mapping[str, Any]) -> dict[str, Any]:
    """A Follow as it is said back in our answer, and no more of it."""
    ids = {"id": id_of(value), "actor": id_of(value.get("actor")), "object": id_of(value.get("object"))}
    return {"type": "Follow"} | {name: id for name, id in ids.items() if id}


def _is_activity(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() in _TYPES
