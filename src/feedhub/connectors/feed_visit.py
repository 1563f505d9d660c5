"""Asks for a feed: only what is new since the last visit, at the address where it lives now."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from re import ASCII, IGNORECASE
from re import compile as pattern
from urllib.parse import urldefrag

from feedhub.accounts.account import Account
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import Batch, Cursor
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.failures import AccountGone, BadAnswer, DnsFailed, NotAFeed, NotFound
from feedhub.payloads.payload import Document

# A permanent redirect is believed after so many visits in a row: sites announce moves by mistake.
MOVES_TO_BELIEVE = 10

# "Nothing changed" is not believed for longer: WordPress says so too when a post was deleted.
WHOLE_AFTER = timedelta(days=1)

_NOT_MODIFIED = 304
_MAX_AGE = pattern(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", ASCII | IGNORECASE)
_LONGEST = timedelta(days=366)


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - feeds have no credentials
    """What is new at the account's address.

    The cursor holds `url` (for which the rest is true), `etag` and `last_modified` byte for
    byte, `body` (a hash), `whole_at` (when the whole feed came last), `moved_to` and `moves`
    (visits in a row that were sent there).

    Raises:
        VisitFailed: one of its children, by the fetcher; NotAFeed without an address.
    """
    home = urldefrag(account.url or "").url
    if not home:
        raise NotAFeed("The account has no address.", remedy="Register the feed's address.")
    known = cursor if cursor.get("url") == home else {}
    try:
        answer, known = await _asked(http, home, known, now)
    except (AccountGone, DnsFailed, NotFound):
        if not _believed(known):
            raise
        # The new home is gone: what was believed is forgotten and the old one is asked again.
        answer, known = await _asked(http, home, {}, now)
    return _batch(answer, home, known, now)


async def _asked(http: Http, home: str, known: Cursor, now: datetime) -> tuple[Answer, Cursor]:
    return await http.get(_believed(known) or home, headers=_conditions(known, now), now=now), known


def _believed(known: Cursor) -> str | None:
    return known.get("moved_to") if int(known.get("moves", "0")) >= MOVES_TO_BELIEVE else None


def _conditions(known: Cursor, now: datetime) -> dict[str, str]:
    whole_at = known.get("whole_at")
    if whole_at and now - datetime.fromisoformat(whole_at) >= WHOLE_AFTER:
        return {}
    names = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
    return {header: known[name] for name, header in names.items() if name in known}


def _batch(answer: Answer, home: str, known: Cursor, now: datetime) -> Batch:
    cursor = {"url": home} | _validators(answer) | _moves(answer, known)
    hint = next_hint(answer, now)
    moved_to = _believed(cursor)
    if answer.status == _NOT_MODIFIED:
        if not _conditions(known, now):
            raise BadAnswer("The site says that nothing changed, but we never had anything from it.")
        cursor["whole_at"] = known.get("whole_at") or now.isoformat()
        return Batch(cursor=known | cursor, not_modified=True, next_hint=hint, moved_to=moved_to)
    cursor["whole_at"] = now.isoformat()
    cursor["body"] = blake2b(answer.body, digest_size=16).hexdigest()
    if cursor["body"] == known.get("body"):
        return Batch(cursor=cursor, not_modified=True, next_hint=hint, moved_to=moved_to)
    document = Document(
        url=answer.url, body=answer.body, fetched_at=now, content_type=answer.headers.get("content-type")
    )
    return Batch(documents=(document,), cursor=cursor, next_hint=hint, moved_to=moved_to)


def _validators(answer: Answer) -> Cursor:
    said = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}
    return {name: value for name, value in said.items() if value}


def _moves(answer: Answer, known: Cursor) -> Cursor:
    """How often in a row we were sent to the same place for good; once believed it stays."""
    believed = _believed(known)
    if answer.moved_to is None:
        return {"moved_to": believed, "moves": known["moves"]} if believed else {}
    # A believed home that itself moves on begins to count anew only when it differs.
    held = int(known.get("moves", "0")) if known.get("moved_to") == answer.moved_to else 0
    return {"moved_to": answer.moved_to, "moves": str(held + 1)}


def next_hint(answer: Answer, now: datetime) -> timedelta | None:
    """How long the answer says that it stays fresh (RFC 9111 section 4.2.1), None if it does not say."""
    fresh = _MAX_AGE.search(answer.headers.get("cache-control") or "")
    if fresh:
        return min(timedelta(seconds=int(fresh[1])), _LONGEST) or None
    expires = _moment(answer.headers.get("expires"))
    stays = (expires - (_moment(answer.headers.get("date")) or now)) if expires else timedelta(0)
    return min(stays, _LONGEST) if stays > timedelta(0) else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
