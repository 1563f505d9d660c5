"""The shapes of the JSON API: the public contract as types. Every key is always there, in this order."""

from typing_extensions import TypedDict  # FastAPI reads typing's own only from Python 3.12 on


class DepartmentBrief(TypedDict):
    """A department beside a post or an account."""

    slug: str
    name: str
    url: str | None


class AccountBrief(TypedDict):
    """An account beside a post."""

    id: str
    platform: str
    handle: str | None
    url: str | None
    verified_at: str | None


class MediaJson(TypedDict):
    """A medium. `alt`: null = the platform gave none, "" = said to be decorative."""

    type: str
    url: str
    preview_url: str | None
    mime_type: str | None
    width: int | None
    height: int | None
    bytes: int | None
    duration_seconds: float | None
    alt: str | None


class PollJson(TypedDict):
    """A question's answers."""

    options: list[str]
    closes_at: str | None


class EventJson(TypedDict):
    """When and where something takes place."""

    starts_at: str
    ends_at: str | None
    all_day: bool
    location: str | None
    name: str | None


class PlaceJson(TypedDict):
    """Where a post is about or from; WGS 84 degrees."""

    name: str | None
    latitude: float | None
    longitude: float | None


class NoticeJson(TypedDict):
    """What the city says about its post: `correction` or `withdrawal`."""

    kind: str
    reason: str
    at: str


class _PostHead(TypedDict):
    """Who says what, where and when."""

    id: str
    uri: str
    url: str
    source_url: str | None
    change: int
    version: int
    status: str
    backfill: bool
    department: DepartmentBrief
    account: AccountBrief
    via: str | None
    type: str | None
    title: str
    title_is_made: bool
    content_text: str
    content_html: str
    summary: str
    language: str | None
    published_at: str
    published_is_made: bool
    edited_at: str | None
    collected_at: str
    updated_at: str


class Belongings(TypedDict):
    """What a post carries with it."""

    media: list[MediaJson]
    links: list[str]
    tags: list[str]
    mentions: list[str]
    kinds: list[str]
    in_reply_to: str | None
    repost_of: str | None
    thread: str | None
    poll: PollJson | None
    event: EventJson | None
    place: PlaceJson | None
    counts: dict[str, int]
    sensitive: bool


class _PostEnd(TypedDict):
    """What the city adds to it."""

    notice: NoticeJson | None
    license: str | None
    attribution: str
    restrictions: str | None


class PostJson(_PostHead, Belongings, _PostEnd):
    """A post. One that is not live has the same keys; those of its content are empty or null."""


class FeedsJson(TypedDict):
    """The same posts as feeds."""

    rss: str
    atom: str
    json: str


class DepartmentJson(TypedDict):
    """A department as the register knows it, without its private contacts."""

    slug: str
    name: str
    short_name: str | None
    url: str | None
    email: str | None
    phone: str | None
    group: str | None
    area: str | None
    page_url: str
    feeds: FeedsJson
    accounts: list[AccountBrief]


class AccountJson(TypedDict):
    """An official account: whose, where, and how we know."""

    id: str
    key: str
    department: DepartmentBrief
    platform: str
    handle: str | None
    url: str | None
    via: str | None
    kind: str | None
    status: str
    verified_at: str | None
    evidence: str | None
    page_url: str
    feeds: FeedsJson


class KindJson(TypedDict):
    """A kind, the names that URLs accept for it, and the words and tags that give it to posts."""

    kind: str
    aliases: list[str]
    words: list[str]
    tags: list[str]
    feeds: FeedsJson


class FoundPostJson(TypedDict):
    """A post that FeedHub has, or had."""

    id: str
    url: str
    source_url: str | None
    status: str
    version: int


class VerifyJson(TypedDict):
    """`/api/v1/verify`: `problem` and `remedy` are sentences; `look_alike_of` is the official account."""

    url: str
    official: bool
    collected: bool
    account: AccountBrief | None
    post: FoundPostJson | None
    problem: str | None
    remedy: str | None
    look_alike_of: AccountBrief | None
