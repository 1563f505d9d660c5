"""Sites without a feed: their list of articles, then each article's own page.

Where the articles are: a news sitemap, else the links of the page that is registered, with
what a dated sitemap adds to them. What an article says: JSON-LD, OpenGraph, microformats,
else its heading, dates and text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors import permalinks
from feedhub.connectors.contract import Batch, Connector, Cursor, Limits, Split, Suspect
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.connectors.page_address import is_article_address, page_id, site_of
from feedhub.connectors.page_article import is_article_page, post_in
from feedhub.connectors.page_cut import cut_out, says_absent
from feedhub.connectors.page_list import article_links, next_page, shape_of, why_no_article
from feedhub.connectors.page_memory import MOST_PAGES, KnownPage, body_hash, cursor_of, not_listed, pages_in, to_ask
from feedhub.connectors.page_sitemap import Listed, Sitemap, sitemap_in
from feedhub.connectors.page_sitemap_places import find_sitemap
from feedhub.errors import ItemUnreadable
from feedhub.failures import AccountUnsupported, RateLimited, VisitFailed
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.post import Post
from feedhub.posts.urls import canonical_url

MOST_LISTS = 3  # pages of one list, at first and after an outage
MOST_FAILURES = 2  # pages that fail in one visit before the others are left for the next

_LOOK_AGAIN = timedelta(days=1)  # for a sitemap
_STALE = timedelta(days=60)  # a sitemap whose newest page is older was made once and forgotten
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_OK = range(200, 300)
_REMEDY = "Register the page on which the site lists its news; its links must lead to articles of the same site."


@dataclass(slots=True, kw_only=True)
class _Round:
    """What came of asking for pages in one visit."""

    pages: dict[str, KnownPage]
    documents: list[Document] = field(default_factory=list)
    missing: list[KnownPage] = field(default_factory=list)
    there: int = 0
    failures: int = 0
    limits: Limits | None = None


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - pages for people need none
    """Article pages that are new, and some that were read before, to see what became of them.

    The cursor holds `home` (for which the rest is true), `sitemap` ("" = none), `looked_at`
    (for one), and each known page with its validators.

    Raises:
        VisitFailed: AccountUnsupported where no list of articles is found, and those of the fetcher.
    """
    home = canonical_url(account.url or "") or ""
    known = cursor if cursor.get("home") == home else {}
    memory = pages_in(known)
    sitemap, looked = await _sitemap(http, home, known, now=now)
    listed = _news(sitemap, home, now) or await _listed(http, home, memory, sitemap, now=now)
    pages = {one.url: memory.get(one.url, KnownPage(url=one.url)).listed(one.changed_at) for one in listed}
    pages |= {page.url: page for page in not_listed(memory, pages)}
    found = _Round(pages=dict(list(pages.items())[:MOST_PAGES]))
    is_front = urlsplit(home).path in {"", "/"}
    for page in to_ask(found.pages.values()):
        if found.limits or found.failures >= MOST_FAILURES:
            break
        await _ask(http, page, found, is_front=is_front, now=now)
    # A site that has none of its pages is broken; one that has the others means it.
    gone = [page for page in found.missing if page.read_at is not None and found.there]
    for page in gone:
        del found.pages[page.url]
    return Batch(
        documents=tuple(found.documents),
        cursor={"home": home} | looked | cursor_of(found.pages.values()),
        not_modified=not found.documents and not gone,
        gone=tuple(page_id(page.url) for page in gone),
        limits=found.limits,
    )


async def check(
    http: Http,
    account: Account,  # noqa: ARG001 - the posts' own addresses are asked
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,  # noqa: ARG001 - pages for people need none
    now: datetime,
) -> Batch:
    """404 or 410 while a page beside it is there means gone; what is there is read again."""
    gone, there = await permalinks.asked(http, suspects, now=now)
    documents = [_document(answer, id, is_front=False, now=now) for id, answer in there.items() if _is_same(answer, id)]
    return Batch(documents=tuple(documents), gone=gone)


def split(document: Document) -> Split:
    """The article of one page; nothing for pages that hold none, or say that they are not there."""
    id, url = document.context.get("id") or page_id(document.url), document.context.get("url") or document.url
    if says_absent(document.body, document.content_type):
        return Split(payloads=(), notes=(f"{url} says that it is not there, but answers as if it were.",))
    page = cut_out(document.body, document.content_type)
    seen_on = document.fetched_at.date()
    if page is None or ("is_front" in document.context and not is_article_page(page, url=url, seen_on=seen_on)):
        return Split(payloads=())
    context = {"id": id, "url": url, "seen_on": seen_on.isoformat()}
    return Split(payloads=(Payload(form="page", body=page, context=context),))


def read(payload: Payload) -> Post:
    """The post that one page makes.

    Raises:
        ItemUnreadable: there is no article in it.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    context = payload.context
    seen_on = datetime.fromisoformat(context["seen_on"]).date()
    return post_in(payload.body, id=context["id"], url=context["url"], seen_on=seen_on)


connector = Connector(platform=Platform.WEBPAGE, fetch=fetch, split=split, read=read, check=check, most_checked=5)


async def _sitemap(http: Http, home: str, known: Cursor, *, now: datetime) -> tuple[Sitemap | None, Cursor]:
    """The site's sitemap, if it has one that tells what is new, and what to remember of it."""
    looked_at = read_date(known.get("looked_at", ""))
    if looked_at is None or now - looked_at >= _LOOK_AGAIN:
        place, looked_at = await find_sitemap(http, home, now=now), now
    else:
        place = known.get("sitemap", "")
    looked = {"sitemap": place, "looked_at": looked_at.isoformat()}
    if not place:
        return None, looked
    answer = await http.ask(place, now=now)
    return (sitemap_in(answer.body) if answer.status in _OK else None), looked


def _news(sitemap: Sitemap | None, home: str, now: datetime) -> list[Listed]:
    """All of a news sitemap, where the account is the whole site and the sitemap is kept up."""
    if sitemap is None or not sitemap.is_news or urlsplit(home).path not in {"", "/"}:
        return []
    return [one for one in _fresh(sitemap, now) if is_article_address(one.url, home)]


def _fresh(sitemap: Sitemap | None, now: datetime) -> Sequence[Listed]:
    newest = max((one.changed_at for one in sitemap.pages if one.changed_at), default=None) if sitemap else None
    return sitemap.pages if sitemap and newest and now - newest <= _STALE else ()


async def _listed(
    http: Http, home: str, memory: dict[str, KnownPage], sitemap: Sitemap | None, *, now: datetime
) -> list[Listed]:
    """The links of the list page, of older ones too after an outage, and what the sitemap knows of their kind."""
    links: dict[str, None] = {}
    place: str | None = home
    for _ in range(MOST_LISTS):
        if place is None:
            break
        answer = await http.get(place, now=now)
        kind = answer.headers.get("content-type")
        found = article_links(answer.body, kind, home)
        links |= dict.fromkeys(found)
        if not links and not memory:
            reason = why_no_article(answer.body, kind, home) or f"FeedHub finds no list of articles at {home}."
            raise AccountUnsupported(reason, remedy=_REMEDY)
        if not found or any(url in memory for url in found):
            break
        place = next_page(answer.body, kind, answer.url)
    changes = {one.url: one.changed_at for one in _fresh(sitemap, now)}
    shapes = {shape_of(url) for url in links}
    more = [url for url in changes if url not in links and shape_of(url) in shapes and is_article_address(url, home)]
    return [Listed(url=url, changed_at=changes.get(url)) for url in (*links, *more)]


async def _ask(http: Http, page: KnownPage, found: _Round, *, is_front: bool, now: datetime) -> None:
    """Ask for one page, and remember what came of it."""
    id = page_id(page.url)
    try:
        answer = await http.ask(page.url, headers=page.conditions, now=now)
    except VisitFailed:
        found.failures += 1
        found.pages[page.url] = page.tried()
        return
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        if not found.there:
            raise RateLimited(f"{urlsplit(page.url).netloc} asks FeedHub to come back later.", retry_at=answer.retry_at)
        found.limits = Limits(left=0, resets_at=answer.retry_at or now + timedelta(hours=1))
    elif answer.status == HTTPStatus.NOT_MODIFIED:
        found.there += 1
        found.pages[page.url] = replace(page, read_at=now, tries=0)
    elif answer.status in _OK and _is_same(answer, id):
        found.there += 1
        if body_hash(answer) != page.body:
            found.documents.append(_document(answer, id, is_front=is_front, now=now, url=page.url))
        found.pages[page.url] = page.answered(answer, now=now)
    else:
        # Sent to the front page, a list or a login: that is no word about the article.
        found.missing += [page] if answer.status in _GONE else []
        found.failures += answer.status not in _OK and answer.status not in _GONE
        found.pages[page.url] = page.tried()


def _is_same(answer: Answer, id: str) -> bool:
    """Whether an answer is about the page that was asked for, or about it under a longer name."""
    try:
        final = page_id(answer.url)
    except ItemUnreadable:
        return False
    last, asked = final.rpartition("/")[2], id.rpartition("/")[2]
    return final == id or (site_of(answer.url) == id.partition("/")[0] and (asked in last or last in asked))


def _document(answer: Answer, id: str, *, is_front: bool, now: datetime, url: str | None = None) -> Document:
    context = {"id": id, "url": url or answer.url} | ({"is_front": "1"} if is_front else {})
    return Document(
        url=answer.url,
        body=answer.body,
        fetched_at=now,
        content_type=answer.headers.get("content-type"),
        form="page",
        context=context,
    )
