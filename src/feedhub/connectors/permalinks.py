"""Asking for posts at their own addresses, where a platform has no other way to ask."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Via
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import Batch, Suspect
from feedhub.connectors.exchange import Answer
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
    parted = [one for one in suspects if one.source_url and one.sibling and _is_beside(one.source_url, one.sibling)]
    gone, _ = await asked(http, parted, now=now)
    return Batch(gone=gone)


async def asked(http: Http, suspects: Sequence[Suspect], *, now: datetime) -> tuple[tuple[str, ...], dict[str, Answer]]:
    """The ids of those that are gone, and by id the pages of those that are there."""
    siblings: dict[str, bool] = {}
    gone, there = [], dict[str, Answer]()
    for suspect in suspects:
        if suspect.source_url is None:
            continue
        answer = await http.ask(suspect.source_url, now=now)
        if answer.status in _OK:
            there[suspect.native_id] = answer
        elif answer.status in _GONE and suspect.sibling and _is_beside(suspect.source_url, suspect.sibling):
            if suspect.sibling not in siblings:
                siblings[suspect.sibling] = (await http.ask(suspect.sibling, now=now)).status in _OK
            gone += [suspect.native_id] if siblings[suspect.sibling] else []
    return tuple(gone), there


def _is_beside(url: str, sibling: str) -> bool:
    return url != sibling and urlsplit(url).netloc == urlsplit(sibling).netloc
