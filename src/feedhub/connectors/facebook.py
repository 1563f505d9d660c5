"""Facebook Pages: what a Page published, by one system user's token.

developers.facebook.com/docs/graph-api/reference/page/feed
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask, root_of
from feedhub.connectors.contract import Batch, Connector, Cursor, Need, Profile, Suspect
from feedhub.connectors.facebook_post import event_ids_in, read, split
from feedhub.connectors.graph import (
    FACEBOOK,
    MEDIA_LAST,
    PAGE,
    VERSION,
    Page,
    batch_of,
    document_of,
    exchanged,
    handle_of,
    ids_of,
    limits_in,
    look_of,
    most_of,
    page_of,
    pages_back,
    since_of,
    taken,
)
from feedhub.connectors.graph_errors import fault_in, refusal_of
from feedhub.connectors.http import Http
from feedhub.connectors.loose import text_in
from feedhub.failures import CredentialMissing, NotFound

_PIECES = "media_type,type,title,description,url,unshimmed_url,target{id,url},media{image{src,width,height},source}"
_FIELDS = (
    "id,message,message_tags,story,status_type,created_time,updated_time,permalink_url,full_picture,is_published,"
    f"is_expired,parent_id,place,shares,attachments{{{_PIECES},subattachments.limit({PAGE}){{{_PIECES}}}}}"
)
# Facebook refuses pages that hold very many albums; then fewer posts are asked for at once.
_TOO_MUCH = "reduce the amount of data"
_SMALL_PAGE = 10
_EVENT = "id,name,start_time,end_time,place"
# The id in addresses of pages without a name of their own: /profile.php?id=1, /people/Dinkes/1, /p/Dinkes-1.
_NUMBERED = re.compile(r"[?&]id=(\d+)|/(?:people|pages)/[^/?#]+/(\d+)|/(?:p/)?[^/?#]+-(\d{5,})/?(?:[?#]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _PageKey:
    """A Page and the token that reads it. The token is derived for one visit and never kept."""

    root: str
    id: str
    token: str
    profile: Profile
    said: Said


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:
    """The newest posts of the Page itself, and older ones back to the last known.

    The cursor holds `page` (the Page's number, by which it is asked after its name changed),
    `newest` and `seen` (a digest of the first page, which is read again at each visit).

    Raises:
        VisitFailed: PermissionMissing, NotFound, TokenExpired, RateLimited, …
    """
    key = await _page_key(http, account, credential, known=cursor.get("page"), now=now)
    cursor = {**cursor, "page": key.id}
    first = await _page(http, key, None, now=now)
    if cursor.get("seen") == look_of(first):
        limits = limits_in(first.said, now=now)
        return Batch(cursor=cursor, not_modified=True, limits=limits, profile=key.profile)
    pages = await pages_back(partial(_page, http, key, now=now), first, since=since_of(cursor), most=most_of(cursor))
    return batch_of(pages, cursor, form="posts", now=now, profile=key.profile)


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,
    now: datetime,
) -> Batch:
    """Single posts by their ids: "does not exist" is Facebook's word, for the Page itself has just answered."""
    known = next((id.partition("_")[0] for one in suspects for id in ids_of(one) if "_" in id), None)
    key = await _page_key(http, account, credential, known=known, now=now)
    documents, gone, said = [], [], key.said
    for suspect in suspects:
        for id in ids_of(suspect)[:1]:
            said = await ask(http, f"{key.root}/{id}", query={"fields": _FIELDS}, token=key.token, now=now)
            fault = fault_in(said)
            if fault is not None and fault.is_absence:
                gone.append(suspect.native_id)
                continue
            if fault is not None or not said.is_ok:
                raise refusal_of(said, Platform.FACEBOOK, now=now)
            items = await _with_events(http, key, [said.value], now=now)
            documents.append(document_of(said, items, form="posts", now=now))
    return Batch(documents=tuple(documents), gone=tuple(gone), limits=limits_in(said, now=now))


async def renew(http: Http, credential: Credential, *, now: datetime) -> Credential:
    """A fresh token for 60 more days. A system user's own token does not end and never comes here."""
    return await exchanged(http, credential, platform=Platform.FACEBOOK, now=now)


connector = Connector(
    platform=Platform.FACEBOOK,
    fetch=fetch,
    split=split,
    read=read,
    need=Need.PLATFORM,
    check=check,
    renew=renew,
    media_last=MEDIA_LAST,
)


async def _page_key(
    http: Http, account: Account, credential: Credential | None, *, known: str | None, now: datetime
) -> _PageKey:
    """Who the Page is and the token that reads it.

    Where Facebook gives no Page token (the user has no task on the Page), the given one is
    used: with Page Public Content Access it is enough, and without it Facebook says so.
    """
    if credential is None:
        raise CredentialMissing("FeedHub has no Facebook credential.")
    root, named = f"{root_of(account, FACEBOOK)}/{VERSION}", known or _named(account)
    if not named:
        raise NotFound("The account's address names no Facebook Page.", remedy="Register the Page's own address.")
    query = {"fields": "id,access_token,name,username,link"}
    url = f"{root}/{quote(named, safe='')}"
    said = await ask(http, url, query=query, token=credential.token, now=now)
    id = text_in(taken(said, Platform.FACEBOOK, named=named, now=now).value, "id")
    if not id.isdecimal():
        raise NotFound(f"Facebook knows no Page {named}.", remedy="Check the address; it may have been renamed.")
    profile = Profile(
        native_id=id, name=text_in(said.value, "name") or None, handle=text_in(said.value, "username") or None
    )
    token = text_in(said.value, "access_token") or credential.token
    return _PageKey(root=root, id=id, token=token, profile=profile, said=said)


async def _page(http: Http, key: _PageKey, after: str | None, *, now: datetime) -> Page:
    query: dict[str, str | int | None] = {"fields": _FIELDS, "limit": PAGE, "after": after}
    url = f"{key.root}/{key.id}/published_posts"
    said = await ask(http, url, query=query, token=key.token, now=now)
    fault = fault_in(said)
    if fault is not None and _TOO_MUCH in fault.message:
        said = await ask(http, url, query=query | {"limit": _SMALL_PAGE}, token=key.token, now=now)
    page = page_of(taken(said, Platform.FACEBOOK, now=now), said.value)
    items = await _with_events(http, key, page.items, now=now)
    return Page(said=said, items=tuple(items), after=page.after)


async def _with_events(http: Http, key: _PageKey, items: Sequence[Any], *, now: datetime) -> list[dict[str, Any]]:
    """Posts that announce an event, with the event itself as `event`: an attachment says neither when nor where."""
    found = []
    for item in items:
        events = []
        for id in event_ids_in(item)[:1]:
            said = await ask(http, f"{key.root}/{id}", query={"fields": _EVENT}, token=key.token, now=now)
            fault = fault_in(said)
            if fault is None and said.is_ok:
                events.append(said.value)
            elif fault is None or not (fault.is_absence or fault.is_permission):
                raise refusal_of(said, Platform.FACEBOOK, now=now)
        found.append({**item, "event": events[0]} if events else item)
    return found


def _named(account: Account) -> str:
    parts = urlsplit(account.url or "")
    numbered = _NUMBERED.search(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    if numbered:
        return next(group for group in numbered.groups() if group)
    return handle_of(account)
