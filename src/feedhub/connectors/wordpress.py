"""WordPress by its REST API, and by its feed where a site has switched that off.

developer.wordpress.org/rest-api; public posts need no credential. Both routes give a post
the same id, its guid, so changing between them doubles nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors import feed_reading, feed_visit
from feedhub.connectors.api import Said, json_in, payloads_of, refused, said_in
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Split
from feedhub.connectors.exchange import Answer
from feedhub.connectors.feed_refusal import looks_like_feed
from feedhub.connectors.http import Http
from feedhub.connectors.wordpress_api import BROKEN, PAGE, SwitchedOff, is_end, page, posts_of
from feedhub.connectors.wordpress_check import check
from feedhub.connectors.wordpress_post import is_protected, is_shown, modified_in, post_in, published_in
from feedhub.connectors.wordpress_site import feeds, guessed_roots, named_root
from feedhub.errors import ItemUnreadable, PostRefused
from feedhub.failures import Challenged, NotAFeed, NotFound, Unreadable, VisitFailed
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.post import Post

FIRST_PAGES = 5  # of an account never visited before
MOST_PAGES = 25  # after an outage or a deletion: as far back as this
MOST_FEEDS = 5  # places that are tried for a feed

# A site that has switched its API off is asked for it again after so long.
_TRY_AGAIN = timedelta(days=1)
_PASSWORD_FORM = b"post-password-form"


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - public posts need none
    """The newest posts, older ones back to the last known one, and whatever was edited since.

    The cursor holds `root` (of the API), `newest` (when the newest post known was published),
    `modified` (the latest edit known), `total` (how many posts there are: fewer than expected
    means that one beyond the window was deleted) and `body` (a hash). Where the API is off it
    holds `off_since` and what a feed's cursor holds.

    Raises:
        VisitFailed: Forbidden where a site shows neither API nor feed, and those of the fetcher.
    """
    home = account.url or ""
    off_since = read_date(cursor.get("off_since", ""))
    if off_since is not None and now - off_since < _TRY_AGAIN:
        return await _by_feed(http, account, cursor, None, off_since=off_since, now=now)
    root, off = cursor.get("root"), None
    if root is not None:
        try:
            return await _by_api(http, root, cursor, now=now)
        except SwitchedOff as refusal:
            off = refusal
    front = await _front_page(http, home, now=now)
    for place in _roots(front, home):
        try:
            if place != root:
                return await _by_api(http, place, cursor, now=now)
        except SwitchedOff as refusal:
            off = off or refusal
    try:
        return await _by_feed(http, account, cursor, front, off_since=now, now=now)
    except (NotAFeed, NotFound) as failure:
        raise (off.why if off else failure) from None


def split(document: Document) -> Split:
    """A list of posts, one of them, or the site's feed.

    Raises:
        Unreadable: something else.
    """
    if document.body.lstrip()[:1] not in {b"[", b"{"}:
        return _split_feed(document)
    value = json_in(document)
    if isinstance(value, dict) and "guid" not in value:
        raise Unreadable(f"What {urlsplit(document.url).netloc} sent is no post of WordPress.")
    posts = value if isinstance(value, list) else [value]
    found = payloads_of([post for post in posts if is_shown(post)], form="wordpress")
    hidden = sum(1 for post in posts if isinstance(post, dict) and is_protected(post))
    return Split(payloads=found.payloads, notes=found.notes + _left_out(hidden))


def read(payload: Payload) -> Post:
    """The post that one item makes, of the API or of the feed.

    Raises:
        ItemUnreadable: no post can be made of it.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    return post_in(said_in(payload)) if payload.form == "wordpress" else feed_reading.read(payload)


connector = Connector(platform=Platform.WORDPRESS, fetch=fetch, split=split, read=read, check=check)


async def _front_page(http: Http, home: str, *, now: datetime) -> Answer | None:
    """Any page or feed of the site; what it links to matters, not what it says."""
    try:
        answer = await http.ask(home, now=now)
    except Challenged:
        return None
    if answer.status in BROKEN:
        raise refused(Said(answer=answer, value=None))
    return answer


def _roots(front: Answer | None, home: str) -> tuple[str, ...]:
    named = named_root(front) if front is not None else None
    return (named,) if named else guessed_roots(front.url if front is not None else home)


async def _by_api(http: Http, root: str, cursor: Cursor, *, now: datetime) -> Batch:
    newest, modified = read_date(cursor.get("newest", "")), read_date(cursor.get("modified", ""))
    first = await page(http, root, 1, now=now)
    edits = [] if modified is None else await _edited(http, root, modified, now=now)
    body = _hash(first, *edits)
    if body == cursor.get("body"):
        return Batch(cursor=cursor, not_modified=True)
    pages = await _older(http, root, first, until=_until(first, newest, cursor), is_first=newest is None, now=now)
    posts = [post for said in (*pages, *edits) for post in posts_of(said)]
    latest = {
        "newest": max(filter(None, (newest, *map(published_in, posts))), default=None),
        "modified": max(filter(None, (modified, *map(modified_in, posts))), default=None),
    }
    kept = {"root": root, "body": body} | {name: moment.isoformat() for name, moment in latest.items() if moment}
    total = first.header("x-wp-total")
    return Batch(
        documents=tuple(said.document(form="posts", now=now) for said in (*pages, *edits)),
        cursor=kept | ({"total": total} if total else {}),
        covers_since=_covered(pages, first),
    )


def _hash(*pages: Said) -> str:
    """Over all that was said, how many posts there are too: deletions beyond the window show only there."""
    parts = [part for said in pages for part in (said.answer.body, (said.header("x-wp-total") or "").encode())]
    return blake2b(b"\0".join(parts), digest_size=16).hexdigest()


def _until(first: Said, newest: datetime | None, cursor: Cursor) -> datetime | None:
    """The post at which to stop paging; None = as far as we go: at first, and where an older one was deleted."""
    total, known = first.header("x-wp-total") or "", cursor.get("total", "")
    if newest is None or not (total.isdecimal() and known.isdecimal()):
        return newest
    added = sum(1 for post in posts_of(first) if (moment := published_in(post)) is not None and moment > newest)
    return newest if int(total) >= int(known) + added or added == PAGE else None


async def _older(
    http: Http, root: str, first: Said, *, until: datetime | None, is_first: bool, now: datetime
) -> list[Said]:
    pages = [first]
    most = FIRST_PAGES if is_first else MOST_PAGES
    while len(pages) < most and len(posts_of(pages[-1])) == PAGE:
        moments = [moment for post in posts_of(pages[-1]) if (moment := published_in(post))]
        if until is not None and any(moment <= until for moment in moments):
            break
        said = await page(http, root, len(pages) + 1, now=now)
        if is_end(said):
            break
        pages.append(said)
    return pages


async def _edited(http: Http, root: str, modified: datetime, *, now: datetime) -> list[Said]:
    """What was edited since, wherever it stands. WordPress before 5.7 knows no `modified_after`, but the order."""
    since = (modified - timedelta(seconds=1)).astimezone(UTC).isoformat()
    pages: list[Said] = []
    while len(pages) < MOST_PAGES:
        said = await page(http, root, len(pages) + 1, now=now, modified_after=since, orderby="modified")
        if is_end(said):
            break
        pages.append(said)
        moments = [moment for post in posts_of(said) if (moment := modified_in(post))]
        if len(posts_of(said)) < PAGE or any(moment < modified for moment in moments):
            break
    return pages


async def _by_feed(
    http: Http, account: Account, cursor: Cursor, front: Answer | None, *, off_since: datetime, now: datetime
) -> Batch:
    """The site's feed. What the API told already stays as it was told: the feed knows less of it."""
    root = cursor.get("root") or (named_root(front) if front is not None else None)
    found = [cursor["url"]] if "url" in cursor else feeds(account.url or "", front, root)
    kept: Cursor = {name: cursor[name] for name in ("root", "newest", "modified", "total") if name in cursor}
    kept["off_since"] = off_since.isoformat()
    since = {"since": cursor["newest"]} if "newest" in cursor else {}
    failure: VisitFailed = NotAFeed("The site has no feed.")
    for place in list(dict.fromkeys(found))[:MOST_FEEDS]:
        try:
            batch = await feed_visit.fetch(http, replace(account, url=place), cursor, credential=None, now=now)
        except NotFound as missing:
            failure = missing
            continue
        if batch.not_modified or looks_like_feed(batch.documents[0].body):
            documents = tuple(replace(document, form="feed", context=since) for document in batch.documents)
            return replace(batch, documents=documents, cursor=batch.cursor | kept, moved_to=None)
        failure = NotAFeed(f"{place} is not a feed.")
    raise failure


def _split_feed(document: Document) -> Split:
    found = feed_reading.split(document)
    shown = [payload for payload in found.payloads if _PASSWORD_FORM not in payload.body]
    hidden = len(found.payloads) - len(shown)
    if since := read_date(document.context.get("since", "")):
        shown = [payload for payload in shown if _is_newer(payload, since)]
    return Split(
        payloads=tuple(shown),
        notes=(*found.notes, *_left_out(hidden)),
        next_hint=found.next_hint,
        covers_since=max(found.covers_since, since + timedelta(seconds=1))
        if found.covers_since and since
        else found.covers_since,
    )


def _is_newer(payload: Payload, since: datetime) -> bool:
    try:
        published = feed_reading.read(payload).published_at
    except (ItemUnreadable, PostRefused):
        return True  # kept as what could not be read
    return published is None or published > since


def _left_out(hidden: int) -> tuple[str, ...]:
    return (f"{hidden} of its posts want a password and were left out.",) if hidden else ()


def _covered(pages: Sequence[Said], first: Said) -> datetime | None:
    total = first.header("x-wp-total") or ""
    last = posts_of(pages[-1])
    if len(last) < PAGE or (total.isdecimal() and int(total) <= PAGE * len(pages)):
        return EVERYTHING
    oldest = min((moment for post in last if (moment := published_in(post))), default=None)
    return oldest + timedelta(seconds=1) if oldest else None
