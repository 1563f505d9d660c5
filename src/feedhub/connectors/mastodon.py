"""Mastodon and what speaks its API (Pleroma, Akkoma, GoToSocial, Pixelfed, Friendica): public statuses.

docs.joinmastodon.org/methods/accounts; public statuses need no credential.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import MOST_ITEMS, Said, ask, json_in, payloads_of, said_in
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Profile, Split, Suspect
from feedhub.connectors.exchange import origin_of
from feedhub.connectors.http import Http
from feedhub.connectors.loose import record_in, text_in
from feedhub.connectors.mastodon_answers import limits_of, refusal_of
from feedhub.connectors.mastodon_status import address_in_api, id_in, status_id, status_post
from feedhub.connectors.webfinger import actor_origin
from feedhub.errors import ItemUnreadable
from feedhub.failures import AccountMoved, AccountSuspended, BadAnswer, NotFound
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.post import Post

PAGE = 40  # statuses; the most that the API gives
FIRST_PAGES = 5  # of an account never visited before
MOST_PAGES = 25  # after an outage: back to the last known status, as far as this

_PUBLIC = ("public", "unlisted")
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - public statuses need none
    """The newest statuses, and older ones back to the last known one.

    The cursor holds `root` (the instance), `id` (the account's, there), `newest` (the newest
    status ever seen) and `etag` of the first page. The first page is the window that is read
    again at each visit, so edits and deletions show.

    Raises:
        VisitFailed: NotFound, AccountSuspended, AccountMoved, RateLimited, Unauthorized and those of the fetcher.
    """
    found, cursor, said = await _first_page(http, account, cursor, now=now)
    if said.status == HTTPStatus.NOT_MODIFIED:
        return Batch(cursor=cursor, not_modified=True, limits=limits_of(said, now))
    pages = await _back_from(http, said, cursor, now=now)
    first = _statuses(pages[0])
    shown = record_in(first[0], "account") if first else found
    host = cursor["root"].partition("://")[2]
    if (moved := _moved(shown, host)) and not first:
        raise AccountMoved(moved)
    newest = max([cursor.get("newest", ""), *(status_id(status) for status in first)], key=_order)
    etag = pages[0].header("etag")
    return Batch(
        documents=tuple(page.document(form="statuses", now=now) for page in pages),
        cursor={"root": cursor["root"], "id": cursor["id"], "newest": newest} | ({"etag": etag} if etag else {}),
        covers_since=_covered(pages),
        limits=limits_of(pages[-1], now),
        profile=_profile(shown) if shown else None,
        notes=(moved,) if moved else (),
    )


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,  # noqa: ARG001 - public statuses need none
    now: datetime,
) -> Batch:
    """Single statuses: the API's 404 (or 410) by id is the instance's word that one was deleted.

    Where neither the uri nor an alias shows the API's id, a 404 would say nothing: not asked.
    """
    documents, gone, limits = [], [], None
    for suspect in suspects:
        address = _address_of(suspect, account)
        if address is None:
            continue
        said = await ask(http, address, now=now)
        limits = limits_of(said, now) or limits
        if said.status in _GONE and text_in(said.value, "error"):
            gone.append(suspect.native_id)
        elif said.is_ok and text_in(said.value, "uri") == suspect.native_id:
            documents.append(said.document(form="status", now=now))
        elif not said.is_ok and said.status not in _GONE:
            raise refusal_of(said, account)
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
    uris = {status_id(status): text_in(status, "uri") for status in shown}
    contexts = [{"origin": origin_of(document.url)} | _parent(status, uris) for status in shown[:MOST_ITEMS]]
    payloads = tuple(
        Payload(form=one.form, body=one.body, context=context)
        for one, context in zip(found.payloads, contexts, strict=True)
    )
    return Split(payloads=payloads, notes=found.notes + notes)


def read(payload: Payload) -> Post:
    """The post that one status makes.

    Raises:
        ItemUnreadable: it has no uri, or says nothing.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    status = said_in(payload)
    if not isinstance(status, dict):
        raise ItemUnreadable("This is no status.")
    return status_post(status, payload.context)


connector = Connector(platform=Platform.MASTODON, fetch=fetch, split=split, read=read, check=check)


async def _first_page(
    http: Http, account: Account, cursor: Cursor, *, now: datetime
) -> tuple[dict[str, Any], Cursor, Said]:
    """The account as looked up (empty where it was known before), the cursor with its id, the newest page."""
    if "id" in cursor:
        known = {"root": _place(account)[0]} | cursor
        try:
            return {}, known, await _page(http, known, etag=cursor.get("etag"), now=now)
        except (NotFound, AccountSuspended):
            # An instance that changed its software, or an account opened anew, has another id.
            found, fresh = await _looked_up(http, account, now=now)
            if fresh["id"] == cursor["id"]:
                raise
            return found, fresh, await _page(http, fresh, now=now)
    found, fresh = await _looked_up(http, account, now=now)
    return found, fresh, await _page(http, fresh, now=now)


async def _looked_up(http: Http, account: Account, *, now: datetime) -> tuple[dict[str, Any], Cursor]:
    root, name = _place(account)
    try:
        found = await _account(http, root, name, account, now=now)
    except (NotFound, BadAnswer):
        if account.url:
            raise
        # `@dinkes@kota.example` may live at social.kota.example; its WebFinger knows.
        behind = await actor_origin(http, root, name, now=now)
        if behind == root:
            raise
        root = behind
        found = await _account(http, root, name, account, now=now)
    if found.get("suspended") is True:
        raise AccountSuspended(f"{urlsplit(root).netloc} suspended @{name}.")
    return found, {"root": root, "id": status_id(found)}


async def _account(http: Http, root: str, name: str, account: Account, *, now: datetime) -> dict[str, Any]:
    said = await ask(http, f"{root}/api/v1/accounts/lookup", query={"acct": name}, now=now)
    if not said.is_ok or not status_id(record_in(said.value)):
        raise refusal_of(said, account)
    return record_in(said.value)


async def _back_from(http: Http, said: Said, cursor: Cursor, *, now: datetime) -> list[Said]:
    """The newest page and those before it, back to a known status, the end, or the bound."""
    pages = [said]
    most = MOST_PAGES if "newest" in cursor else FIRST_PAGES
    while len(pages) < most and not _is_last(pages[-1]):
        statuses = _statuses(pages[-1])
        if "newest" in cursor and any(_order(status_id(one)) <= _order(cursor["newest"]) for one in statuses):
            break
        oldest = status_id(statuses[-1])
        older = await _page(http, cursor, max_id=oldest, now=now)
        if any(_order(status_id(one)) >= _order(oldest) for one in _statuses(older)):
            break  # software that knows no max_id gives the same page again
        pages.append(older)
    return pages


async def _page(
    http: Http, cursor: Cursor, *, max_id: str | None = None, etag: str | None = None, now: datetime
) -> Said:
    url = f"{cursor['root']}/api/v1/accounts/{quote(cursor['id'], safe='')}/statuses"
    headers = {"If-None-Match": etag} if etag else {}
    said = await ask(http, url, query={"limit": PAGE, "max_id": max_id}, headers=headers, now=now)
    if said.status == HTTPStatus.NOT_MODIFIED or (said.is_ok and _statuses(said) is not None):
        return said
    raise refusal_of(said, None)


def _statuses(said: Said) -> list[dict[str, Any]]:
    if not isinstance(said.value, list) or not all(isinstance(one, dict) and status_id(one) for one in said.value):
        raise BadAnswer("The instance answers with something that is not a list of statuses.")
    return said.value


def _is_last(said: Said) -> bool:
    """Whether the listing ends here. A short page proves nothing: what may not be shown is cut out of it."""
    link = said.header("link")
    return not _statuses(said) or (link is not None and 'rel="next"' not in link)


def _profile(found: dict[str, Any]) -> Profile:
    return Profile(
        native_id=text_in(found, "uri") or text_in(found, "url") or None,
        name=text_in(found, "display_name") or None,
        handle=text_in(found, "acct") or None,
    )


def _moved(shown: dict[str, Any], host: str) -> str:
    """One sentence where the account went elsewhere; its old posts stay readable here."""
    elsewhere = record_in(shown, "moved")
    address = text_in(elsewhere, "url") or text_in(elsewhere, "acct")
    return f"{host} says that this account moved to {address}." if address else ""


def _covered(pages: Sequence[Said]) -> datetime | None:
    """From when on the pages hold everything."""
    if _is_last(pages[-1]):
        return EVERYTHING
    oldest = read_date(text_in(_statuses(pages[-1])[-1], "created_at"))
    return oldest + timedelta(seconds=1) if oldest else None


def _place(account: Account) -> tuple[str, str]:
    """The instance, and what the account is called there.

    `https://a.example/@dinkes@b.example` is a's view of b's account, so b is asked.
    """
    parts = [part for part in urlsplit(account.url or "").path.split("/") if part]
    shown = next((part for part in parts if part.startswith("@")), parts[-1] if parts else "")
    name, _, host = shown.removeprefix("@").partition("@")
    root = account.own_origin or f"https://{account.host}"
    if host and host.lower() != root.partition("://")[2]:
        return f"https://{host.lower()}", name
    return root, (account.handle or "").strip().removeprefix("@").partition("@")[0] or name


def _address_of(suspect: Suspect, account: Account) -> str | None:
    """Where the API shows a status."""
    id = id_in(suspect.native_id)
    if id is None:
        return next((alias for alias in suspect.aliases if "/api/v1/statuses/" in alias), None)
    root = _place(account)[0] if account.url else origin_of(suspect.native_id)
    return address_in_api(root, quote(id, safe=""))


def _order(id: str) -> tuple[int, str]:
    """Ids grow: snowflakes by number, ULIDs by letter."""
    return len(id), id


def _is_public(status: dict[str, Any]) -> bool:
    return status.get("visibility", "public") in _PUBLIC


def _parent(status: dict[str, Any], uris: dict[str, str]) -> dict[str, str]:
    uri = uris.get(status_id({"id": status.get("in_reply_to_id")}))
    return {"parent": uri} if uri else {}
