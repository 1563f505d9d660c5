"""TikTok by its Display API: the public videos of an account that its own admin connected.

developers.tiktok.com/doc/tiktok-api-v2-video-list and -video-query. Whatever its status, an answer
is judged by its envelope `{"data": …, "error": {"code": …}}`: TikTok also refuses with 200.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import msgspec

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask, json_in, payloads_of, root_of
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Need, Profile, Split, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.loose import number_in, path_of, record_in, records_in, text_in
from feedhub.connectors.tiktok_answers import judged, renewed_with
from feedhub.connectors.tiktok_video import moment_of, read
from feedhub.failures import BadAnswer, CredentialMissing, PermissionMissing, TokenRefused
from feedhub.payloads.payload import Document

PAGE = 20  # videos; the most that the API gives
FIRST_PAGES = 5  # of an account never visited before
MOST_PAGES = 25  # after an outage: back to the last known video, as far as this

_ROOT = "https://open.tiktokapis.com"
_FIELDS = (
    "id,create_time,cover_image_url,share_url,video_description,duration,height,width,title,embed_link,"
    "like_count,comment_count,share_count,view_count,is_aigc"
)
_COVERS_LAST = timedelta(hours=6)
# What makes a page differ although nobody changed anything: signatures and counts.
_LASTING = ("id", "create_time", "video_description", "title", "duration")


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:
    """The newest videos, and older ones back to the last known one.

    The cursor holds `open_id` and `day` (whose token it is, and when that was asked last), `newest`
    (the newest video's time, in seconds) and `digest` of what lasts of the first page.

    Raises:
        VisitFailed: TokenRefused, PermissionMissing, RateLimited, ServerFailed and those of the fetcher.
    """
    token, root = _token(credential, account), root_of(account, _ROOT)
    profile, cursor = await _asked_whose(http, root, account, cursor, token=token, now=now)
    pages = [await _page(http, root, token, None, now=now)]
    digest = _digest(_videos(pages[0]))
    if digest == cursor.get("digest"):
        return Batch(cursor=cursor, not_modified=True, profile=profile or _shown_profile(pages[0], cursor))
    most = MOST_PAGES if "newest" in cursor else FIRST_PAGES
    while len(pages) < most and not any(_is_known(video, cursor) for video in _videos(pages[-1])):
        following = _following(pages[-1])
        if following is None:
            break
        pages.append(await _page(http, root, token, following, now=now))
    times = [number_in(video, "create_time") or 0 for video in _videos(pages[0])]
    newest = max([int(cursor.get("newest", "0")), *times])
    return Batch(
        documents=tuple(page.document(form="videos", now=now) for page in pages),
        cursor=cursor | {"newest": str(newest), "digest": digest},
        covers_since=_covered(pages[-1]),
        profile=profile or _shown_profile(pages[0], cursor),
    )


async def check(
    http: Http, account: Account, suspects: Sequence[Suspect], *, credential: Credential | None, now: datetime
) -> Batch:
    """Single videos: what is left out of an answer that shows another video of the account is gone.

    The other one is the newest that the account has: without it an empty answer would prove nothing.
    """
    token, root = _token(credential, account), root_of(account, _ROOT)
    first = await _page(http, root, token, None, now=now, most=1)
    witness = next((text_in(video, "id") for video in _videos(first)), "")
    ids = list(dict.fromkeys([*(suspect.native_id for suspect in suspects), witness]))
    body = {"filters": {"video_ids": [id for id in ids if id]}}
    said = await ask(http, f"{root}/v2/video/query/", query={"fields": _FIELDS}, token=token, json=body, now=now)
    shown = {text_in(video, "id") for video in _videos(judged(said, now=now))}
    missing = [suspect.native_id for suspect in suspects if suspect.native_id not in shown]
    return Batch(
        documents=(said.document(form="videos", now=now),) if shown else (),
        gone=tuple(missing) if witness and witness in shown else (),
    )


async def renew(http: Http, credential: Credential, *, now: datetime) -> Credential | None:
    """A fresh token for a day; None without a refresh token. The refresh token rotates: the old one is over once the new one came.

    Raises:
        VisitFailed: TokenExpired where only a new login helps, TokenRefused where our app is refused.
    """
    if credential.refresh_token is None:
        return None
    form = {
        "client_key": credential.others.get("client_key", ""),
        "client_secret": credential.others.get("client_secret", ""),
        "grant_type": "refresh_token",
        "refresh_token": credential.refresh_token,
    }
    return renewed_with(credential, await ask(http, f"{_ROOT}/v2/oauth/token/", form=form, now=now), now=now)


def split(document: Document) -> Split:
    """A page of videos.

    Raises:
        Unreadable: something else.
    """
    return payloads_of(records_in(record_in(json_in(document), "data"), "videos"), form="tiktok")


connector = Connector(
    platform=Platform.TIKTOK,
    fetch=fetch,
    split=split,
    read=read,
    need=Need.ACCOUNT,
    check=check,
    most_checked=PAGE - 1,
    renew=renew,
    media_last=_COVERS_LAST,
)


def _token(credential: Credential | None, account: Account) -> str:
    if credential is None:
        raise CredentialMissing(f"The TikTok account {account.handle or account.key} was not connected with FeedHub.")
    return credential.token


async def _asked_whose(
    http: Http, root: str, account: Account, cursor: Cursor, *, token: str, now: datetime
) -> tuple[Profile | None, Cursor]:
    """Whose token it is, once a day: one of another account would bring in another's videos."""
    today = f"{now:%Y-%m-%d}"
    if cursor.get("day") == today:
        return None, cursor
    query = {"fields": "open_id,display_name,username"}
    said = await ask(http, f"{root}/v2/user/info/", query=query, token=token, now=now)
    try:
        user = record_in(judged(said, now=now).value, "data", "user")
    except PermissionMissing:  # the name is a scope of its own; the videos tell the handle, too
        return None, cursor | {"day": today}
    open_id, name = text_in(user, "open_id"), text_in(user, "username")
    is_other = "open_id" in cursor and open_id and open_id != cursor["open_id"]
    if is_other or ("open_id" not in cursor and name and name.lower() not in _handles(account, name)):
        raise _others_token(account, name)
    profile = Profile(native_id=open_id or None, name=text_in(user, "display_name") or None, handle=name or None)
    return profile, cursor | {"day": today} | ({"open_id": open_id} if open_id else {})


def _handles(account: Account, otherwise: str) -> set[str]:
    """The handles under which an account is registered; any, where none is."""
    address = urlsplit(account.url or "").path.strip("/").partition("/")[0]
    named = {name.removeprefix("@").lower() for name in (account.handle, address) if name}
    return named or {otherwise.lower()}


def _others_token(account: Account, name: str) -> TokenRefused:
    return TokenRefused(
        f"This TikTok credential belongs to @{name or 'another account'}, not to {account.handle or account.url}.",
        remedy="Connect the account again, logged in at TikTok as the account itself.",
    )


async def _page(http: Http, root: str, token: str, cursor: int | None, *, now: datetime, most: int = PAGE) -> Said:
    body: dict[str, int] = {"max_count": most} | ({} if cursor is None else {"cursor": cursor})
    said = await ask(http, f"{root}/v2/video/list/", query={"fields": _FIELDS}, token=token, json=body, now=now)
    return judged(said, now=now)


def _videos(said: Said) -> list[dict[str, Any]]:
    found = record_in(said.value, "data")
    if not isinstance(found.get("videos", []), list):
        raise BadAnswer("TikTok answers with something that is not a list of videos.")
    return records_in(found, "videos")


def _following(said: Said) -> int | None:
    """Where the next page begins; None at the end."""
    data = record_in(said.value, "data")
    return number_in(data, "cursor") if data.get("has_more") is True and _videos(said) else None


def _covered(last: Said) -> datetime | None:
    """From when on the pages hold everything."""
    if record_in(last.value, "data").get("has_more") is not True:
        return EVERYTHING
    times = [moment for video in _videos(last) if (moment := moment_of(video)) is not None]
    return min(times) + timedelta(seconds=1) if times else None


def _is_known(video: Mapping[str, Any], cursor: Cursor) -> bool:
    return "newest" in cursor and (number_in(video, "create_time") or 0) <= int(cursor["newest"])


def _digest(videos: Sequence[Mapping[str, Any]]) -> str:
    lasting = [[video.get(name) for name in _LASTING] for video in videos]
    return blake2b(msgspec.json.encode(lasting), digest_size=16).hexdigest()


def _shown_profile(said: Said, cursor: Cursor) -> Profile | None:
    """What the newest video's address says of its account."""
    for video in _videos(said):
        handle = path_of(text_in(video, "share_url")).partition("/")[0]
        if handle.startswith("@"):
            return Profile(native_id=cursor.get("open_id"), handle=handle.removeprefix("@"))
    return None
