"""What leaves the middle of a feed: hidden at the site's first word, gone at the second an hour later."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from feedhub.store.tables import posts
from standins import answer, standin
from walked import keep, register_of, walk, webfeed

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def site(base, numbers, *, gone=(), is_down=False):
    """A feed of these items, newest first, and their pages."""
    items = "".join(
        f"<item><guid>g{number}</guid><title>Kabar {number}</title><link>{base}/{number}</link>"
        f"<pubDate>Sun, 01 Nov 2026 0{number}:00:00 GMT</pubDate></item>"
        for number in numbers
    )
    feed = f"<rss><channel><title>Dinas</title>{items}</channel></rss>".encode()
    page = answer(body=b"<html>Ada</html>", fields={"Content-Type": "text/html"})
    shown = {f"/{number}": answer(404) if is_down or number in gone else page for number in range(1, 10)}
    return {"/feed": answer(404) if is_down else answer(body=feed)} | shown


async def statuses(store, account):
    rows = await store.read(lambda session: session.rows(select(posts).where(posts.c.account_id == account.id)))
    return {row.order_key >> 20: row.status for row in rows}


async def lived(store, *steps):
    """The statuses of the posts, oldest first, after each step; steps are an hour apart."""
    pages: dict = {}
    found = []
    async with standin(pages) as base:
        account = webfeed(f"{base}/feed")
        await keep(store, register_of([account]))
        for place, step in enumerate(steps):
            pages.clear()
            pages.update(site(base, **step))
            await walk(store, account, clock=lambda place=place: NOW + place * (HOUR + timedelta(minutes=1)))
            found.append([status for _, status in sorted((await statuses(store, account)).items())])
    return found


async def test_an_item_gone_from_the_middle_is_hidden_and_an_hour_later_gone(store):
    first, second, third = await lived(
        store, {"numbers": [3, 2, 1]}, {"numbers": [3, 1], "gone": [2]}, {"numbers": [3, 1], "gone": [2]}
    )
    assert first == ["live", "live", "live"]
    assert second == ["live", "held", "live"]
    assert third == ["live", "gone", "live"]


async def test_an_item_whose_page_is_there_stays(store):
    assert (await lived(store, {"numbers": [3, 2, 1]}, {"numbers": [3, 1]}))[-1] == ["live"] * 3


async def test_what_falls_out_at_the_end_of_a_feed_is_not_asked_about(store):
    steps = {"numbers": [3, 2, 1]}, {"numbers": [4, 3, 2], "gone": [1]}
    assert (await lived(store, *steps))[-1] == ["live"] * 4


async def test_of_a_site_that_is_404_as_a_whole_nothing_is_gone(store):
    down = {"numbers": [], "is_down": True}
    assert (await lived(store, {"numbers": [3, 2, 1]}, down, down, down))[-1] == ["live"] * 3


async def test_what_comes_back_before_the_second_word_is_live_again(store):
    steps = {"numbers": [3, 2, 1]}, {"numbers": [3, 1], "gone": [2]}, {"numbers": [3, 2, 1]}
    assert (await lived(store, *steps))[-1] == ["live"] * 3
