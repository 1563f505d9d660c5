"""Bluesky: what an account posts, by the public AppView of the AT Protocol; no credential.

docs.bsky.app/docs/api/app-bsky-feed-get-author-feed; atproto.com/specs/account for what an account can become.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask, json_in, payloads_of, root_of, said_in
from feedhub.connectors.bluesky_account import DID, active_server, explained, is_without, limits, refusal
from feedhub.connectors.bluesky_post import POST, REPOST, Json, author_of, is_repost, moment_of, own_words, post_of
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Profile, Split, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.loose import record_in, records_in, text_in
from feedhub.failures import AccountPrivate, BadAnswer, Unreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.post import Post

ROOT = "https://public.api.bsky.app"
PAGE = 50  # posts; the AppView gives at most 100
FIRST_PAGES = 4  # of an account never visited before
MOST_PAGES = 20  # after an outage: back to the last known post, as far as this
MOST_CHECKED = 25  # uris that getPosts takes

_HIDDEN = "!no-unauthenticated"


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - the public AppView needs none
    """The newest posts and reposts, and older ones back to the last known one.

    The cursor holds `did` (so that a new handle changes nothing), `newest` (when the newest
    known post was said) and `etag` of the first page, which is read again at each visit.

    Raises:
        VisitFailed: NotFound, AccountSuspended, AccountPrivate, RateLimited and those of the fetcher.
    """
    root, did = root_of(account, ROOT), cursor.get("did") or _did_in(account)
    actor = did or _handle(account)
    pages, said = [], await _page(http, root, actor, etag=cursor.get("etag"), now=now)
    if said.status == HTTPStatus.NOT_MODIFIED:
        return Batch(cursor=cursor, not_modified=True, limits=limits(said))
    etag, most = said.header("etag"), MOST_PAGES if "newest" in cursor else FIRST_PAGES
    while True:
        pages.append(said)
        after = text_in(said.value, "cursor")
        if not after or len(pages) == most or any(_is_known(item, cursor) for item in _feed(said)):
            break
        said = await _page(http, root, actor, after=after, now=now)
    items = [item for page in pages for item in _feed(page)]
    author = next((found for item in items if (found := author_of(item))), {})
    _refuse_hidden(author)
    did = did or text_in(author, "did")
    newest = max([cursor.get("newest", ""), *(_time(item) for item in items)])
    kept = {"did": did, "newest": newest, "etag": etag or ""}
    return Batch(
        documents=tuple(page.document(form="feed", now=now, did=did) for page in pages),
        cursor={name: value for name, value in kept.items() if value},
        covers_since=_covered(pages),
        limits=limits(said),
        profile=_profile(author),
    )


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,  # noqa: ARG001 - the public AppView needs none
    now: datetime,
) -> Batch:
    """Single posts: getPosts leaves out deleted ones, and those of accounts that were taken down.

    So an absence counts only where the account's own server says that the account is active;
    a repost, which getPosts does not know, only where that server no longer has its record.
    """
    root = root_of(account, ROOT)
    posts = [one.native_id for one in suspects if f"/{POST}/" in one.native_id][:MOST_CHECKED]
    reposts = [one.native_id for one in suspects if f"/{REPOST}/" in one.native_id]
    said: Said | None = None
    if posts:
        said = await ask(
            http, f"{root}/xrpc/app.bsky.feed.getPosts?{urlencode([('uris', uri) for uri in posts])}", now=now
        )
        if not said.is_ok or not isinstance(record_in(said.value).get("posts"), list):
            raise refusal(said, _handle(account))
    shown = {text_in(post, "uri") for post in records_in(said.value if said else None, "posts")}
    gone = [uri for uri in posts if uri not in shown]
    if gone or reposts:
        server = await active_server(http, root, _did_of((gone or reposts)[0]), now=now)
        gone += [uri for uri in reposts if server and await is_without(http, server, uri, now=now)]
    return Batch(
        documents=(said.document(form="posts", now=now),) if said and shown else (),
        gone=tuple(gone),
        limits=limits(said) if said else None,
    )


def split(document: Document) -> Split:
    """A page of a feed, single posts, or records as an account's own server lists them.

    Raises:
        Unreadable: something else.
    """
    value = json_in(document)
    if isinstance(record_in(value).get("feed"), list):
        items = records_in(value, "feed")
    elif isinstance(record_in(value).get("posts"), list):
        items = [{"post": post} for post in records_in(value, "posts")]
    elif "records" in record_in(value) or "value" in record_in(value):
        records = records_in(value, "records") or [record_in(value)]
        items = [{"post": {"uri": one.get("uri"), "record": one.get("value")}} for one in records]
    else:
        raise Unreadable("What Bluesky's AppView sent is no list of posts.")
    did = document.context.get("did")
    own = [item for item in items if not did or text_in(author_of(item), "did") in ("", did)]
    found = payloads_of([own_words(item) for item in own], form="bluesky")
    strangers = len(items) - len(own)
    notes = (f"Posts of others in its feed were left out: {strangers}.",) if strangers else ()
    return Split(payloads=found.payloads, notes=found.notes + notes)


def read(payload: Payload) -> Post:
    """The post that one item makes. Raises ItemUnreadable and PostRefused."""
    return post_of(record_in(said_in(payload)))


connector = Connector(
    platform=Platform.BLUESKY, fetch=fetch, split=split, read=read, check=check, most_checked=MOST_CHECKED
)


async def _page(
    http: Http, root: str, actor: str, *, after: str | None = None, etag: str | None = None, now: datetime
) -> Said:
    said = await ask(
        http,
        f"{root}/xrpc/app.bsky.feed.getAuthorFeed",
        query={"actor": actor, "limit": PAGE, "filter": "posts_with_replies", "cursor": after},
        headers={"If-None-Match": etag} if etag else {},
        now=now,
    )
    if said.status == HTTPStatus.NOT_MODIFIED:
        return said
    if not said.is_ok:
        raise await explained(http, root, said, actor, now=now)
    if not isinstance(record_in(said.value).get("feed"), list):
        raise BadAnswer("Bluesky's AppView answers with something that is no feed.")
    return said


def _refuse_hidden(author: Json) -> None:
    if any(text_in(label, "val") == _HIDDEN for label in records_in(author, "labels")):
        raise AccountPrivate(
            f"{text_in(author, 'handle')} asks that only people who are logged in see its posts.",
            remedy="Ask the department to switch off Settings > Privacy > Logged-out visibility in the Bluesky app.",
        )


def _profile(author: Json) -> Profile | None:
    names = (text_in(author, "did"), text_in(author, "displayName"), text_in(author, "handle"))
    did, name, handle = (said or None for said in names)
    return Profile(native_id=did, name=name, handle=handle) if did else None


def _covered(pages: Sequence[Said]) -> datetime | None:
    """From when on the pages hold everything: a page without a cursor is the last one."""
    if not text_in(pages[-1].value, "cursor"):
        return EVERYTHING
    times = [moment for item in _feed(pages[-1]) if (moment := moment_of(item))]
    return min(times) + timedelta(seconds=1) if times else None


def _feed(said: Said) -> list[Json]:
    return records_in(said.value, "feed")


def _time(item: Json) -> str:
    """By which the feed is sorted: when it was said, or seen if that was earlier."""
    seen = read_date(text_in(record_in(item, "post"), "indexedAt"))
    moment = moment_of(item)
    if moment and seen and not is_repost(record_in(item, "reason")):
        moment = min(moment, seen)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds") if moment else ""


def _is_known(item: Json, cursor: Cursor) -> bool:
    return "newest" in cursor and "" < _time(item) <= cursor["newest"]


def _did_in(account: Account) -> str | None:
    found = DID.search(account.handle or "") or DID.search(account.url or "")
    return found[0] if found else None


def _did_of(uri: str) -> str:
    return uri.removeprefix("at://").partition("/")[0]


def _handle(account: Account) -> str:
    """A handle is a domain name; a bare word is the first part of one of Bluesky's own."""
    shown = urlsplit(account.url or "").path.partition("/profile/")[2]
    named = next((name for name in (account.handle, shown) if name and "." in name), account.handle or shown)
    bare = named.strip().strip("/").removeprefix("@").lower()
    return bare if "." in bare or not bare else f"{bare}.bsky.social"
