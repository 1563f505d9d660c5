"""Telegram: public channels by their preview on t.me, and what a bot is told of them; no credential.

core.telegram.org/widgets and core.telegram.org/bots/api. One page holds about 20 messages.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import quote, urlsplit

from lxml.html import HtmlElement

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, refused, root_of
from feedhub.connectors.contract import EVERYTHING, Batch, Connector, Cursor, Profile, Split, Suspect
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.connectors.telegram_bot import FORM as BOT
from feedhub.connectors.telegram_bot import bot_payload, read_update
from feedhub.connectors.telegram_message import read_message
from feedhub.connectors.telegram_page import (
    MESSAGE,
    ROOT,
    attribute,
    chat_of,
    first,
    is_notice,
    kept,
    messages_in,
    name_of,
    number_of,
    page_of,
    shown,
)
from feedhub.failures import AccountPrivate, AccountSuspended, AccountUnsupported, NotFound, VisitFailed
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.post import Post

__all__ = ["bot_payload", "connector"]

FIRST_PAGES = 5  # of a channel never visited before
MOST_PAGES = 25  # after an outage: back to the last known message, as far as this
MOST_CHECKED = 20
# Addresses of pictures end after about two days (github.com/RSS-Bridge/rss-bridge/issues/1901).
MEDIA_LAST = timedelta(days=2)
MOST_IN_ALBUM = 10

_OK = range(200, 300)
_FORM = "telegram"
_OPEN = (
    "In Telegram: the channel's settings > Channel type > Public channel, with a username."
    " Or make FeedHub's bot an administrator of the channel."
)


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - the preview needs none
    """The newest page, and older ones back to the last known message.

    The cursor holds `newest` (the highest message number ever seen) and `page`, the digest of
    the newest page less its counters.

    Raises:
        VisitFailed: NotFound, AccountPrivate, AccountUnsupported, AccountSuspended and those of the fetcher.
    """
    url = f"{root_of(account, ROOT)}/s/{quote(_channel(account), safe='')}"
    answer, page = await _page(http, url, now=now)
    messages, digest = messages_in(page), _digest(page)
    if cursor.get("page") == digest:
        return Batch(cursor=cursor, not_modified=True)
    profile, newest = _profile(page, messages), max([int(cursor.get("newest", 0)), *map(number_of, messages)])
    answers, most = [answer], MOST_PAGES if "newest" in cursor else FIRST_PAGES
    while _goes_on(page) and len(answers) < most and not _is_known(messages, cursor):
        oldest = min(map(number_of, messages))
        answer, page = await _page(http, f"{url}?before={oldest}", now=now)
        older = messages_in(page)
        if not older or number_of(older[0]) >= oldest:
            break
        answers.append(answer)
        messages = older
    return Batch(
        documents=tuple(_document(one, "page", now) for one in answers),
        cursor={"newest": str(newest), "page": digest},
        covers_since=_oldest(messages) if messages and _goes_on(page) else EVERYTHING,
        profile=profile,
    )


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,  # noqa: ARG001 - the preview needs none
    now: datetime,
) -> Batch:
    """Pages around the suspects; whoever is missing there is asked for alone, and t.me says whether it exists."""
    root, channel = root_of(account, ROOT), _channel(account)
    documents: list[Document] = []
    gone: list[str] = []
    waiting = sorted({_number(one) for one in suspects if _number(one)}, reverse=True)
    named = {_number(one): one.native_id for one in suspects}
    while waiting:
        number = waiting[0]
        # The page that ends after this message, and after the album that it may begin.
        answer, page = await _page(http, f"{root}/s/{quote(channel)}?before={number + MOST_IN_ALBUM}", now=now)
        there = {number_of(one) for one in messages_in(page) if not is_notice(one)}
        if there:
            documents.append(_document(answer, "page", now))
        covered = [one for one in waiting if one == number or (there and one >= min(there))]
        gone += [
            named[missing]
            for missing in covered
            if missing not in there and await _is_gone(http, f"{root}/{quote(channel)}/{missing}?embed=1", now=now)
        ]
        waiting = [one for one in waiting if one not in covered]
    return Batch(documents=tuple(documents), gone=tuple(gone))


def split(document: Document) -> Split:
    """The messages of a page. Notices of the channel itself are counted and left out.

    Raises:
        Unreadable: it is no page.
    """
    messages = messages_in(page_of(document.body))
    said = [message for message in messages if not is_notice(message)]
    left_out = len(messages) - len(said)
    notes = (f"Notices of the channel itself were left out: {left_out}.",) if left_out else ()
    return Split(payloads=tuple(Payload(form=_FORM, body=kept(message)) for message in said), notes=notes)


def read(payload: Payload) -> Post:
    """The post that one message makes, by whichever route it came. Raises ItemUnreadable and PostRefused."""
    return read_update(payload.body) if payload.form == BOT else read_message(payload.body)


connector = Connector(
    platform=Platform.TELEGRAM,
    fetch=fetch,
    split=split,
    read=read,
    check=check,
    most_checked=MOST_CHECKED,
    media_last=MEDIA_LAST,
)


async def _page(http: Http, url: str, *, now: datetime) -> tuple[Answer, HtmlElement]:
    """A page of the preview. Who has none is led to the page that invites people to open Telegram."""
    answer = await http.ask(url, headers={"Accept": "text/html"}, now=now)
    if answer.status not in _OK:
        raise refused(Said(answer=answer, value=None))
    page = page_of(answer.body)
    if not urlsplit(answer.url).path.startswith("/s/"):
        raise _landed(page, urlsplit(url).path.rpartition("/")[2])
    return answer, page


def _landed(page: HtmlElement, channel: str) -> VisitFailed:
    """What the page that invites people says about a channel that has no preview."""
    title = shown(next(iter(page.xpath("//title")), None))
    about, extra = shown(first(page, "tgme_page_description")), shown(first(page, "tgme_page_extra"))
    if "be displayed" in about:
        return AccountSuspended(f"Telegram does not show {channel}: {about[:200]}")
    if "members" in extra or "online" in extra:
        return AccountUnsupported(f"{channel} is a group, not a channel.", remedy="Register the department's channel.")
    if title.startswith("Telegram: View") or "subscriber" in extra:
        return AccountUnsupported(f"The channel {channel} shows no preview on the web.", remedy=_OPEN)
    return NotFound(f"Telegram knows no public channel {channel}.", remedy="Check the username; it may have changed.")


async def _is_gone(http: Http, url: str, *, now: datetime) -> bool:
    """Whether t.me says that a single message does not exist; that a channel doesn't is no word on a message."""
    answer = await http.ask(url, headers={"Accept": "text/html"}, now=now)
    if answer.status not in _OK:
        raise refused(Said(answer=answer, value=None))
    page = page_of(answer.body)
    error = first(page, f"{MESSAGE}_error")
    error = first(page, "err_message") if error is None else error
    return error is not None and not messages_in(page) and not shown(error).lower().startswith("channel")


def _document(answer: Answer, form: str, now: datetime) -> Document:
    return Document(
        url=answer.url,
        body=answer.body,
        fetched_at=now,
        content_type=answer.headers.get("content-type"),
        form=form,
    )


def _digest(page: HtmlElement) -> str:
    """What the newest page says, counters aside: they alone are no reason to read it all again."""
    said = blake2b(digest_size=16)
    for message in map(deepcopy, messages_in(page)):
        for counter in (first(message, f"{MESSAGE}_views"), first(message, f"{MESSAGE}_voters")):
            if counter is not None:
                counter.text = ""
        said.update(kept(message))
    return said.hexdigest()


def _profile(page: HtmlElement, messages: Sequence[HtmlElement]) -> Profile:
    name = attribute(page, "//meta[@property='og:title']/@content") or None
    handle = name_of(messages[-1]).partition("/")[0] if messages else None
    return Profile(native_id=chat_of(messages[-1]) if messages else None, name=name, handle=handle)


def _goes_on(page: HtmlElement) -> bool:
    """Whether there are older messages: the page links to them."""
    return bool(page.xpath("//link[@rel='prev'] | //a[@data-before]"))


def _oldest(messages: Sequence[HtmlElement]) -> datetime | None:
    said = read_date(attribute(messages[0], ".//*[contains(@class, 'message_date')]//time/@datetime"))
    return said + timedelta(seconds=1) if said else None


def _is_known(messages: Sequence[HtmlElement], cursor: Cursor) -> bool:
    return not messages or ("newest" in cursor and min(map(number_of, messages)) <= int(cursor["newest"]))


def _number(suspect: Suspect) -> int:
    number = suspect.native_id.rpartition("/")[2]
    return int(number) if number.isdecimal() else 0


def _channel(account: Account) -> str:
    """The username. Raises AccountPrivate for an invitation, which leads to a channel without one."""
    path = urlsplit(account.url or "").path.strip("/").removeprefix("s/")
    named = (account.handle or path).strip().removeprefix("@").partition("/")[0]
    if named.startswith("+") or path.startswith(("+", "joinchat/")):
        raise AccountPrivate("The address is an invitation to a private channel.", remedy=_OPEN)
    return named.lower()
