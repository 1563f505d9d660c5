"""What Instagram, Facebook and Threads share: the pages and limits of Meta's Graph API, and its renewals.

developers.facebook.com/docs/graph-api/results and .../overview/rate-limiting
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import msgspec

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask
from feedhub.connectors.contract import EVERYTHING, Batch, Cursor, Limits, Profile, Suspect
from feedhub.connectors.graph_errors import fault_in, refusal_of, usage_in
from feedhub.connectors.http import Http
from feedhub.connectors.loose import end_in, record_in, records_in, text_in
from feedhub.failures import BadAnswer, CredentialMissing
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date

VERSION = "v25.0"
FACEBOOK = "https://graph.facebook.com"
PAGE = 50  # posts
FIRST_PAGES = 4  # of an account never visited before
MOST_PAGES = 20  # after an outage: back to the last known post, as far as this
# Signed addresses of pictures (`oe=`) hold for some days; a day is safe.
MEDIA_LAST = timedelta(days=1)

# Meta tells percentages of a budget that it does not tell. Below half of it nothing is scarce; at 80 %
# we stop. One call is half a per cent of the smallest budget there is (200 calls an hour).
_SCARCE, _STOP, _CALLS = 50, 80, 2
_HOUR = 60  # minutes, the window of both counters
_MOVED_AWAY = 2_000  # characters of an id that can be one
_DEEPEST = 40  # levels in one item; no platform needs ten
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a listing, newest first; `after` leads to the next, None where it is the last."""

    said: Said
    items: tuple[dict[str, Any], ...]
    after: str | None


async def asked(  # one argument for each part of a request
    http: Http, url: str, *, query: Mapping[str, str | int | None], token: str, platform: Platform, now: datetime
) -> Said:
    """An answer that is an object without an error. Raises VisitFailed's children."""
    return taken(await ask(http, url, query=query, token=token, now=now), platform, now=now)


def taken(said: Said, platform: Platform, *, now: datetime, named: str = "the account") -> Said:
    """`said`, where it is an object without an error. `named` is whom we asked about. Raises VisitFailed's children."""
    if fault_in(said) is not None or not said.is_ok:
        raise refusal_of(said, platform, now=now, named=named)
    if not isinstance(said.value, dict):
        raise BadAnswer(f"{urlsplit(said.answer.url).netloc} answers with something that is not an object.")
    return said


def page_of(said: Said, edge: object, *, more: str = "next") -> Page:
    """The page that an edge (`{"data": […], "paging": {…}}`) holds.

    A last page may still have an `after`: what tells of another one is the member `more` of its paging.
    """
    items, paging = tuple(records_in(edge, "data")), record_in(edge, "paging")
    after = text_in(record_in(paging, "cursors"), "after") if paging.get(more) else ""
    return Page(said=said, items=items, after=(after or None) if items else None)


async def pages_back(
    ask_page: Callable[[str | None], Awaitable[Page]], first: Page, *, since: datetime | None, most: int
) -> list[Page]:
    """`first` and the pages after it, back to what was written at or before `since`."""
    pages = [first]
    while pages[-1].after and len(pages) < most:
        oldest = oldest_of(pages)
        if since is not None and oldest is not None and oldest <= since:
            break
        pages.append(await ask_page(pages[-1].after))
    return pages


def batch_of(  # what a visit knows
    pages: Sequence[Page],
    cursor: Cursor,
    *,
    form: str,
    now: datetime,
    profile: Profile | None,
    context: Mapping[str, str] = {},
) -> Batch:
    """What a listing brought; the cursor keeps its newest time and what its first page looked like."""
    times = [cursor["newest"]] if "newest" in cursor else []
    times += [moment.isoformat() for item in pages[0].items if (moment := written_at(item)) and moment <= now]
    newest = max(times, key=datetime.fromisoformat, default=None)
    return Batch(
        documents=tuple(document_of(page.said, page.items, form=form, now=now, context=context) for page in pages),
        cursor={**cursor, "seen": look_of(pages[0])} | ({"newest": newest} if newest else {}),
        covers_since=_covered(pages),
        limits=limits_in(pages[-1].said, now=now),
        profile=profile,
    )


def document_of(
    said: Said, items: Iterable[object], *, form: str, now: datetime, context: Mapping[str, str] = {}
) -> Document:
    """The items alone: the addresses of further pages that Meta puts beside them carry our token."""
    return Document(
        url=said.answer.url,
        body=_encode({"data": [_without_paging(one) for one in items]}),
        fetched_at=now,
        content_type="application/json",
        form=form,
        context=dict(context),
    )


def since_of(cursor: Cursor) -> datetime | None:
    """When the newest post that was ever seen was written."""
    return datetime.fromisoformat(cursor["newest"]) if "newest" in cursor else None


def most_of(cursor: Cursor) -> int:
    """How many pages a visit may take."""
    return MOST_PAGES if "newest" in cursor else FIRST_PAGES


def look_of(page: Page) -> str:
    """32 hex digits over a page's items: the same where nothing at all changed."""
    return blake2b(_encode(page.items), digest_size=16).hexdigest()


def written_at(item: Mapping[str, Any]) -> datetime | None:
    return read_date(text_in(item, "timestamp") or text_in(item, "created_time"))


def oldest_of(pages: Sequence[Page]) -> datetime | None:
    """When the last post of the last page was written; None where it does not say."""
    return written_at(pages[-1].items[-1]) if pages[-1].items else None


def limits_in(said: Said, *, now: datetime) -> Limits | None:
    """What is left of our budget by X-App-Usage and X-Business-Use-Case-Usage, in calls; None while it is ample."""
    usage = usage_in(said)
    if usage.percent < _SCARCE:
        return None
    left = max(0, int((_STOP - usage.percent) * _CALLS))
    return Limits(left=left, resets_at=now + timedelta(minutes=usage.regained_in or _HOUR))


def ids_of(suspect: Suspect) -> tuple[str, ...]:
    """The numbers by which a post can be asked for; a platform's own ids, where it has others too, come first."""
    named = (*suspect.aliases, suspect.native_id)
    return tuple(id for id in named if id.replace("_", "").isdecimal() and len(id) < _MOVED_AWAY)


def handle_of(account: Account) -> str:
    """The account's name on its platform, without an @."""
    return (account.handle or urlsplit(account.url or "").path.strip("/").partition("/")[0]).strip().removeprefix("@")


async def exchanged(http: Http, credential: Credential, *, platform: Platform, now: datetime) -> Credential:
    """A fresh long-lived token of Facebook Login for one that still works (`fb_exchange_token`).

    Raises:
        CredentialMissing: without the app's id and secret nothing can be renewed.
    """
    others = credential.others
    app, secret = others.get("client_id") or others.get("client_key"), others.get("client_secret")
    if not (app and secret):
        raise CredentialMissing(
            f"The {platform.title()} credential {credential.shown} can't be renewed without its app's id and secret.",
            remedy=f"Add it again with client_id and client_secret, or use a system user's token, which does not end:"
            f" `feedhub credentials add {platform}`.",
        )
    form = {
        "grant_type": "fb_exchange_token",
        "client_id": app,
        "client_secret": secret,
        "fb_exchange_token": credential.token,
    }
    said = await ask(http, f"{FACEBOOK}/{VERSION}/oauth/access_token", form=form, now=now)
    return renewed(said, credential, platform=platform, now=now)


async def refreshed(
    http: Http, url: str, credential: Credential, *, grant: str, platform: Platform, now: datetime
) -> Credential:
    """A fresh long-lived token of Instagram Login or Threads; theirs must be a day old and still work."""
    said = await ask(http, url, query={"grant_type": grant}, token=credential.token, now=now)
    return renewed(said, credential, platform=platform, now=now)


def renewed(said: Said, credential: Credential, *, platform: Platform, now: datetime) -> Credential:
    """`credential` with the token that came. Raises VisitFailed's children."""
    if fault_in(said) is not None or not said.is_ok:
        raise refusal_of(said, platform, now=now)
    token = text_in(said.value, "access_token").strip()
    if not token:
        raise BadAnswer(f"{urlsplit(said.answer.url).netloc} renewed a token, but sent none.")
    return replace(credential, token=token, issued_at=now, expires_at=end_in(said.value, "expires_in", now=now))


def _covered(pages: Sequence[Page]) -> datetime | None:
    if pages[-1].after is None:
        return EVERYTHING
    oldest = oldest_of(pages)
    return oldest + timedelta(seconds=1) if oldest else None


def _without_paging(value: object, depth: int = _DEEPEST) -> object:
    if isinstance(value, dict | list) and not depth:
        return None
    if isinstance(value, dict):
        return {name: _without_paging(inner, depth - 1) for name, inner in value.items() if name != "paging"}
    return [_without_paging(inner, depth - 1) for inner in value] if isinstance(value, list) else value
