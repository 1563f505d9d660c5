"""A department's own thread is joined in order, however it came."""

from datetime import timedelta

from feedhub.posts.decisions import post_id
from feedhub.posts.post import PostType
from feedhub.store.lists import kept_post
from feedhub.store.threads import thread_parts
from feedhub_demo.platforms.mastodon import Mastodon
from simulated import simulated

MINUTE = timedelta(minutes=1)


async def test_parts_are_joined_in_order_whenever_they_came(store):
    async with simulated(store, [Mastodon]) as city:
        opened = await city.open(Mastodon, "bpbd")
        first = opened.speaker.write("1/3 Banjir di Mayangan", at=city.now() - 30 * MINUTE)
        second = opened.speaker.write("2/3 Posko dibuka", at=city.now() - 20 * MINUTE, answers=first.number)
        await city.live(timedelta(hours=3))
        opened.speaker.write("3/3 Air surut", at=city.now() - MINUTE, answers=second.number)
        opened.speaker.write("Kabar lain", at=city.now())
        opened.speaker.write("Siap, terima kasih", at=city.now(), answers_others=True)
        await city.live(timedelta(hours=3))
        root = post_id(opened.account.id, city.standins[Mastodon].native_id(opened.speaker, first))
        kept = await store.read(kept_post, root)
        parts = await store.read(thread_parts, kept)
    assert [part.post.content_text[:3] for part in parts] == ["1/3", "2/3", "3/3"]
    assert [part.thread for part in parts] == [None, root, root]
    assert [part.post.type for part in parts] == [PostType.ORIGINAL, PostType.THREAD, PostType.THREAD]
    assert await store.read(thread_parts, parts[1]) == parts
