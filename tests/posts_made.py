"""Legal posts of odd content, for hypothesis, and a plain one to start from."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from unicodedata import normalize
from uuid import UUID, uuid5

from hypothesis import strategies as st

from feedhub.accounts.account import Account, Department, Platform, Publisher, Via
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost, Notice, NoticeKind
from feedhub.posts.post import Event, Media, MediaType, Place, Poll, Post, PostStatus, PostType
from feedhub.views.channel import Channel, Tombstone

ODD_TEXTS = (
    "",
    " ",
    "a < b & c > d",
    "]]><script>alert('x')</script>",
    "&lt;b&gt; &amp;amp; &#x41;",
    "<!-- --><![CDATA[x]]>",
    "baris\nbaris\r\nbaris\rakhir\ttab",
    "\u2028\u2029\u0085\u00a0\ufeff",
    "العربية \u2067teks\u2069 עברית",
    "👨‍👩‍👧‍👦 🇮🇩 é ạ̈ \U0010fffd",
    "'\"`\\/{}%s{0}",
    "<b>tebal</b>",
)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def made_post(**changes) -> Post:
    """A plain post; `changes` replace its fields."""
    return replace(
        Post(
            native_id="https://dinkes.example/?p=1",
            title="Imunisasi gratis di semua puskesmas",
            content_text="Imunisasi gratis, Senin pukul 08.00.",
            content_html="<p>Imunisasi gratis, Senin pukul 08.00.</p>",
            summary="Imunisasi gratis.",
            source_url="https://dinkes.example/imunisasi",
            language="id",
        ),
        **changes,
    )


def made_kept(*, post: Post | None = None, **changes) -> KeptPost:
    """A plain live post as it is kept; a status other than live takes its content away."""
    post = post or made_post()
    account = changes.get("account") or Account(
        key="dinkes.example/feed", platform=Platform.WEBFEED, department="dinkes", url="https://dinkes.example/feed"
    )
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    kept = KeptPost(
        id=uuid5(account.id, post.native_id),
        account=account,
        department=Department(slug="dinkes", name="Dinas Kesehatan", url="https://dinkes.example/"),
        status=PostStatus.LIVE,
        version=1,
        change=1,
        order_key=1,
        published_at=at,
        published_is_made=False,
        collected_at=at,
        updated_at=at,
        backfill=False,
        post=post,
    )
    kept = replace(kept, **changes)
    return kept if kept.status is PostStatus.LIVE else replace(kept, post=None)


def made_channel(*posts: KeptPost, **changes) -> Channel:
    """A plain channel of these posts."""
    return replace(
        Channel(
            id="urn:uuid:3d0a7e0e-7b43-5d0e-8a53-0a8f1f4c3c55",
            title="Kota Contoh",
            description="Kabar resmi Kota Contoh",
            publisher=Publisher(name="Kota Contoh", license="https://creativecommons.org/licenses/by/4.0/"),
            public_url="https://kabar.example",
            page_url="https://kabar.example/",
            self_url="https://kabar.example/feed.rss",
            updated_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
            posts=posts,
            follow_url="https://kabar.example/follow",
            style_url="/static/feed.css?v=00000000",
        ),
        **changes,
    )


def texts(max_size: int = 20) -> st.SearchStrategy[str]:
    """XML-legal NFC text, with what usually breaks writers."""
    return (st.sampled_from(ODD_TEXTS) | st.text(max_size=max_size)).map(_legal)


def lines(max_size: int = 20) -> st.SearchStrategy[str]:
    """One line of text that is not blank, as names and titles are."""
    return texts(max_size).map(lambda text: " ".join(text.split())).filter(lambda text: text.strip("\ufeff "))


def urls() -> st.SearchStrategy[str]:
    """Addresses in their canonical form."""
    part = st.text("abcXYZ019-_~", max_size=8)
    return st.builds(
        "{}://{}.example/x{}{}{}".format,
        st.sampled_from(["http", "https"]),
        st.sampled_from(["a", "dinkes", "xn--bcher-kva", "www.b-c"]),
        part,
        st.sampled_from(["", ".jpg", ".PNG", ".mp4", ".pdf", "/", "/%C3%A9"]),
        st.sampled_from(["", "?a=1", "?a=1&b=2;c=%22", "?q=%3Cb%3E"]),
    )


def times() -> st.SearchStrategy[datetime]:
    """Whole seconds in UTC, from before zones were standardised to after we are gone."""
    return st.datetimes(datetime(1900, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  # aware by `timezones`
        lambda at: at.replace(microsecond=0)
    )


def media() -> st.SearchStrategy[Media]:
    size = st.none() | st.integers(0, 10_000_000_000)
    return st.builds(
        Media,
        type=st.sampled_from(MediaType),
        url=urls(),
        preview_url=st.none() | urls(),
        mime_type=st.sampled_from([None, "", "jpeg", "image/jpeg", "video/mp4; codecs=avc1", "image/"]),
        width=size,
        height=size,
        bytes=size,
        duration_seconds=st.none() | st.floats(0, 1e6),
        alt=st.none() | texts(),
    )


def posts() -> st.SearchStrategy[Post]:
    """Every field of a post, within its invariants."""
    place = st.builds(Place, name=st.none() | texts(), latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
    event = st.builds(Event, starts_at=times(), ends_at=st.none() | times(), all_day=st.booleans(), location=texts())
    return st.builds(
        Post,
        native_id=st.uuids().map(str),
        title=lines() | st.just(""),
        title_is_made=st.booleans(),
        content_text=texts(),
        content_html=texts(),
        summary=texts(),
        source_url=st.none() | urls(),
        type=st.sampled_from(PostType),
        via=st.sampled_from(Via),
        language=st.sampled_from([None, "id", "en", "jv", "zh-Hant", "bahasa indonesia", "in_ID"]),
        published_at=st.none() | times(),
        edited_at=st.none() | times(),
        media=st.lists(media(), max_size=2).map(tuple),
        links=st.lists(urls(), max_size=2).map(tuple),
        tags=st.lists(lines(12), max_size=3).map(tuple),
        kinds=st.lists(st.sampled_from(Kind), unique=True, max_size=2).map(tuple),
        poll=st.none() | st.builds(Poll, options=st.lists(texts(), max_size=2).map(tuple)),
        event=st.none() | event,
        place=st.none() | place,
        counts=st.none() | st.dictionaries(st.sampled_from(["likes", "replies"]), st.integers(0, 10**9)),
        sensitive=st.booleans(),
    )


def kept_posts(statuses: tuple[PostStatus, ...] = tuple(PostStatus)) -> st.SearchStrategy[KeptPost]:
    """Posts as they are kept; what is not live has no content."""
    return st.builds(
        made_kept,
        post=posts(),
        account=_accounts(),
        department=_departments(),
        status=st.sampled_from(statuses),
        version=st.integers(1, 9),
        change=st.integers(1, 2**40),
        published_at=times(),
        published_is_made=st.booleans(),
        collected_at=times(),
        updated_at=times(),
        backfill=st.booleans(),
        notice=st.none() | st.builds(Notice, kind=st.sampled_from(NoticeKind), reason=lines(), at=times()),
    )


@st.composite
def channels(draw, statuses: tuple[PostStatus, ...] = (PostStatus.LIVE,), max_posts: int = 3) -> Channel:
    """Channels whose posts have an id each; some tombstones are of posts that live again."""
    shown = draw(st.lists(kept_posts(statuses), max_size=max_posts, unique_by=lambda kept: kept.id))
    graves = draw(st.lists(st.sampled_from([*(kept.id for kept in shown), UUID(int=1), UUID(int=2)]), max_size=3))
    return made_channel(
        *shown,
        title=draw(lines()),
        description=draw(texts()),
        publisher=draw(_publishers()),
        updated_at=draw(times()),
        next_url=draw(st.none() | urls()),
        tombstones=tuple(
            Tombstone(id=grave, deleted_at=draw(times()), reason=draw(st.none() | lines())) for grave in graves
        ),
    )


def _accounts() -> st.SearchStrategy[Account]:
    return st.builds(
        Account,
        key=st.uuids().map(str),
        platform=st.sampled_from(Platform),
        department=st.just("dinkes"),
        url=st.none() | urls(),
        handle=st.none() | lines(),
        verified_at=st.none() | st.dates(date(2000, 1, 1)),
    )


def _departments() -> st.SearchStrategy[Department]:
    return st.builds(Department, slug=st.just("dinkes"), name=lines(), url=st.none() | urls())


def _publishers() -> st.SearchStrategy[Publisher]:
    return st.builds(
        Publisher,
        name=lines(),
        language=st.sampled_from(["id", "en", "en-GB"]),
        time_zone=st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "America/St_Johns", "Asia/Kathmandu", "UTC"]),
        license=st.none() | urls(),
        url=st.none() | urls(),
    )


def _legal(text: str) -> str:
    return normalize("NFC", _ILLEGAL.sub("", text))
