"""What people type finds the same posts on both databases, newest first."""

from datetime import UTC, datetime
from html import escape

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedhub.accounts.account import Platform
from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.post import PostType
from feedhub.store.lists import latest_posts
from feedhub.store.session import open_store
from standins import answer, standin
from walked import keep, register_of, walk, webfeed

# By hour, oldest first.
TEXTS = {
    "bansos": "Bantuan sosial tunai cair besok di kantor kecamatan.",
    "vaksin": "Vaksin COVID-19 gratis di puskesmas; bawa kartu sehat.",
    "kartu": "Kartu Indonesia Sehat: yang sehat pun perlu kartu.",
    "hoaks": "Hoaks! Bantuan tunai palsu beredar.",
    "cafe": "Pembukaan café Ñandú di Jl. Straße 5, 𝗚𝗥𝗔𝗧𝗜𝗦 kopi. 🎉",
    "and": "A AND B OR C NOT D NEAR E",
}


async def _fill(store) -> None:
    items = "".join(
        f"<item><guid>{name}</guid><title>{name}</title><description>{escape(text)}</description>"
        f"<pubDate>Fri, 20 Nov 2026 {hour:02}:00:00 +0700</pubDate></item>"
        for hour, (name, text) in enumerate(TEXTS.items())
    )
    async with standin(
        answer(body=f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>".encode())
    ) as base:
        await keep(store, register_of([webfeed(base + "/feed")]))
        await walk(store)


CASES = [
    ("bantuan tunai", ["hoaks", "bansos"]),
    ("TUNAI Bantuan", ["hoaks", "bansos"]),
    ("bantuan -hoaks", ["bansos"]),
    ("-bantuan", ["and", "cafe", "kartu", "vaksin"]),
    ('"kartu sehat"', ["vaksin"]),
    ("kartu sehat", ["kartu", "vaksin"]),
    ('"kartu sehat', ["vaksin"]),
    ('-"kartu sehat" sehat', ["kartu"]),
    ("covid-19", ["vaksin"]),
    ("COVID 19", ["vaksin"]),
    ("pus*", ["vaksin"]),
    ("pus", []),
    ("a AND", ["and"]),
    ("NOT d", ["and"]),
    ("near(a b)", []),
    ('"x', []),
    ("*", []),
    ('""', []),
    ("-", []),
    ("'", []),
    ("🎉", []),
    ("kopi 🎉", ["cafe"]),
    ("cafe nandu", ["cafe"]),
    ("CAFÉ", ["cafe"]),
    ("gratis", ["cafe", "vaksin"]),
    ("𝙜𝙧𝙖𝙩𝙞𝙨", ["cafe", "vaksin"]),
    ("strasse", ["cafe"]),
    ("bantuan " * 2_000, ["hoaks", "bansos"]),
    ("\0", []),
    ("words:bantuan", []),
    ("bantuan:*", ["hoaks", "bansos"]),
    ("bantuan & !hoaks", ["hoaks"]),
    ("", ["and", "cafe", "hoaks", "kartu", "vaksin", "bansos"]),
]


async def test_what_people_type_finds_the_same_on_both_databases(store):
    await _fill(store)
    found = {
        typed: [kept.post.title for kept in await store.read(latest_posts, Filters(q=typed))] for typed, _ in CASES
    }
    assert {typed: titles for typed, titles in found.items() if titles != dict(CASES)[typed]} == {}


async def test_filters_and_words_hold_together_and_pages_show_each_post_once(store):
    await _fill(store)
    (account,) = {kept.account for kept in await store.read(latest_posts, Filters())}
    whole = [kept.order_key for kept in await store.read(latest_posts, Filters(q="bantuan"))]
    for filters in (
        Filters(q="bantuan", departments=("dinkes",)),
        Filters(q="bantuan", accounts=(account.id,), platforms=(Platform.WEBFEED, Platform.X)),
        Filters(q="bantuan", types=(PostType.ORIGINAL,), since=datetime(2026, 1, 1, tzinfo=UTC)),
        Filters(q="bantuan", until=datetime(9999, 12, 31, tzinfo=UTC), since=datetime(1, 1, 1, tzinfo=UTC)),
    ):
        assert [kept.order_key for kept in await store.read(latest_posts, filters)] == whole
    for filters in (
        Filters(q="bantuan", kinds=(Kind.EVENT,)),
        Filters(q="bantuan", tags=("tidak ada",)),
        Filters(q="bantuan", platforms=(Platform.X,)),
        Filters(q="bantuan", until=datetime(2026, 1, 1, tzinfo=UTC)),
        Filters(until=datetime(1, 1, 1, tzinfo=UTC)),
        Filters(since=datetime(9999, 12, 31, tzinfo=UTC)),
    ):
        assert await store.read(latest_posts, filters) == ()
    for q in ("", "di*", "-hoaks"):
        everything = await store.read(latest_posts, Filters(q=q))
        paged, before = [], None
        while page := await store.read(latest_posts, Filters(q=q, limit=1), before=before):
            paged += page
            before = page[-1].order_key
        assert tuple(paged) == everything
        assert [kept.order_key for kept in paged] == sorted((kept.order_key for kept in paged), reverse=True)


typed = st.text(max_size=40) | st.text(
    st.sampled_from("ab \"'*-&|!:()\\<>\0\N{COMBINING ACUTE ACCENT}é漢🎉٣"), max_size=40
)


@given(st.lists(typed, min_size=20, max_size=20))
@example(["\ud800", "'\\", "\\'", "a\\", "<->", ":*", "a:*b", "!!a", "() ", "%s", ":x", "%(x)s", "?"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_can_be_typed_raises(database_url, many):
    store = open_store(database_url)
    try:
        for q in many:
            assert store.read_now(latest_posts, Filters(q=q, tags=(q,))) == ()
            store.read_now(latest_posts, Filters(q=q))
    finally:
        store.close_now()
