"""LinkedIn: the posts of a page whose administrator connected it, by the versioned Posts API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask, json_in, payloads_of, root_of
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Need, Profile, Split, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.linkedin_answers import VERSION, asked, is_retired, login_refusal, recent_version, refusal
from feedhub.connectors.linkedin_post import RESOLVED, is_shown, kind_of, moment, read, urns_in
from feedhub.connectors.loose import end_in, number_in, record_in, records_in, text_in
from feedhub.failures import BadAnswer, CredentialMissing, NotFound
from feedhub.payloads.payload import Document

PAGE = 50  # posts
FIRST_PAGES = 4  # of a page never visited before
MOST_PAGES = 20  # after an outage: back to the last known change, as far as this

_ROOT = "https://api.linkedin.com"
_LOGIN = "https://www.linkedin.com/oauth/v2/accessToken"
_MANY_URNS = 50  # in one question
_ADDRESSES_LAST = timedelta(days=1)
_SOURCES = {"image": "images", "digitalmediaAsset": "images", "video": "videos", "document": "documents"}
_GONE = 404


class _Asker:
    """Whose posts are asked for, with which token, in which version; asks again where that was retired."""

    def __init__(self, http: Http, account: Account, credential: Credential, *, version: str, now: datetime) -> None:
        self._http, self._now, self._token = http, now, credential.token
        self.whom = account.handle or account.url or account.key
        self.root, self.version = root_of(account, _ROOT), version

    async def told(self, path: str, *, method: str | None = None) -> Said:
        """A good answer. Raises VisitFailed's children."""
        said = await self._once(path, method)
        if is_retired(said) and self.version == VERSION:
            self.version = recent_version(self._now)
            said = await self._once(path, method)
        if not said.is_ok:
            raise refusal(said, whom=self.whom, now=self._now)
        return said

    async def _once(self, path: str, method: str | None) -> Said:
        url = f"{self.root}/rest/{path}"
        return await asked(self._http, url, token=self._token, version=self.version, method=method, now=self._now)


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:
    """The posts that changed last, back to the last known change: an edit brings an old post to the front.

    The cursor holds `organization` (the page's urn), `newest` (the newest change, in ms), `digest`
    of the first page and `version`, where LinkedIn has retired ours.

    Raises:
        VisitFailed: TokenExpired, TokenRefused, PermissionMissing, RateLimited and those of the fetcher.
    """
    asker = _asker(http, account, credential, cursor, now=now)
    organization, profile = await _whose(asker, account, credential, cursor)
    known = cursor | {"organization": organization}
    pages = [await _page(asker, organization, 0)]
    digest = _digest(_posts(pages[0]))
    if digest == cursor.get("digest"):
        return Batch(cursor=known, not_modified=True, profile=profile)
    most = MOST_PAGES if "newest" in cursor else FIRST_PAGES
    while len(pages) < most and _goes_on(pages[-1]) and not any(_is_known(post, cursor) for post in _posts(pages[-1])):
        pages.append(await _page(asker, organization, sum(len(_posts(page)) for page in pages)))
    changes = [_changed(post) for post in _posts(pages[0])]
    newest = max([int(cursor.get("newest", "0")), *changes])
    documents = [await _document(asker, page, now=now) for page in pages]
    used = {"version": asker.version} if asker.version != VERSION else {}
    return Batch(
        documents=tuple(documents),
        cursor=known | {"newest": str(newest), "digest": digest} | used,
        covers_since=_covered(pages[-1]),
        profile=profile,
        notes=("LinkedIn retired the version in which FeedHub asks; update FeedHub soon.",) if used else (),
    )


async def check(
    http: Http, account: Account, suspects: Sequence[Suspect], *, credential: Credential | None, now: datetime
) -> Batch:
    """Single posts, in one question: a 404 for one of them while the newest one is answered means that it is gone."""
    asker = _asker(http, account, credential, {}, now=now)
    organization, _ = await _whose(asker, account, credential, {})
    witness = next((text_in(post, "id") for post in _posts(await _page(asker, organization, 0, most=1))), "")
    ids = list(dict.fromkeys([*(suspect.native_id for suspect in suspects), witness]))
    said = await asker.told(f"posts?ids={_list([id for id in ids if id])}", method="BATCH_GET")
    results, errors = record_in(said.value, "results"), record_in(said.value, "errors")
    gone = [
        suspect.native_id
        for suspect in suspects
        if suspect.native_id not in results and number_in(record_in(errors, suspect.native_id), "status") == _GONE
    ]
    return Batch(
        documents=(await _document(asker, said, now=now),) if results else (),
        gone=tuple(gone) if witness and witness in results else (),
    )


async def renew(http: Http, credential: Credential, *, now: datetime) -> Credential | None:
    """A fresh token for 60 days; None where LinkedIn gave no refresh token: only approved apps get one.

    Raises:
        VisitFailed: TokenExpired where only a new login helps, TokenRefused where our app is refused.
    """
    if credential.refresh_token is None:
        return None
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credential.refresh_token,
        "client_id": credential.others.get("client_id", ""),
        "client_secret": credential.others.get("client_secret", ""),
    }
    said = await ask(http, _LOGIN, form=form, now=now)
    token = text_in(said.value, "access_token")
    if not (said.is_ok and token):
        raise login_refusal(said.value, said)
    return replace(
        credential,
        token=token,
        refresh_token=text_in(said.value, "refresh_token") or credential.refresh_token,
        issued_at=now,
        expires_at=end_in(said.value, "expires_in", now=now),
        refresh_expires_at=end_in(said.value, "refresh_token_expires_in", now=now) or credential.refresh_expires_at,
    )


def split(document: Document) -> Split:
    """A page of posts, or some by their ids, each with the addresses of its own media.

    Raises:
        Unreadable: something else.
    """
    value = json_in(document)
    posts = records_in(value, "elements") or [post for post in record_in(value, "results").values() if post]
    shown = [post for post in posts if isinstance(post, dict) and is_shown(post)]
    resolved = record_in(msgspec.json.decode(document.context.get("media", "{}")))
    found = payloads_of((_with_addresses(post, resolved) for post in shown), form="linkedin")
    left_out = len(posts) - len(shown)
    notes = (f"{left_out} of its posts are not public and were left out.",) if left_out else ()
    return Split(payloads=found.payloads, notes=found.notes + notes)


connector = Connector(
    platform=Platform.LINKEDIN,
    fetch=fetch,
    split=split,
    read=read,
    need=Need.ACCOUNT,
    check=check,
    renew=renew,
    media_last=_ADDRESSES_LAST,
)


def _asker(http: Http, account: Account, credential: Credential | None, cursor: Cursor, *, now: datetime) -> _Asker:
    if credential is None:
        raise CredentialMissing(f"The LinkedIn page {account.handle or account.key} was not connected with FeedHub.")
    return _Asker(http, account, credential, version=cursor.get("version", VERSION), now=now)


async def _whose(
    asker: _Asker, account: Account, credential: Credential | None, cursor: Cursor
) -> tuple[str, Profile | None]:
    """The page's urn: known already, told with the credential, written in its address, or looked up by its name."""
    told = cursor.get("organization") or (credential.others.get("organization") if credential else None)
    if told:
        return told, None
    path = urlsplit(account.url or "").path.strip("/").split("/")
    name = (account.handle or path[-1]).removeprefix("@")
    if name.isdecimal():
        return f"urn:li:organization:{name}", None
    said = await asker.told(f"organizations?q=vanityName&vanityName={quote(name, safe='')}", method="FINDER")
    found = next(iter(records_in(said.value, "elements")), {})
    id = number_in(found, "id")
    if id is None:
        raise NotFound(f"LinkedIn knows no page {name}.", remedy="Check the page's address; it may be renamed.")
    urn = f"urn:li:organization:{id}"
    return urn, Profile(native_id=urn, name=text_in(found, "localizedName") or None, handle=name)


async def _page(asker: _Asker, organization: str, start: int, *, most: int = PAGE) -> Said:
    asked_for = f"q=author&author={quote(organization, safe='')}&count={most}&start={start}&sortBy=LAST_MODIFIED"
    said = await asker.told(f"posts?{asked_for}", method="FINDER")
    if not isinstance(record_in(said.value).get("elements"), list):
        raise BadAnswer("LinkedIn answers with something that is not a list of posts.")
    return said


async def _document(asker: _Asker, said: Said, *, now: datetime) -> Document:
    """An answer with the addresses of the media that its posts name."""
    posts = [*_posts(said), *(post for post in record_in(said.value, "results").values() if isinstance(post, dict))]
    resolved = await _resolved(asker, {urn for post in posts for urn in urns_in(post)})
    return said.document(form="posts", now=now, media=msgspec.json.encode(resolved).decode())


async def _resolved(asker: _Asker, urns: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What LinkedIn says of media; what it says nothing of has no address."""
    found: dict[str, dict[str, Any]] = {}
    wanted = sorted(((_SOURCES[kind_of(urn)], urn) for urn in urns if kind_of(urn) in _SOURCES), key=lambda one: one)
    for source, members in groupby(wanted, key=lambda one: one[0]):
        names = [urn for _, urn in members]
        for begin in range(0, len(names), _MANY_URNS):
            path = f"{source}?ids={_list(names[begin : begin + _MANY_URNS])}"
            said = await asker.told(path, method="BATCH_GET")
            found |= {urn: record_in(told) for urn, told in record_in(said.value, "results").items()}
    return found


def _list(urns: Iterable[str]) -> str:
    """Rest.li's list, each name encoded by itself."""
    return f"List({','.join(quote(urn, safe='') for urn in urns)})"


def _with_addresses(post: dict[str, Any], resolved: Mapping[str, Any]) -> dict[str, Any]:
    own = {urn: resolved[urn] for urn in urns_in(post) if urn in resolved}
    return post | {RESOLVED: own} if own else post


def _posts(said: Said) -> list[dict[str, Any]]:
    return records_in(said.value, "elements")


def _goes_on(said: Said) -> bool:
    links = records_in(record_in(said.value, "paging"), "links")
    return len(_posts(said)) >= PAGE or any(text_in(link, "rel") == "next" for link in links)


def _covered(last: Said) -> datetime | None:
    """From when on the pages hold everything: what was published after a change was changed after it, too."""
    if not _goes_on(last):
        return EVERYTHING
    oldest = moment(min((_changed(post) for post in _posts(last)), default=0))
    return oldest + timedelta(seconds=1) if oldest else None


def _changed(post: Mapping[str, Any]) -> int:
    times = (number_in(post, name) for name in ("lastModifiedAt", "publishedAt", "createdAt"))
    return next((time for time in times if time is not None), 0)


def _is_known(post: Mapping[str, Any], cursor: Cursor) -> bool:
    return "newest" in cursor and _changed(post) <= int(cursor["newest"])


def _digest(posts: Sequence[Mapping[str, Any]]) -> str:
    return blake2b(msgspec.json.encode([_lasting(post) for post in posts]), digest_size=16).hexdigest()


def _lasting(post: Mapping[str, Any]) -> list[Any]:
    return [post.get(name) for name in ("id", "lastModifiedAt", "lifecycleState", "visibility", "commentary")]
