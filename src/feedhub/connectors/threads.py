"""Threads: an account's own posts, and its own continuations of them.

developers.facebook.com/docs/threads/retrieve-and-discover-posts
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import ask, root_of
from feedhub.connectors.contract import Batch, Connector, Cursor, Need, Profile, Suspect
from feedhub.connectors.graph import (
    MEDIA_LAST,
    PAGE,
    Page,
    asked,
    batch_of,
    document_of,
    limits_in,
    look_of,
    most_of,
    page_of,
    pages_back,
    refreshed,
    since_of,
)
from feedhub.connectors.graph_errors import fault_in, refusal_of
from feedhub.connectors.http import Http
from feedhub.connectors.loose import text_in
from feedhub.connectors.threads_post import parent_in, read, split
from feedhub.failures import CredentialMissing, PermissionMissing
from feedhub.payloads.payload import Document

ORIGIN = "https://graph.threads.net"

_MEDIA = "media_type,media_url,thumbnail_url,alt_text"
_POLL = "poll_attachment{option_a,option_b,option_c,option_d,expiration_timestamp}"
_FIELDS = (
    f"id,media_product_type,{_MEDIA},permalink,username,text,timestamp,shortcode,children{{id,{_MEDIA}}},is_quote_post,"
    f"quoted_post,reposted_post,link_attachment_url,gif_url,{_POLL},topic_tag,is_spoiler_media,text_entities,"
    "text_attachment"
)
_REPLIED = f"{_FIELDS},is_reply,replied_to,root_post"
# Own posts that own answers continue, remembered so that a thread stays one when its beginning is on no page any more.
_MOST_REMEMBERED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    root: str
    user: str
    token: str


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:
    """The newest posts and answers, and older ones back to the last known.

    The cursor holds `newest`, `seen` (digests of both first pages, which are read again at each
    visit) and `continued` (ids of own posts that own answers continue). Answers need the
    permission threads_read_replies; without it posts come alone, and the status says so.

    Raises:
        VisitFailed: TokenExpired, RateLimited, …
    """
    route = _route(account, credential)
    first = await _page(http, route, "threads", None, now=now)
    answers, notes = await _first_answers(http, route, now=now)
    seen = look_of(first) + (look_of(answers) if answers else "")
    profile = _profile(first, route)
    if cursor.get("seen") == seen:
        return Batch(
            cursor=cursor,
            not_modified=True,
            limits=limits_in(first.said, now=now),
            profile=profile,
            notes=notes,
        )
    since, most = since_of(cursor), most_of(cursor)
    posts = await pages_back(partial(_page, http, route, "threads", now=now), first, since=since, most=most)
    batch = batch_of(posts, cursor, form="posts", now=now, profile=profile)
    cursor = {**batch.cursor, "seen": seen}
    if answers is None:
        return replace(batch, cursor=cursor, notes=notes)
    pages = await pages_back(partial(_page, http, route, "replies", now=now), answers, since=since, most=most)
    said = batch_of(pages, cursor, form="posts", now=now, profile=profile)
    own = _own_ids([*posts, *pages]) | set(cursor.get("continued", "").split())
    documents = [_answers_in(page, own, now=now) for page in pages]
    covers = [one.covers_since for one in (batch, said) if one.covers_since]
    parents = [
        parent for page in reversed(pages) for item in reversed(page.items) if (parent := parent_in(item)) in own
    ]
    remembered = list(dict.fromkeys([*cursor.get("continued", "").split(), *parents]))[-_MOST_REMEMBERED:]
    return replace(
        batch,
        documents=(*batch.documents, *documents),
        cursor={**said.cursor, "seen": seen, "continued": " ".join(remembered)},
        covers_since=max(covers) if len(covers) > 1 else None,
        limits=said.limits or batch.limits,
    )


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,
    now: datetime,
) -> Batch:
    """Single posts by their ids: "does not exist" is Threads' word, where the account itself answers."""
    route = _route(account, credential)
    query = {"fields": "id,username"}
    said = await asked(
        http, f"{route.root}/{route.user}", query=query, token=route.token, platform=Platform.THREADS, now=now
    )
    documents, gone, own = [], [], text_in(said.value, "username")
    for suspect in suspects:
        item = await _by_id(http, route, suspect.native_id, fields=_REPLIED, now=now)
        if item is None:
            gone.append(suspect.native_id)
            continue
        if parent := parent_in(item):
            found = await _by_id(http, route, parent, fields="id,username", now=now)
            item |= {"continues_own": True} if found and own and text_in(found, "username") == own else {}
        documents.append(document_of(said, [item], form="posts", now=now))
    return Batch(documents=tuple(documents), gone=tuple(gone), limits=limits_in(said, now=now))


async def renew(http: Http, credential: Credential, *, now: datetime) -> Credential:
    """A fresh token for 60 more days, for one that is a day old and still works."""
    url = f"{ORIGIN}/refresh_access_token"
    return await refreshed(http, url, credential, grant="th_refresh_token", platform=Platform.THREADS, now=now)


connector = Connector(
    platform=Platform.THREADS,
    fetch=fetch,
    split=split,
    read=read,
    need=Need.ACCOUNT,
    check=check,
    renew=renew,
    media_last=MEDIA_LAST,
)


def _route(account: Account, credential: Credential | None) -> _Route:
    if credential is None:
        raise CredentialMissing("This Threads account was not connected with FeedHub.")
    user = credential.others.get("user_id") or "me"
    return _Route(root=f"{root_of(account, ORIGIN)}/v1.0", user=user, token=credential.token)


async def _page(http: Http, route: _Route, edge: str, after: str | None, *, now: datetime) -> Page:
    fields = _FIELDS if edge == "threads" else _REPLIED
    query: dict[str, str | int | None] = {"fields": fields, "limit": PAGE, "after": after}
    url = f"{route.root}/{route.user}/{edge}"
    said = await asked(http, url, query=query, token=route.token, platform=Platform.THREADS, now=now)
    return page_of(said, said.value)


async def _first_answers(http: Http, route: _Route, *, now: datetime) -> tuple[Page | None, tuple[str, ...]]:
    try:
        return await _page(http, route, "replies", None, now=now), ()
    except PermissionMissing:
        return None, (
            "The account's own continuations of its threads are not read: connect it again with threads_read_replies.",
        )


async def _by_id(http: Http, route: _Route, id: str, *, fields: str, now: datetime) -> dict[str, Any] | None:
    """One post; None where Threads says that it does not exist."""
    said = await ask(http, f"{route.root}/{quote(id, safe='')}", query={"fields": fields}, token=route.token, now=now)
    fault = fault_in(said)
    if fault is not None and fault.is_absence:
        return None
    if fault is not None or not said.is_ok or not isinstance(said.value, dict):
        raise refusal_of(said, Platform.THREADS, now=now)
    return said.value


def _own_ids(pages: Sequence[Page]) -> set[str]:
    return {id for page in pages for item in page.items if (id := text_in(item, "id"))}


def _answers_in(page: Page, own: Collection[str], *, now: datetime) -> Document:
    """A page of answers, those marked that continue a post of their own account."""
    items = [{**item, "continues_own": True} if parent_in(item) in own else item for item in page.items]
    return document_of(page.said, items, form="posts", now=now)


def _profile(page: Page, route: _Route) -> Profile:
    handle = next((name for item in page.items if (name := text_in(item, "username"))), None)
    return Profile(native_id=route.user if route.user != "me" else None, handle=handle)
