"""What became of a Bluesky account or record: refusals, takedowns, and what the account's own server says.

atproto.com/specs/account; com.atproto.sync.getRepoStatus; atproto.com/specs/did.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from feedhub.connectors.api import Said, ask, refused
from feedhub.connectors.contract import Limits
from feedhub.connectors.http import Http
from feedhub.connectors.loose import record_in, records_in, text_in
from feedhub.failures import (
    AccountGone,
    AccountSuspended,
    BadAnswer,
    NotFound,
    RateLimited,
    TokenExpired,
    TokenRefused,
    VisitFailed,
)
from feedhub.posts.dates import read_date

DID = re.compile(r"did:(?:plc|web):[A-Za-z0-9.:%-]+")

_DIRECTORY = "https://plc.directory"
_RENAMED = "Check the handle at bsky.app: it may have been renamed. A DID instead of a handle never changes."
_WAITS = "Ask the department whether it knows. Its posts stay as they are; FeedHub goes on when the account is back."
_REFUSALS: Mapping[str, tuple[type[VisitFailed], str, str]] = {
    "AccountTakedown": (AccountSuspended, "Bluesky took {} down.", _WAITS),
    "AccountDeactivated": (AccountSuspended, "The owner of {} deactivated it.", _WAITS),
    "RepoTakendown": (AccountSuspended, "The server of {} took it down.", _WAITS),
    "RepoSuspended": (AccountSuspended, "The server of {} suspended it.", _WAITS),
    "RepoDeactivated": (AccountSuspended, "The owner of {} deactivated it.", _WAITS),
    "RepoNotFound": (NotFound, "Its server has no account {}.", _RENAMED),
    "RecordNotFound": (NotFound, "The server of {} no longer has that record.", _RENAMED),
    "ExpiredToken": (TokenExpired, "The session for {} is over.", TokenExpired.remedy),
    "InvalidToken": (TokenRefused, "The session for {} is refused.", TokenRefused.remedy),
}
# com.atproto.sync.getRepoStatus, where `active` is false.
_STATUSES: Mapping[str, tuple[type[VisitFailed], str, str]] = {
    "takendown": (AccountSuspended, "The server of {} took it down.", _WAITS),
    "suspended": (AccountSuspended, "The server of {} suspended it.", _WAITS),
    "deactivated": (AccountSuspended, "The owner of {} deactivated it.", _WAITS),
    "deleted": (AccountGone, "The owner of {} deleted it.", AccountGone.remedy),
}


async def explained(http: Http, root: str, said: Said, actor: str, *, now: datetime) -> VisitFailed:
    """The AppView calls unknown, deactivated and taken-down accounts alike "not found": others know more."""
    failure = refusal(said, actor)
    if not isinstance(failure, NotFound):
        return failure
    profile = await ask(http, f"{root}/xrpc/app.bsky.actor.getProfile", query={"actor": actor}, now=now)
    if text_in(profile.value, "error") in _REFUSALS:
        return refusal(profile, actor)
    if DID.fullmatch(actor):
        try:
            await active_server(http, root, actor, now=now, asks_profile=False)
        except (AccountSuspended, AccountGone) as word:
            return word
    return failure


async def active_server(http: Http, root: str, did: str, *, now: datetime, asks_profile: bool = True) -> str | None:
    """The account's own server, which says that the account is active; None where its DID names no server.

    Raises:
        VisitFailed: it is not active, or nobody can be asked.
    """
    if asks_profile:
        profile = await ask(http, f"{root}/xrpc/app.bsky.actor.getProfile", query={"actor": did}, now=now)
        if not profile.is_ok:
            raise refusal(profile, did)
    kind, _, name = did.removeprefix("did:").partition(":")
    document = f"https://{name}/.well-known/did.json" if kind == "web" else f"{_DIRECTORY}/{quote(did, safe=':')}"
    said = await ask(http, document, now=now)
    services = records_in(said.value, "service")
    server = next(
        (text_in(one, "serviceEndpoint") for one in services if text_in(one, "id").endswith("#atproto_pds")), ""
    )
    if not server:
        return None
    said = await ask(http, f"{server.rstrip('/')}/xrpc/com.atproto.sync.getRepoStatus", query={"did": did}, now=now)
    if not said.is_ok:
        raise refusal(said, did)
    if record_in(said.value).get("active") is not True:
        raise inactive(said, did)
    return server.rstrip("/")


async def is_without(http: Http, server: str, uri: str, *, now: datetime) -> bool:
    did, collection, key = uri.removeprefix("at://").split("/", 2)
    query = {"repo": did, "collection": collection, "rkey": key}
    said = await ask(http, f"{server}/xrpc/com.atproto.repo.getRecord", query=query, now=now)
    return text_in(said.value, "error") == "RecordNotFound"


def inactive(said: Said, named: str) -> VisitFailed:
    status = text_in(said.value, "status")
    kind, reason, remedy = _STATUSES.get(status, (BadAnswer, "The server of {} does not call it active.", _WAITS))
    return kind(reason.format(named), remedy=remedy)


def refusal(said: Said, named: str) -> VisitFailed:
    """What `{"error": …, "message": …}` means (atproto.com/specs/xrpc#error-responses)."""
    error, message = text_in(said.value, "error"), text_in(said.value, "message")
    if error in _REFUSALS:
        kind, reason, remedy = _REFUSALS[error]
        return kind(reason.format(named), remedy=remedy)
    if said.status == HTTPStatus.TOO_MANY_REQUESTS:
        found = limits(said)
        host = urlsplit(said.answer.url).netloc
        retry_at = found.resets_at if found else said.answer.retry_at
        return RateLimited(f"{host} asks FeedHub to come back later.", retry_at=retry_at)
    if error == "InvalidRequest" and ("not found" in message or "not find repo" in message):
        return NotFound(f"Bluesky knows no account {named}.", remedy=_RENAMED)
    if error == "InvalidRequest" and "actor must be" in message:
        return NotFound(f"{named!r} is neither a handle nor a DID.", remedy="Register the address of its profile.")
    return refused(said)


def limits(said: Said) -> Limits | None:
    """RateLimit-Remaining and -Reset, which is in epoch seconds."""
    left, resets_at = said.header("ratelimit-remaining") or "", said.header("ratelimit-reset") or ""
    if not left.isdecimal() or not (moment := read_date(resets_at)):
        return None
    return Limits(left=int(left), resets_at=moment)
