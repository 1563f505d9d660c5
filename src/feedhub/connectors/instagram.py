"""Instagram: one city token reads every professional account (Business Discovery), an account's own token its media.

developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/business-discovery
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import ask, root_of
from feedhub.connectors.contract import Batch, Connector, Cursor, Need, Profile, Suspect
from feedhub.connectors.graph import (
    FACEBOOK,
    MEDIA_LAST,
    MOST_PAGES,
    PAGE,
    VERSION,
    Page,
    asked,
    batch_of,
    document_of,
    exchanged,
    handle_of,
    ids_of,
    limits_in,
    look_of,
    most_of,
    oldest_of,
    page_of,
    pages_back,
    refreshed,
    since_of,
    taken,
)
from feedhub.connectors.graph_errors import fault_in, refusal_of
from feedhub.connectors.http import Http
from feedhub.connectors.instagram_media import native_id_of, read, split
from feedhub.connectors.loose import number_in, record_in, text_in
from feedhub.failures import CredentialMissing, NotFound
from feedhub.payloads.payload import Document

LOGIN_HOST = "graph.instagram.com"  # of tokens by Instagram Login; those by Facebook Login ask graph.facebook.com

_CHILDREN = "id,media_type,media_url,thumbnail_url"
_FIELDS = "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp,username"
_DISCOVERED = f"{_FIELDS},like_count,comments_count,children{{{_CHILDREN}}}"
_OWN = f"{_DISCOVERED[:-1]},alt_text}},alt_text,shortcode"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    """How an account is asked. `own`: by its own token, so single media can be asked for by id."""

    root: str
    token: str
    user: str
    handle: str
    own: bool


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:
    """The newest media, and older ones back to the last known.

    The cursor holds `newest` (the time of the newest media ever seen) and `seen` (a digest of
    the first page, which is read again at each visit).

    Raises:
        VisitFailed: AccountUnsupported for personal accounts, TokenExpired, RateLimited, …
    """
    route = _route(account, credential)
    first = await _page(http, route, None, now=now)
    profile = _profile(first, route)
    if cursor.get("seen") == look_of(first):
        return Batch(cursor=cursor, not_modified=True, limits=limits_in(first.said, now=now), profile=profile)
    ask_page = partial(_page, http, route, now=now)
    pages = await pages_back(ask_page, first, since=since_of(cursor), most=most_of(cursor))
    return batch_of(pages, cursor, form="media", now=now, profile=profile)


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,
    now: datetime,
) -> Batch:
    """The listing again, back to the oldest suspect; then what is missing there.

    By the account's own token each missing one is asked for by its id too, and only the
    platform's explicit "does not exist" counts. Business Discovery can't ask for one media:
    there a media is gone when the listing, asked a second time, leaves it out although it shows
    media older than it (or is whole by Instagram's own count). Anything else leaves it open.
    """
    route = _route(account, credential)
    times = [suspect.published_at for suspect in suspects if suspect.published_at]
    first = await _page(http, route, None, now=now)
    pages = await pages_back(
        partial(_page, http, route, now=now), first, since=min(times, default=None), most=MOST_PAGES if times else 1
    )
    shown = {id for page in pages for item in page.items for id in (native_id_of(item), text_in(item, "id"))}
    documents = [document_of(page.said, page.items, form="media", now=now) for page in pages]
    gone: list[str] = []
    for suspect in suspects:
        is_shown = bool(shown.intersection((suspect.native_id, *suspect.aliases)))
        if is_shown or not _is_left_out(suspect, pages, route):
            continue
        document = await _by_id(http, route, suspect, now=now) if route.own else None
        documents += [document] if document else []
        gone += [] if document else [suspect.native_id]
    return Batch(documents=tuple(documents), gone=tuple(gone), limits=limits_in(pages[-1].said, now=now))


async def renew(http: Http, credential: Credential, *, now: datetime) -> Credential:
    """A fresh token for 60 more days, by the login that the old one came from."""
    if credential.others.get("host") == LOGIN_HOST:
        url = f"https://{LOGIN_HOST}/refresh_access_token"
        return await refreshed(http, url, credential, grant="ig_refresh_token", platform=Platform.INSTAGRAM, now=now)
    return await exchanged(http, credential, platform=Platform.INSTAGRAM, now=now)


connector = Connector(
    platform=Platform.INSTAGRAM,
    fetch=fetch,
    split=split,
    read=read,
    need=Need.PLATFORM,
    check=check,
    renew=renew,
    media_last=MEDIA_LAST,
)


def _route(account: Account, credential: Credential | None) -> _Route:
    if credential is None:
        raise CredentialMissing("FeedHub has no Instagram credential.")
    own, user = credential.account is not None, credential.others.get("user_id", "")
    by_instagram = own and credential.others.get("host") == LOGIN_HOST
    if not user and not by_instagram:
        raise CredentialMissing(
            "The Instagram credential does not say to which Instagram account it belongs.",
            remedy="Add it again with user_id: the number that GET /{page-id}?fields=instagram_business_account tells.",
        )
    usual = f"https://{LOGIN_HOST}" if by_instagram else FACEBOOK
    return _Route(
        root=f"{root_of(account, usual)}/{VERSION}",
        token=credential.token,
        user=user or "me",
        handle=handle_of(account).lower(),
        own=own,
    )


async def _page(http: Http, route: _Route, after: str | None, *, now: datetime) -> Page:
    if route.own:
        query: dict[str, str | int | None] = {"fields": _OWN, "limit": PAGE, "after": after}
        url = f"{route.root}/{route.user}/media"
        said = await asked(http, url, query=query, token=route.token, platform=Platform.INSTAGRAM, now=now)
        return page_of(said, said.value)
    if not re.fullmatch(r"[\w.]{1,30}", route.handle, re.ASCII):
        raise NotFound(f"{route.handle!r} is no name of an Instagram account.", remedy="Register its address.")
    beyond = f".after({after})" if after else ""
    fields = f"id,username,name,media_count,media.limit({PAGE}){beyond}{{{_DISCOVERED}}}"
    said = await ask(
        http,
        f"{route.root}/{route.user}",
        query={"fields": f"business_discovery.username({route.handle}){{{fields}}}"},
        token=route.token,
        now=now,
    )
    taken(said, Platform.INSTAGRAM, named=f"@{route.handle}", now=now)
    # Business Discovery has no `next`; its cursor alone leads on.
    return page_of(said, record_in(said.value, "business_discovery", "media"), more="cursors")


async def _by_id(http: Http, route: _Route, suspect: Suspect, *, now: datetime) -> Document | None:
    """A media that the listing left out; None where the platform says that it does not exist."""
    for id in ids_of(suspect):
        said = await ask(http, f"{route.root}/{id}", query={"fields": _OWN}, token=route.token, now=now)
        fault = fault_in(said)
        if fault is not None and fault.is_absence:
            return None
        if fault is not None or not said.is_ok:
            raise refusal_of(said, Platform.INSTAGRAM, now=now)
        return document_of(said, [said.value], form="media", now=now)
    return None


def _is_left_out(suspect: Suspect, pages: Sequence[Page], route: _Route) -> bool:
    """Whether the listing shows media older than this one, or is whole by Instagram's own count."""
    if suspect.published_at is None or not pages[0].items:
        return False
    oldest = oldest_of(pages)
    if oldest is not None and oldest < suspect.published_at:
        return True
    if route.own:
        return pages[-1].after is None
    count = number_in(record_in(pages[-1].said.value, "business_discovery"), "media_count")
    return pages[-1].after is None and count == sum(len(page.items) for page in pages)


def _profile(page: Page, route: _Route) -> Profile | None:
    found = record_in(page.said.value, "business_discovery")
    if found:
        name, handle = text_in(found, "name") or None, text_in(found, "username") or None
        return Profile(native_id=text_in(found, "id") or None, name=name, handle=handle)
    handle = next((name for item in page.items if (name := text_in(item, "username"))), None)
    return Profile(native_id=route.user if route.user != "me" else None, handle=handle)
