"""Finding an actor of the fediverse and its outbox, and what refusals on the way mean."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from feedhub.accounts.account import Account
from feedhub.connectors.activity_outbox import is_same_origin
from feedhub.connectors.activity_values import id_of, is_web, kinds, words
from feedhub.connectors.api import Said, ask, refused
from feedhub.connectors.contract import Profile
from feedhub.connectors.exchange import origin_of
from feedhub.connectors.http import Http
from feedhub.connectors.loose import text_in
from feedhub.connectors.webfinger import actor_address
from feedhub.failures import (
    AccountSuspended,
    AccountUnsupported,
    BadAnswer,
    NotFound,
    RateLimited,
    Unauthorized,
    VisitFailed,
)

ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'

_ACTORS = frozenset({"Person", "Group", "Organization", "Service", "Application"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who speaks. `outbox` is where; `moved_to` another actor that it names as its new one."""

    id: str
    outbox: str
    profile: Profile
    moved_to: str = ""


async def asked(http: Http, url: str, *, now: datetime) -> Said:
    """The answer to a question for an object. Raises VisitFailed's children; BadAnswer for a page."""
    return await ask(http, url, headers={"Accept": ACCEPT}, now=now)


async def actor_of(http: Http, account: Account, known: str | None, *, now: datetime) -> Actor:
    """The account's actor: where it was, at the account's address, or where WebFinger says.

    Raises:
        VisitFailed: NotFound, AccountSuspended, AccountUnsupported, Unauthorized and those of the fetcher.
    """
    for address in filter(None, (known, account.url)):
        try:
            said = await asked(http, address, now=now)
        except BadAnswer:
            continue  # a page for people
        if said.status in {HTTPStatus.GONE, HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}:
            raise refusal_of(said)
        if said.is_ok and _ACTORS & {*kinds(said.value)}:
            return await _confirmed(http, said, now=now)
        if said.is_ok and "Tombstone" in kinds(said.value):
            raise AccountSuspended(f"{_host(said)} says that the account was deleted.")
        if said.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise refused(said)
    root, name = _place(account)
    address = await actor_address(http, root, name, now=now)
    said = await asked(http, address, now=now)
    if not said.is_ok:
        raise refusal_of(said)
    return await _confirmed(http, said, now=now)


def refusal_of(said: Said) -> VisitFailed:
    """What a server's refusal means; ActivityPub has no error bodies, the status is all."""
    host = _host(said)
    match said.status:
        case HTTPStatus.NOT_FOUND:
            return NotFound(f"{host} knows no such account.", remedy="Check the handle; it may have been renamed.")
        case HTTPStatus.GONE:
            return AccountSuspended(f"{host} says that the account was suspended or deleted.")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return Unauthorized(
                f"{host} answers only servers that sign their questions.",
                remedy="Ask the server's administrator to switch off authorized fetch (secure mode), or register its feed.",
            )
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(f"{host} asks FeedHub to come back later.", retry_at=said.answer.retry_at)
    return refused(said)


async def _confirmed(http: Http, said: Said, *, now: datetime) -> Actor:
    """The actor, in its own words: what another origin shows of it is only its address."""
    id = id_of(said.value)
    if is_web(id) and not is_same_origin(id, said.answer.url):
        said = await asked(http, id, now=now)
        if not said.is_ok:
            raise refusal_of(said)
    if id_of(said.value) != id or not is_same_origin(id, said.answer.url) or not _ACTORS & {*kinds(said.value)}:
        raise BadAnswer(f"{_host(said)} answers with something that is not the account.")
    return _actor(said.value, host=_host(said))


def _actor(value: dict[str, Any], *, host: str) -> Actor:
    outbox, id = id_of(value.get("outbox")), id_of(value)
    if value.get("suspended") is True:
        raise AccountSuspended(f"{host} suspended {id}.")
    if not is_web(outbox):
        raise AccountUnsupported(
            f"{host} shows no outbox of {id}.", remedy="This software lists no posts; register the account's feed."
        )
    handle = text_in(value, "preferredUsername")
    return Actor(
        id=id,
        outbox=outbox,
        profile=Profile(native_id=id, name=words(value, "name") or None, handle=handle or None),
        moved_to=id_of(value.get("movedTo")) or "",
    )


def _place(account: Account) -> tuple[str, str]:
    """Where WebFinger is asked, and for whom."""
    named, _, host = (account.handle or "").strip().removeprefix("@").partition("@")
    parts = [part for part in urlsplit(account.url or "").path.split("/") if part]
    shown = next((part for part in parts if part.startswith("@")), parts[-1] if parts else "")
    name, _, there = shown.removeprefix("@").partition("@")
    host = there or host
    root = account.own_origin or f"https://{account.host}"
    if host and host.lower() != origin_of(root).partition("://")[2]:
        root = f"https://{host.lower()}"
    if not (named or name):
        raise NotFound(f"{root} is not the address of an account.", remedy="Register its profile's address or handle.")
    return root, named or name


def _host(said: Said) -> str:
    return urlsplit(said.answer.url).netloc
