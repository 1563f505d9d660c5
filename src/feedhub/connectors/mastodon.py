"""Mastodon and what speaks its API (Pleroma, Akkoma, GoToSocial, Pixelfed, Friendica): public statuses.

docs.joinmastodon.org/methods/accounts; public statuses need no credential.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from feedhub.accounts.account import Account, Platform, Via
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask, json_in, payloads_of, refused, said_in
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Limits, Profile, Split, Suspect
from feedhub.connectors.http import Http
from feedhub.errors import ItemUnreadable
from feedhub.failures import AccountSuspended, BadAnswer, NotFound, RateLimited, Unauthorized
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Poll, Post, PostType

PAGE = 40  # statuses; the most that the API gives
FIRST_PAGES = 5  # of an account never visited before
MOST_PAGES = 25  # after an outage: back to the last known status, as far as this

_MEDIA = {
    "image": MediaType.IMAGE,
    "gifv": MediaType.VIDEO,
    "video": MediaType.VIDEO,
    "audio": MediaType.AUDIO,
}
_PUBLIC = ("public", "unlisted")
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - public statuses need none
    """The newest statuses, and older ones back to the last known one.

    The cursor holds `id` (the account's, of its instance), `newest` (the newest status ever
    seen) and `etag` of the first page. The first page is the window that is read again at
    each visit, so edits and deletions show.

    Raises:
        VisitFailed: NotFound, AccountSuspended, RateLimited, Unauthorized and those of the fetcher.
    """
    root, profile = account.own_origin or f"https://{account.host}", None
    id = cursor.get("id")
    if id is None:
        found = await _looked_up(http, root, account, now=now)
        id, profile = str(found["id"]), _profile(found)
    pages, said = [], await _page(http, root, id, etag=cursor.get("etag"), now=now)
    if said.status == HTTPStatus.NOT_MODIFIED:
        return Batch(cursor=cursor, not_modified=True, limits=_limits(said))
    most = MOST_PAGES if "newest" in cursor else FIRST_PAGES
    etag = said.header("etag")
    while True:
        statuses = _statuses(said)
        pages.append(said)
        is_last = len(statuses) < PAGE or len(pages) == most
        if is_last or any(_is_known(status, cursor) for status in statuses):
            break
        said = await _page(http, root, id, max_id=str(statuses[-1]["id"]), now=now)
    first = _statuses(pages[0])
    newest = max([cursor.get("newest", ""), *(str(status["id"]) for status in first)], key=_order)
    if first:
        profile = _profile(first[0]["account"])
    return Batch(
        documents=tuple(page.document(form="statuses", now=now) for page in pages),
        cursor={"id": id, "newest": newest} | ({"etag": etag} if etag else {}),
        covers_since=_covered(pages),
        limits=_limits(said),
        profile=profile,
    )


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,  # noqa: ARG001 - public statuses need none
    now: datetime,
) -> Batch:
    """Single statuses: 404 (or 410) by id is the instance's word that one was deleted."""
    root, documents, gone, limits = account.own_origin or f"https://{account.host}", [], [], None
    for suspect in suspects:
        id = suspect.native_id.rstrip("/").rpartition("/")[2]
        said = await ask(http, f"{root}/api/v1/statuses/{quote(id, safe='')}", now=now)
        limits = _limits(said) or limits
        if said.status in _GONE:
            gone.append(suspect.native_id)
        elif said.is_ok:
            documents.append(said.document(form="status", now=now))
        else:
            raise _refusal(said, account)
    return Batch(documents=tuple(documents), gone=tuple(gone), limits=limits)


def split(document: Document) -> Split:
    """A page of statuses, or one of them.

    Raises:
        Unreadable: something else.
    """
    value = json_in(document)
    statuses = value if isinstance(value, list) else [value]
    shown = [status for status in statuses if isinstance(status, dict) and _is_public(status)]
    left_out = len(statuses) - len(shown)
    found = payloads_of(shown, form="mastodon")
    notes = (f"{left_out} of its statuses are not public and were left out.",) if left_out else ()
    return Split(payloads=found.payloads, notes=found.notes + notes)


def read(payload: Payload) -> Post:
    """The post that one status makes. A bare boost carries the address of what it repeats, and none of its text.

    Raises:
        ItemUnreadable: it has no id.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    status = said_in(payload)
    if not status.get("uri"):
        raise ItemUnreadable("The status has no uri.")
    if status.get("reblog"):
        return _boost(status, status["reblog"])
    quoted = (status.get("quote") or {}).get("quoted_status") or {}
    warning = status.get("spoiler_text") or None
    card = status.get("card") or {}
    return normal_post(
        native_id=status["uri"],
        title=warning,
        html=status.get("content") or None,
        source_url=status.get("url") or status["uri"],
        media=[_medium(medium) for medium in status.get("media_attachments") or ()],
        links=[card["url"]] if card.get("url") else [],
        tags=[tag["name"] for tag in status.get("tags") or ()],
        mentions=[mention["acct"] for mention in status.get("mentions") or ()],
        language=status.get("language"),
        published_at=read_date(status.get("created_at") or ""),
        edited_at=read_date(status.get("edited_at") or ""),
        via=Via.API,
        repost_of=quoted.get("uri") or None,
        poll=_poll(status.get("poll")),
        counts=_counts(status),
        sensitive=bool(status.get("sensitive")),
        **_relation(status, is_quote=bool(quoted)),
    )


connector = Connector(platform=Platform.MASTODON, fetch=fetch, split=split, read=read, check=check)


async def _looked_up(http: Http, root: str, account: Account, *, now: datetime) -> dict[str, Any]:
    handle = (account.handle or urlsplit(account.url or "").path.strip("/").rpartition("/")[2]).removeprefix("@")
    said = await ask(http, f"{root}/api/v1/accounts/lookup", query={"acct": handle.partition("@")[0]}, now=now)
    if not said.is_ok or not isinstance(said.value, dict) or "id" not in said.value:
        raise _refusal(said, account)
    if said.value.get("suspended"):
        raise AccountSuspended(f"{urlsplit(root).netloc} suspended @{handle}.")
    return said.value


async def _page(
    http: Http, root: str, id: str, *, max_id: str | None = None, etag: str | None = None, now: datetime
) -> Said:
    url = f"{root}/api/v1/accounts/{quote(id, safe='')}/statuses"
    headers = {"If-None-Match": etag} if etag else {}
    said = await ask(http, url, query={"limit": PAGE, "max_id": max_id}, headers=headers, now=now)
    if said.status == HTTPStatus.NOT_MODIFIED or said.is_ok:
        return said
    raise _refusal(said, None)


def _statuses(said: Said) -> list[dict[str, Any]]:
    if not isinstance(said.value, list) or not all(
        isinstance(status, dict) and "id" in status for status in said.value
    ):
        raise BadAnswer("The instance answers with something that is not a list of statuses.")
    return said.value


def _refusal(said: Said, account: Account | None) -> Exception:
    """What an instance's refusal means: `{"error": "…"}` with a status (docs.joinmastodon.org/entities/Error)."""
    host = urlsplit(said.answer.url).netloc
    named = (account and (account.handle or account.url)) or "the account"
    match said.status:
        case HTTPStatus.GONE:
            return AccountSuspended(f"{host} says that {named} was suspended or deleted.")
        case HTTPStatus.OK | HTTPStatus.NOT_FOUND:
            return NotFound(f"{host} knows no account {named}.", remedy="Check the handle; it may have been renamed.")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return Unauthorized(
                f"{host} shows posts to its own members only.",
                remedy="Ask the instance's administrator to let programs read public posts, or register its feed.",
            )
        case HTTPStatus.TOO_MANY_REQUESTS:
            limits = _limits(said)
            retry_at = limits.resets_at if limits else said.answer.retry_at
            return RateLimited(f"{host} asks FeedHub to come back later.", retry_at=retry_at)
    return refused(said)


def _limits(said: Said) -> Limits | None:
    """X-RateLimit-Remaining and -Reset; the latter is an ISO 8601 time here."""
    left, resets_at = said.header("x-ratelimit-remaining"), read_date(said.header("x-ratelimit-reset") or "")
    return Limits(left=int(left), resets_at=resets_at) if left and left.isdecimal() and resets_at else None


def _profile(found: dict[str, Any]) -> Profile:
    return Profile(native_id=found.get("uri"), name=found.get("display_name"), handle=found.get("acct"))


def _covered(pages: Sequence[Said]) -> datetime | None:
    """From when on the pages hold everything; a page that is not full is the last one."""
    last = _statuses(pages[-1])
    if len(last) < PAGE:
        return EVERYTHING
    oldest = read_date(last[-1].get("created_at") or "")
    return oldest + timedelta(seconds=1) if oldest else None


def _is_known(status: dict[str, Any], cursor: Cursor) -> bool:
    return "newest" in cursor and _order(str(status["id"])) <= _order(cursor["newest"])


def _order(id: str) -> tuple[int, str]:
    """Ids grow: snowflakes by number, ULIDs by letter."""
    return len(id), id


def _is_public(status: dict[str, Any]) -> bool:
    return status.get("visibility", "public") in _PUBLIC


def _boost(status: dict[str, Any], original: dict[str, Any]) -> Post:
    address = original.get("url") or original.get("uri") or ""
    return normal_post(
        native_id=status["uri"],
        source_url=address,
        links=[address],
        published_at=read_date(status.get("created_at") or ""),
        via=Via.API,
        type=PostType.REPOST,
        repost_of=original.get("uri") or address,
    )


def _relation(status: dict[str, Any], *, is_quote: bool) -> dict[str, Any]:
    """An answer to itself continues a thread; its parent has the same form of uri."""
    parent, id, uri = status.get("in_reply_to_id"), str(status.get("id")), status["uri"]
    if parent is None:
        return {"type": PostType.QUOTE} if is_quote else {}
    is_own = status.get("in_reply_to_account_id") == (status.get("account") or {}).get("id")
    if is_own and uri.endswith(id):
        return {"type": PostType.THREAD, "in_reply_to": f"{uri.removesuffix(id)}{parent}"}
    return {"type": PostType.REPLY, "in_reply_to": str(parent)}


def _medium(medium: dict[str, Any]) -> Media:
    original = (medium.get("meta") or {}).get("original") or {}
    return Media(
        type=_MEDIA.get(medium.get("type", ""), MediaType.DOCUMENT),
        url=medium.get("url") or medium.get("remote_url") or "",
        preview_url=medium.get("preview_url"),
        width=original.get("width"),
        height=original.get("height"),
        duration_seconds=original.get("duration"),
        alt=medium.get("description"),
    )


def _poll(poll: dict[str, Any] | None) -> Poll | None:
    if not poll:
        return None
    options = tuple(option.get("title") or "" for option in poll.get("options") or ())
    return Poll(options=options, closes_at=read_date(poll.get("expires_at") or ""))


def _counts(status: dict[str, Any]) -> dict[str, int]:
    names = {
        "replies": "replies_count",
        "reposts": "reblogs_count",
        "likes": "favourites_count",
        "quotes": "quotes_count",
    }
    return {name: status[key] for name, key in names.items() if isinstance(status.get(key), int)}
