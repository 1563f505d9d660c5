"""What the store knows about an address that somebody asks about."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, func, select, text

from feedhub.accounts.account import Account, AccountStatus, Platform, Via
from feedhub.accounts.account_keys import keys_of
from feedhub.accounts.look_alikes import look_alike, name_at, shown_name
from feedhub.accounts.post_addresses import native_ids, post_addresses
from feedhub.accounts.profile_patterns import Oddity
from feedhub.accounts.recognition import Recognised, recognised
from feedhub.posts.decisions import post_id
from feedhub.posts.holding import WAITING
from feedhub.posts.kept import Notice
from feedhub.posts.post import PostStatus
from feedhub.posts.search_terms import SearchTerms
from feedhub.posts.seen import post_from
from feedhub.posts.urls import canonical_url, without_tracking
from feedhub.posts.verdict import Findings, FoundPost, Health
from feedhub.store.bodies import expanded
from feedhub.store.register import register_copy
from feedhub.store.search import address_token, fts5_match, tsquery
from feedhub.store.session import ReadSession
from feedhub.store.tables import accounts, posts
from feedhub.store.times import from_ms

_SITES = frozenset({Platform.WEBFEED, Platform.WORDPRESS, Platform.WEBPAGE})
_FEDIVERSE = frozenset({Platform.MASTODON, Platform.ACTIVITYPUB})
_MOST_HELD = 200  # posts of an account that are looked through

_COLUMNS = posts.c["id", "account_id", "status", "version", "was_public", "notice", "document"]
_BY_IDS = select(*_COLUMNS).where(posts.c.id.in_(bindparam("ids", expanding=True)))
_BY_KEYS = select(*_COLUMNS).where(posts.c.order_key.in_(bindparam("keys", expanding=True)))
# ix_post_held
_HELD = (
    select(*_COLUMNS)
    .where(posts.c.account_id == bindparam("account"), posts.c.held_for.in_(WAITING), posts.c.status == text("'held'"))
    .limit(bindparam("most"))
)
_INDEXED = {
    True: text("SELECT rowid AS order_key FROM search WHERE search MATCH :query ORDER BY rowid DESC LIMIT 5"),
    False: text("SELECT order_key FROM search WHERE words @@ CAST(:query AS tsquery) ORDER BY order_key DESC LIMIT 5"),
}
_HEALTH = select(*accounts.c["outcome", "reason", "remedy", "last_success_at", "next_visit_at"]).where(
    accounts.c.id == bindparam("account")
)
_OUTCOMES = (
    select(accounts.c.outcome, func.count().label("visited"))
    .where(accounts.c.status == AccountStatus.ACTIVE, accounts.c.outcome != text("'never'"))
    .group_by(accounts.c.outcome)
)


def findings(session: ReadSession, url: str, *, public_url: str) -> Findings:
    """Everything that is known about `url`: its account, its post, a look-alike. `url` may be a handle."""
    known = tuple(register_copy(session).accounts.values())
    said = recognised(url)
    # What is no address at all stands nowhere.
    address = without_tracking(canonical_url(url if "://" in url else f"https://{url}") or "")
    post = _post(session, address, said, known, public_url=public_url)
    account = register_copy(session).accounts[post.account_id] if post else _account(address, said, known)
    is_article = account is not None and account.platform in _SITES and said is None and not _is_own(address, account)
    is_post = post is not None or is_article or (said is not None and said.oddity is Oddity.POST)
    return Findings(
        url=url,
        oddity=said.oddity if said else None,
        is_post=is_post,
        account=account,
        health=_health(session, account) if account else None,
        post=_found(post) if post else None,
        alike=None if account else _alike(url, said, known),
        is_everything_failing=_is_everything_failing(session),
    )


def _post(
    session: ReadSession, address: str, said: Recognised | None, known: Sequence[Account], *, public_url: str
) -> Row[Any] | None:
    """The post at an address: a page of ours, a live post, one that was public, one that is held."""
    own = address.removeprefix(f"{public_url}/posts/")
    if own != address:
        rows = session.rows(_BY_IDS, {"ids": [UUID(own)]}) if _is_id(own) else []
        return next((row for row in rows if row.was_public), None)
    addresses = post_addresses(address, said)
    tokens = [address_token(each) for each in addresses]
    query = (fts5_match if session.is_sqlite else tsquery)(SearchTerms(), [tokens])
    keys = [row.order_key for row in session.rows(_INDEXED[session.is_sqlite], {"query": query})]
    if found := next(iter(session.rows(_BY_KEYS, {"keys": keys})), None):
        return found
    asked = [each for each in known if said and _may_have(each, said)]
    ids = [post_id(each.id, native) for each in asked for native in native_ids(said)] if said else []
    if found := next(iter(session.rows(_BY_IDS, {"ids": ids[:500]})), None):
        return found
    owner = _account(address, said, known)
    rows = session.rows(_HELD, {"account": owner.id, "most": _MOST_HELD}) if owner else []
    places = set(tokens)
    return next((row for row in rows if address_token(_source(row)) in places), None)


def _account(address: str, said: Recognised | None, known: Sequence[Account]) -> Account | None:
    """The account that an address is of, or on whose site it stands."""
    if said is None:
        host = _host(address)
        on_host = [each for each in known if host and each.platform in _SITES and _host(each.url or "") == host]
        return next((each for each in on_host if _is_own(address, each)), on_host[0] if on_host else None)
    if said.oddity not in (None, Oddity.POST, Oddity.STORY) or (said.oddity and not said.handle):
        return None
    keys = {key for platform in _platforms(said) for key in _keys(platform, said)}
    return next((each for each in known if not keys.isdisjoint(keys_of(each))), None)


def _platforms(said: Recognised) -> Iterable[Platform]:
    return _FEDIVERSE if said.platform in _FEDIVERSE else (said.platform,)


def _keys(platform: Platform, said: Recognised) -> tuple[str, ...]:
    url = None if said.oddity else said.url
    return keys_of(Account(key="-", platform=platform, department="", url=url, handle=said.handle))[1:]


def _may_have(account: Account, said: Recognised) -> bool:
    if account.platform not in _platforms(said):
        return False
    name = shown_name(account)
    return said.handle is None or name is None or name.lstrip("@").lower() == said.handle.lstrip("@").lower()


def _is_own(address: str, account: Account) -> bool:
    """Whether an address is the site's own, or the feed's, and not that of something in it."""
    path = urlsplit(address).path.strip("/")
    return path in {"", urlsplit(account.url or "").path.strip("/")}


def _alike(url: str, said: Recognised | None, known: Sequence[Account]) -> Account | None:
    """The account for which people would take what stands at an address."""
    name = (said.handle if said else None) or name_at(url)
    if name is None:
        return None
    wanted = set(_platforms(said)) if said else _SITES
    named = {
        shown: each
        for each in known
        if each.platform in wanted
        and each.via is not Via.BRIDGE
        and each.status is not AccountStatus.RETIRED
        # A site's own name, not that of its feed.
        and (shown := shown_name(each) if said else name_at(each.url or ""))
    }
    alike = look_alike(name, named)
    return named[alike] if alike else None


def _health(session: ReadSession, account: Account) -> Health:
    row = session.row(_HEALTH, {"account": account.id})
    if row is None:
        return Health()
    return Health(
        outcome=row.outcome,
        reason=row.reason,
        remedy=row.remedy,
        last_success_at=from_ms(row.last_success_at) if row.last_success_at is not None else None,
        next_visit_at=from_ms(row.next_visit_at),
    )


def _is_everything_failing(session: ReadSession) -> bool:
    """Whether no visit to any of several accounts succeeds: then the fault is ours."""
    counts = {str(row.outcome): int(row.visited) for row in session.rows(_OUTCOMES)}
    return not counts.keys() & {"ok", "not_modified"} and sum(counts.values()) > 1


def _found(row: Row[Any]) -> FoundPost:
    return FoundPost(
        id=str(row.id),
        status=PostStatus(row.status),
        version=row.version,
        source_url=_source(row) or None if row.status == PostStatus.LIVE else None,
        notice=msgspec.json.decode(row.notice, type=Notice) if row.notice else None,
        was_public=bool(row.was_public),
    )


def _source(row: Row[Any]) -> str:
    return post_from(expanded(row.document)).source_url or ""


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _is_id(written: str) -> bool:
    try:
        return str(UUID(written)) == written.lower()
    except ValueError:
        return False
