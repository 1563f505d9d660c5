"""ActivityPub (w3.org/TR/activitypub): WebFinger, actor, outbox; public objects only, unsigned.

For software without Mastodon's API: WordPress, PeerTube, Mobilizon, WriteFreely, Misskey, Friendica.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.activity_actor import Actor, actor_of, asked, refusal_of
from feedhub.connectors.activity_object import boost_post, object_post
from feedhub.connectors.activity_outbox import (
    Voice,
    entries_in,
    gone_in,
    is_collection,
    is_same_origin,
    told,
)
from feedhub.connectors.activity_values import id_of, is_web, kinds, listed, whole
from feedhub.connectors.api import MOST_ITEMS, Said, json_in, payloads_of, said_in
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Split, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.loose import record_in, text_in
from feedhub.errors import ItemUnreadable
from feedhub.failures import AccountSuspended, BadAnswer, NotFound, VisitFailed
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.post import Post

FIRST_PAGES = 5  # of an account never visited before
MOST_PAGES = 25  # after an outage: back to the last known entry, as far as this
MOST_ELSEWHERE = 20  # objects a visit that an outbox only names
_KNOWN = 60  # entries that the cursor remembers

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_CLOSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest page of an outbox, and how many entries the outbox says that it has."""

    page: Said
    total: int | None


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - public objects need none
    """The newest page of the outbox, and older ones back to a known entry.

    The cursor holds `actor`, `outbox` and the day on which they were `asked` for (the actor is
    asked again each day: it may be renamed, moved or gone), `known` (digests of the newest
    entries) and `hash` of the newest page, which is read again at each visit.

    Raises:
        VisitFailed: NotFound, AccountSuspended, AccountUnsupported, Unauthorized, RateLimited and those of the fetcher.
    """
    actor, cursor, newest = await _met(http, account, cursor, now=now)
    notes = (f"The account says that it moved to {actor.moved_to}.",) if actor and actor.moved_to else ()
    profile, seen = actor.profile if actor else None, blake2b(newest.page.answer.body, digest_size=16).hexdigest()
    if seen == cursor.get("hash"):
        return Batch(cursor=cursor, not_modified=True, profile=profile, notes=notes)
    pages = await _back_from(http, newest.page, cursor, now=now)
    entries = [entry for page in pages for entry in entries_in(page.value)]
    voice = Voice(actor=cursor["actor"], home=cursor["actor"])
    gone = gone_in(entries, voice)
    named = await _elsewhere(http, [told(entry, voice).elsewhere for entry in entries], now=now)
    context = {"actor": cursor["actor"]} | ({"gone": " ".join(gone)} if gone else {})
    # Of two payloads of one post the later one counts, and an outbox begins with the newest.
    found = [*((page, "outbox") for page in reversed(pages)), *((said, "object") for said in named)]
    return Batch(
        documents=tuple(said.document(form=form, now=now, **context) for said, form in found),
        cursor={**cursor, "known": _remembered(newest.page, cursor), "hash": seen},
        gone=gone,
        covers_since=_covered(pages, newest.total),
        profile=profile,
        notes=notes,
    )


async def check(
    http: Http,
    account: Account,  # noqa: ARG001 - an object is asked for at its own id
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,  # noqa: ARG001 - public objects need none
    now: datetime,
) -> Batch:
    """Single objects: a Tombstone, 410 or 404 at its own id is the server's word that one is gone.

    An id with a fragment is part of another document, and one that is no address can't be asked.
    """
    documents, gone = [], []
    for suspect in suspects:
        id = suspect.native_id
        if not is_web(id) or "#" in id:
            continue
        try:
            said = await asked(http, id, now=now)
        except BadAnswer:
            continue  # a page for people where an object should be
        if said.status in _GONE or (said.is_ok and "Tombstone" in kinds(said.value) and id_of(said.value) == id):
            gone.append(id)
        elif said.is_ok and id_of(said.value) == id and is_same_origin(id, said.answer.url):
            author = id_of(said.value.get("attributedTo")) or id_of(said.value.get("actor")) or id
            documents.append(said.document(form="object", now=now, actor=author))
        elif not said.is_ok and said.status not in _CLOSED:
            raise refusal_of(said)
    return Batch(documents=tuple(documents), gone=tuple(gone))


def split(document: Document) -> Split:
    """The posts of a page of an outbox, oldest first, or of one object.

    Raises:
        Unreadable: it is not JSON.
    """
    actor, gone = document.context.get("actor", ""), set(document.context.get("gone", "").split())
    # An object that was asked for by its id speaks for itself, from where it came.
    voice = Voice(actor=actor, home=document.url if document.form == "object" else actor)
    value = json_in(document)
    entries = [value] if document.form == "object" else entries_in(value)
    # Oldest first, so that of two versions of one object the later one counts; too many lose the oldest.
    said = [told(entry, voice) for entry in reversed(entries[:MOST_ITEMS])]
    versions = {id_of(one.post) or place: one.post for place, one in enumerate(said) if one.post is not None}
    posts = [post for id, post in versions.items() if id not in gone]
    found = payloads_of(posts, form="activitypub")
    own = {id_of(post) for post in posts}
    contexts = [{"actor": actor} | _own_parent(post, own) for post in posts]
    payloads = tuple(
        Payload(form=one.form, body=one.body, context=context)
        for one, context in zip(found.payloads, contexts, strict=True)
    )
    refused = [one.refused for one in said if one.refused]
    cut = (f"Only the newest {MOST_ITEMS} of {len(entries)} entries were taken.",) if len(entries) > MOST_ITEMS else ()
    notes = tuple(f"{refused.count(why)} of its entries are {why} and were left out." for why in dict.fromkeys(refused))
    return Split(payloads=payloads, notes=cut + notes)


def read(payload: Payload) -> Post:
    """The post that one object or Announce makes.

    Raises:
        ItemUnreadable: it has no id, or says nothing.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    said = said_in(payload)
    if not isinstance(said, dict):
        raise ItemUnreadable("This is no object.")
    return boost_post(said) if "Announce" in kinds(said) else object_post(said, payload.context)


connector = Connector(platform=Platform.ACTIVITYPUB, fetch=fetch, split=split, read=read, check=check)


async def _met(http: Http, account: Account, cursor: Cursor, *, now: datetime) -> tuple[Actor | None, Cursor, Newest]:
    """The actor (None where it was asked for today), the cursor that names its outbox, the newest page of that."""
    today = f"{now:%Y-%m-%d}"
    if cursor.get("asked") == today:
        with suppress(NotFound, AccountSuspended):  # then the actor itself says what happened
            return None, cursor, await _newest_page(http, cursor["outbox"], now=now)
    actor = await actor_of(http, account, cursor.get("actor"), now=now)
    kept = cursor if actor.id == cursor.get("actor") else {}
    newest = await _newest_page(http, actor.outbox, now=now)
    return actor, {**kept, "actor": actor.id, "outbox": actor.outbox, "asked": today}, newest


async def _newest_page(http: Http, outbox: str, *, now: datetime) -> Newest:
    """The outbox itself where it holds its entries, else its first page."""
    said = await _collection(http, outbox, now=now)
    first, total = id_of(said.value.get("first")), whole(said.value.get("totalItems"))
    if entries_in(said.value) or not is_web(first):
        return Newest(page=said, total=total)
    return Newest(page=await _collection(http, _beside(first, outbox), now=now), total=total)


async def _back_from(http: Http, newest: Said, cursor: Cursor, *, now: datetime) -> list[Said]:
    """The newest page and those before it, back to a known entry, the end, or the bound."""
    pages = [newest]
    known = set(cursor.get("known", "").split())
    most = MOST_PAGES if known else FIRST_PAGES
    asked_for = {newest.answer.url}
    while len(pages) < most and (following := _next(pages[-1])):
        entries = entries_in(pages[-1].value)
        if following in asked_for or any(_digest(entry) in known for entry in entries):
            break
        asked_for.add(following)
        pages.append(await _collection(http, _beside(following, cursor["outbox"]), now=now))
    return pages


async def _collection(http: Http, url: str, *, now: datetime) -> Said:
    said = await asked(http, url, now=now)
    if not said.is_ok:
        raise refusal_of(said)
    if not is_collection(said.value):
        raise BadAnswer("The server answers with something that is not an outbox.")
    return said


async def _elsewhere(http: Http, addresses: Sequence[str], *, now: datetime) -> list[Said]:
    """What an outbox only names, asked for at its own origin; oldest first. What can't be had is left out."""
    found = []
    for address in list(dict.fromkeys(filter(None, addresses)))[:MOST_ELSEWHERE]:
        try:
            said = await asked(http, address, now=now)
        except VisitFailed:
            continue  # a stranger's fault is not this account's
        if said.is_ok:
            found.append(said)
    return found[::-1]


def _next(page: Said) -> str:
    """The address of the page after this one; a first page within its collection has its own."""
    first = record_in(page.value, "first")
    return id_of(page.value.get("next")) or id_of(first.get("next"))


def _beside(address: str, outbox: str) -> str:
    """A page's address; an outbox that continues on another host could be made to say anything."""
    if not is_same_origin(address, outbox):
        raise BadAnswer("The outbox continues at another site.")
    return address


def _covered(pages: Sequence[Said], total: int | None) -> datetime | None:
    """From when on the pages hold everything. Simple software shows its newest entries and no way to the others."""
    shown = sum(len(entries_in(page.value)) for page in pages)
    if not _next(pages[-1]) and (total is None or shown >= total or len(pages) > 1):
        return EVERYTHING
    moments = [read_date(_published(entry)) for entry in entries_in(pages[-1].value)]
    dated = [moment for moment in moments if moment is not None]
    return min(dated) + timedelta(seconds=1) if dated else None


def _published(entry: object) -> str:
    made = next((one for one in listed(record_in(entry).get("object")) if isinstance(one, dict)), {})
    return text_in(entry, "published") or text_in(made, "published")


def _remembered(newest: Said, cursor: Cursor) -> str:
    """The newest entries' digests, older ones behind them: deleting all of a page loses no place."""
    digests = [_digest(entry) for entry in entries_in(newest.value)] + cursor.get("known", "").split()
    return " ".join(list(dict.fromkeys(digests))[:_KNOWN])


def _digest(entry: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    named = id_of(entry) or id_of(record_in(entry).get("object"))
    return blake2b(named.encode(), digest_size=6).hexdigest()


def _own_parent(post: dict[str, Any], own: set[str]) -> dict[str, str]:
    parent = id_of(post.get("inReplyTo"))
    return {"own": parent} if parent in own else {}
