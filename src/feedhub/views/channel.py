"""Everything a view is given."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

from feedhub.accounts.account import Account, Platform, Publisher
from feedhub.posts import languages
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post, PostStatus
from feedhub.posts.text import clean_text, one_line
from feedhub.views.messages import language_of_pages, speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A post that can no longer be shown: who it was and since when, never what it said."""

    id: UUID
    deleted_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Where a feed goes on (RFC 5005 section 4). `current_url` is set in an archive: the document to subscribe to."""

    current_url: str | None = None
    older_url: str | None = None
    newer_url: str | None = None

    def links(self) -> list[tuple[str, str]]:
        """The rel and href of what is known."""
        said = (("current", self.current_url), ("prev-archive", self.older_url), ("next-archive", self.newer_url))
        return [(rel, href) for rel, href in said if href]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One feed, whatever format it is shown in.

    `public_url` has no trailing slash. `page_url` is the HTML page of the same posts,
    `self_url` the feed's own canonical address in this format, `next_url` its next page.
    `updated_at` is the newest change shown here. `posts` are newest first and live.
    `follow_url` is the page of every way to follow these posts and `style_url` the style by which a
    browser shows the feed to people; both or none.
    """

    id: str
    title: str
    description: str
    publisher: Publisher
    public_url: str
    page_url: str
    self_url: str
    updated_at: datetime
    posts: tuple[KeptPost, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    next_url: str | None = None
    history: History = History()
    follow_url: str | None = None
    style_url: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The publisher's time zone, in which every time is shown."""
        return ZoneInfo(self.publisher.time_zone)

    @property
    def hub_url(self) -> str:
        """Where to subscribe to being told of this feed (WebSub)."""
        return f"{self.public_url}/hub"

    def post_url(self, kept: KeptPost) -> str:
        """The permalink: the link of a post in every format."""
        return f"{self.public_url}/posts/{kept.id}"

    @property
    def rights(self) -> str | None:
        """Who allows what, as a sentence for readers that show one."""
        return f"{self.publisher.name}, {self.publisher.license}" if self.publisher.license else None

    def graves(self) -> list[Tombstone]:
        """The tombstones, each id once (its newest), without posts that live again."""
        living = {kept.id for kept in self.posts if shown_content(kept)}
        newest: dict[UUID, Tombstone] = {}
        for stone in self.tombstones:
            held = newest.get(stone.id)
            if stone.id not in living and (held is None or held.deleted_at < stone.deleted_at):
                newest[stone.id] = stone
        return list(newest.values())


def legal(channel: Channel) -> Channel:
    """The channel with its own texts cleaned: a title may hold what somebody typed into a search.

    A post's texts are clean already; what else stands in an entry costs that entry, not the feed.
    """
    name = one_line(channel.publisher.name) or channel.public_url
    publisher = replace(channel.publisher, name=name)
    stones = tuple(
        replace(stone, reason=clean_text(stone.reason)) if stone.reason else stone for stone in channel.tombstones
    )
    title, description = one_line(channel.title) or name, clean_text(channel.description)
    return replace(channel, title=title, description=description, publisher=publisher, tombstones=stones)


def shown_content(kept: KeptPost) -> Post | None:
    """The content of a live post, else None: the one rule of every view."""
    return kept.post if kept.status is PostStatus.LIVE else None


def urn(id: UUID) -> str:
    """The identity of a post or an account in every format.

    >>> urn(UUID("5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11"))
    'urn:uuid:5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11'
    """
    return f"urn:uuid:{id}"


def local_time(at: datetime, zone: ZoneInfo) -> datetime:
    """A moment in the publisher's zone, whole seconds.

    Before zones were standardised their offsets had seconds, which RFC 3339 can't write: then UTC.
    """
    local = at.astimezone(zone).replace(microsecond=0)
    offset = local.utcoffset()
    return local.astimezone(UTC) if offset is None or offset.seconds % 60 else local


def rfc3339(at: datetime, zone: ZoneInfo) -> str:
    """A moment in the publisher's offset, whole seconds (RFC 3339).

    >>> rfc3339(datetime(2026, 11, 20, 1, 0, 0, 999, tzinfo=UTC), ZoneInfo("Asia/Jakarta"))
    '2026-11-20T08:00:00+07:00'
    """
    return local_time(at, zone).isoformat()


def language_tag(post: Post) -> str | None:
    """The post's language where it is one (BCP 47); XML and HTML allow nothing else."""
    return languages.language_tag(post.language)


def shown_title(kept: KeptPost, post: Post) -> str:
    """A title for formats that can't do without one: at worst the department's name."""
    return post.title if post.title.strip() else kept.department.name


def html_with_notice(kept: KeptPost, post: Post, publisher: Publisher) -> str:
    """The content as HTML, a correction's notice as its first paragraph."""
    if kept.notice is None:
        return post.content_html
    label = speaker(language_of_pages(publisher.language))(kept.notice.kind.value)
    return f"<p><strong>{label}:</strong> {escape(kept.notice.reason)}</p>{post.content_html}"


def summary_with_notice(kept: KeptPost, post: Post, publisher: Publisher) -> str:
    """The summary, a correction's notice before it; empty where there is neither."""
    if kept.notice is None:
        return post.summary
    label = speaker(language_of_pages(publisher.language))(kept.notice.kind.value)
    return f"{label}: {kept.notice.reason} {post.summary}".strip()


def text_with_notice(kept: KeptPost, post: Post, publisher: Publisher) -> str:
    """The content as plain text, a correction's notice as its first paragraph."""
    if kept.notice is None:
        return post.content_text
    label = speaker(language_of_pages(publisher.language))(kept.notice.kind.value)
    return f"{label}: {kept.notice.reason}\n\n{post.content_text}"


def epitaph(stone: Tombstone, publisher: Publisher) -> str:
    """What stands where a post stood: that it is gone and why, never what it said."""
    say = speaker(language_of_pages(publisher.language))
    if stone.reason is None:
        return say("gone_source")
    return f"{say('gone_withdrawn', publisher=publisher.name)} {say('gone_reason')}: {stone.reason}"


def account_title(kept: KeptPost) -> str:
    """What a reader calls the account that a post came from."""
    account = kept.account
    return f"{kept.department.name} ({account.platform.value}{': ' + account.handle if account.handle else ''})"


def account_feed(account: Account, public_url: str, format: str) -> str:
    """The feed that a post came from: the account's own, or ours where its platform has none."""
    if account.platform is Platform.WEBFEED and account.url:
        return account.url
    return f"{public_url}/feed.{format}?account={account.id}"
