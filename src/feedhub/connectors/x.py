"""X (formerly Twitter): the posts of an account, by API v2 with the city's own app.

docs.x.com/x-api/users/get-posts. X bills each post it returns, once a UTC day, so FeedHub asks
for what is new, reads again what may still be edited, and asks once a day by id whether the
posts of the last days still stand.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask, root_of
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Limits, Need, Profile, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.x_post import (
    CLOCK_SHIFT,
    Json,
    as_object,
    history_of,
    moment_of,
    objects_in,
    posts_in,
    read,
    split,
)
from feedhub.connectors.x_refusal import gone_id, refusal, refusal_by_errors, resets_at
from feedhub.failures import BadAnswer, CredentialMissing, NotFound
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date

PAGE = 100  # posts; the most that the API gives
FIRST_POSTS = 100  # of an account never visited before: half a dollar
MOST_PAGES = 25  # after an outage; X shows no more than the newest 3,200
MOST_CHECKED = 100  # posts; the most that one lookup takes
# Once a UTC day the posts of so long are looked up by id. Each costs once more, so days are dear.
RECHECKED = timedelta(days=2)

_ROOT = "https://api.x.com"
# Of ids. Posts are kept by whole seconds, so that what is read again lies clearly after it.
_TWO_SECONDS = 2_000 << CLOCK_SHIFT
_FIELDS = {
    "tweet.fields": (
        "article,attachments,author_id,conversation_id,created_at,display_text_range,edit_controls,"
        "edit_history_tweet_ids,entities,geo,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,public_metrics,"
        "referenced_tweets,withheld"
    ),
    # No referenced posts and no authors: both are billed, and nothing of theirs is kept.
    "expansions": "attachments.media_keys,attachments.poll_ids,geo.place_id",
    "media.fields": "alt_text,duration_ms,height,media_key,preview_image_url,type,url,variants,width",
    "poll.fields": "end_datetime,id,options,voting_status",
    "place.fields": "full_name,geo,id,name,place_type",
}


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:
    """What is new since the last visit, and again what may have been edited since.

    The cursor holds `id` (the account's, looked up once: people are billed too), `since` (an
    id: below it nothing can be edited any more) and `day` (of the last daily check).

    Raises:
        VisitFailed: NotFound, AccountSuspended, AccountPrivate, RateLimited, PaymentNeeded,
            TokenRefused, PermissionMissing and those of the fetcher.
    """
    token, root, profile = _token(credential), root_of(account, _ROOT), None
    known = cursor if "id" in cursor else _named_by_id(account)
    if known is None:
        known, profile = await _looked_up(http, root, account, token=token, now=now)
    pages = await _pages(http, root, account, known, token=token, now=now)
    posts = [post for page in pages for post in posts_in(page.value)]
    day = now.astimezone(UTC).date().isoformat()
    covers_since = _covered(pages, known, posts)
    if known.get("day") != day and covers_since is not None:
        # Not all of these are listed; what isn't is asked for by id, which is what is wanted.
        covers_since = min(covers_since, now - RECHECKED)
    return Batch(
        documents=tuple(_document(page, account, now=now) for page in pages if posts_in(page.value)),
        cursor=known | {"day": day} | _since(posts, known, now),
        not_modified=not posts and "since" in known,
        covers_since=covers_since,
        limits=limits_of(pages[0]),
        profile=profile,
    )


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,
    now: datetime,
) -> Batch:
    """Single posts by id: `resource-not-found` is X's word that one was deleted.

    The id of an edited post answers with its first version, so its last one is asked for too.
    """
    token, root = _token(credential), root_of(account, _ROOT)
    ids = [suspect.native_id for suspect in suspects if suspect.native_id.isdecimal()]
    if not ids:
        return Batch()
    said = await _lookup(http, root, ids, token=token, now=now)
    errors = objects_in(said.value.get("errors"))
    gone = tuple(id for error in errors if (id := gone_id(error)) in ids)
    latest = sorted({history_of(post)[-1] for post in posts_in(said.value) if history_of(post)})
    if not latest and not gone and errors:
        raise refusal_by_errors(errors, _name(account))
    if not set(latest) <= set(ids):
        # Only last versions are read: an earlier one would look like an edit.
        said = await _lookup(http, root, latest, token=token, now=now)
    open_ones = len(ids) - len(latest) - len(gone)
    notes = (f"X does not say what became of {open_ones} of its posts.",) if open_ones > 0 else ()
    return Batch(documents=(_document(said, account, now=now),) if latest else (), gone=gone, notes=notes)


connector = Connector(
    platform=Platform.X,
    fetch=fetch,
    split=split,
    read=read,
    need=Need.PLATFORM,
    check=check,
    most_checked=MOST_CHECKED,
)


def _token(credential: Credential | None) -> str:
    if credential is None:
        raise CredentialMissing(
            "FeedHub has no X credential.",
            remedy="Run `feedhub credentials add x` with the bearer token of the city's app.",
        )
    return credential.token


def _handle(account: Account) -> str | None:
    """The name in its register entry, so that every route to a post writes the same address."""
    path = urlsplit(account.url or "").path.strip("/").split("/")
    named = account.handle or ("" if path[0] == "i" else path[0])
    return named.strip().removeprefix("@") or None


def _named_by_id(account: Account) -> Cursor | None:
    """x.com/i/user/ID needs no lookup."""
    match urlsplit(account.url or "").path.strip("/").split("/"):
        case ["i", "user", id] if id.isdecimal():
            return {"id": id}
    return None


def _name(account: Account) -> str:
    handle = _handle(account)
    return f"@{handle}" if handle else account.url or account.key


async def _looked_up(http: Http, root: str, account: Account, *, token: str, now: datetime) -> tuple[Cursor, Profile]:
    handle = _handle(account)
    if handle is None:
        raise NotFound("The account names nobody on X.", remedy="Register https://x.com/HANDLE or x.com/i/user/ID.")
    url = f"{root}/2/users/by/username/{quote(handle, safe='')}"
    said = await ask(http, url, token=token, now=now)
    _refuse(said, _name(account))
    user = as_object(as_object(said.value).get("data"))
    id = user.get("id")
    if not isinstance(id, str) or not id.isdecimal():
        raise refusal_by_errors(objects_in(as_object(said.value).get("errors")), _name(account))
    return {"id": id}, Profile(native_id=id, name=user.get("name"), handle=user.get("username"))


async def _pages(http: Http, root: str, account: Account, known: Cursor, *, token: str, now: datetime) -> list[Said]:
    """Newest first, back to what is known; X may give fewer posts a page than it was asked for."""
    pages: list[Said] = []
    query: dict[str, str | int | None] = {"max_results": PAGE, "since_id": known.get("since"), **_FIELDS}
    while True:
        said = await ask(http, f"{root}/2/users/{known['id']}/tweets", query=query, token=token, now=now)
        _refuse(said, _name(account))
        value = as_object(said.value)
        if not value.keys() & {"data", "meta"}:
            raise refusal_by_errors(objects_in(value.get("errors")), _name(account))
        pages.append(said)
        query["pagination_token"] = _next(said)
        is_enough = "since" not in known and sum(len(posts_in(page.value)) for page in pages) >= FIRST_POSTS
        if query["pagination_token"] is None or is_enough or len(pages) == MOST_PAGES:
            return pages


async def _lookup(http: Http, root: str, ids: Sequence[str], *, token: str, now: datetime) -> Said:
    query = {"ids": ",".join(ids[:MOST_CHECKED]), **_FIELDS}
    said = await ask(http, f"{root}/2/tweets", query=query, token=token, now=now)
    _refuse(said, "the account")
    if not isinstance(said.value, dict):
        raise BadAnswer("X answered with something that is not a list of posts.")
    return said


def _refuse(said: Said, named: str) -> None:
    if not said.is_ok:
        raise refusal(said, named)


def _document(said: Said, account: Account, *, now: datetime) -> Document:
    handle = _handle(account)
    return said.document(form="posts", now=now, **({"handle": handle} if handle else {}))


def _next(said: Said) -> str | None:
    token = as_object(said.value.get("meta")).get("next_token")
    return token if isinstance(token, str) and token else None


def _covered(pages: Sequence[Said], known: Cursor, posts: Sequence[Json]) -> datetime | None:
    """From when on the pages hold everything: from `since`, or from the oldest post where there are more pages."""
    if _next(pages[-1]) is not None:
        oldest = read_date(str(posts[-1].get("created_at"))) if posts else None
    elif "since" in known:
        oldest = moment_of(known["since"])
    else:
        return EVERYTHING
    return oldest + timedelta(seconds=1) if oldest else None


def _since(posts: Sequence[Json], known: Cursor, now: datetime) -> Cursor:
    """Below which id nothing is new and nothing can be edited any more.

    An edit gets an id of its own and would be listed anyway. But a post is most often taken
    back or edited in its first hour, and reading it again on the same day costs nothing.
    """
    ids = [int(history[-1]) for post in posts if (history := history_of(post))]
    open_ones = [
        int(history_of(post)[-1]) - _TWO_SECONDS for post in posts if history_of(post) and _is_editable(post, now)
    ]
    newest = max([int(known.get("since", "0")), *ids])
    return {"since": str(max(min([newest, *open_ones]), 0))} if newest else {}


def _is_editable(post: Json, now: datetime) -> bool:
    controls = as_object(post.get("edit_controls"))
    until = read_date(str(controls.get("editable_until") or ""))
    return controls.get("is_edit_eligible") is not False and until is not None and until > now


def limits_of(said: Said) -> Limits | None:
    """Of the endpoint that is asked most; the lookup of posts has its own."""
    left, full_at = said.header("x-rate-limit-remaining") or "", resets_at(said)
    return Limits(left=int(left), resets_at=full_at) if left.isdecimal() and full_at else None
