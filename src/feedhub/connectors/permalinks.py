"""Asking for posts at their own addresses, where a platform has no other way to ask."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Via
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import Batch, Suspect
from feedhub.connectors.http import Http

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_OK = range(200, 300)


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,  # noqa: ARG001 - pages for people need none
    now: datetime,
) -> Batch:
    """404 or 410 at a post's own address, while a page beside it answers, is the site's word that it is gone.

    A page that is there, that redirects, or that only looks empty says nothing. A site that
    answers 404 to everything has a fault, and none of its posts are gone. What a bridge
    shows lives at platforms that have words of their own, so their pages are not asked.
    """
    if account.via is Via.BRIDGE:
        return Batch()
    siblings: dict[str, bool] = {}
    gone = []
    for suspect in suspects:
        if suspect.source_url is None or suspect.sibling is None:
            continue
        if not _is_beside(suspect.source_url, suspect.sibling):
            continue
        if await _status(http, suspect.source_url, now) not in _GONE:
            continue
        if suspect.sibling not in siblings:
            siblings[suspect.sibling] = await _status(http, suspect.sibling, now) in _OK
        if siblings[suspect.sibling]:
            gone.append(suspect.native_id)
    return Batch(gone=tuple(gone))


def _is_beside(url: str, sibling: str) -> bool:
    return url != sibling and urlsplit(url).netloc == urlsplit(sibling).netloc


async def _status(http: Http, url: str, now: datetime) -> int:
    return (await http.ask(url, now=now)).status
