"""Asking a WordPress site whether single posts are still there."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from feedhub.accounts.account import Account
from feedhub.accounts.credential import Credential
from feedhub.connectors import permalinks
from feedhub.connectors.contract import Batch, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.wordpress_api import alone, is_word_of_absence, shows_posts
from feedhub.connectors.wordpress_post import guid_of, is_protected


async def check(
    http: Http, account: Account, suspects: Sequence[Suspect], *, credential: Credential | None, now: datetime
) -> Batch:
    """Single posts by their ids: deleted, or hidden from the public. Those that came by feed: by their pages."""
    documents, gone, unknown, proven = [], [], [], False
    for suspect in suspects:
        own = _own_address(suspect, account)
        if own is None:
            unknown.append(suspect)
            continue
        said = await alone(http, own, now=now)
        if said.is_ok and isinstance(said.value, dict) and guid_of(said.value) == suspect.native_id:
            if is_protected(said.value):
                gone.append(suspect.native_id)  # a password stands before it: it is public no more
            else:
                documents.append(said.document(form="post", now=now))
        elif is_word_of_absence(said):
            proven = proven or await shows_posts(http, own.rpartition("/")[0], now=now)
            gone += [suspect.native_id] if proven else []
    paged = await permalinks.check(http, account, unknown, credential=credential, now=now)
    return Batch(documents=tuple(documents), gone=(*gone, *paged.gone))


def _own_address(suspect: Suspect, account: Account) -> str | None:
    """Where the account's own API answers for the post; encrypted where the account is."""
    home = account.url or ""
    own = next((alias for alias in suspect.aliases if _site(alias) == _site(home)), None)
    if own and home.startswith("https:"):
        return "https:" + own.partition(":")[2]
    return own


def _site(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")
