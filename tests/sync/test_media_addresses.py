"""Media addresses that expire are renewed before they are shown stale, as a change that is no version."""

from datetime import timedelta

from sqlalchemy import select

from feedhub.posts.decisions import post_id
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.tables import posts, versions
from feedhub_demo.platforms.tiktok import TikTok
from feedhub_demo.platforms.writing import Picture
from simulated import simulated

HOUR = timedelta(hours=1)


async def test_covers_are_renewed_without_a_version(store):
    async with simulated(store, [TikTok]) as city:
        opened = await city.open(TikTok, "dinkes")
        film = Picture(url="https://p16.tiktokcdn.com/a.jpg", seconds=12.0)
        written = opened.speaker.write("Cuci tangan", at=city.now() - HOUR, pictures=(film,))
        id = post_id(opened.account.id, city.standins[TikTok].native_id(opened.speaker, written))
        seen = []
        for _ in range(5):
            await city.live(3 * HOUR)
            row = await store.read(lambda session: session.row(select(posts).where(posts.c.id == id)))
            medium = post_from(expanded(row.document)).media[0]
            seen.append((row.change, row.updated_at, medium.preview_url or medium.url))
        kept = await store.read(lambda session: session.rows(select(versions)))
    assert len({change for change, _, _ in seen}) > 1, "a renewal takes a change number, so that every copy learns it"
    assert len({address for _, _, address in seen}) > 1, "the addresses are fresh ones"
    assert len({updated_at for _, updated_at, _ in seen}) == 1, "and nobody is told of an edit"
    assert kept == []
