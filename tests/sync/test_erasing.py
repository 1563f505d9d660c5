"""An erased post stays erased, whatever its platform goes on to show."""

from datetime import timedelta

from sqlalchemy import select, text

from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.bodies import expanded
from feedhub.store.erasing import erase_post
from feedhub.store.register import kept_register
from feedhub.store.tables import payloads, posts
from feedhub.sync.reading import Reading
from feedhub.sync.reread import reread
from feedhub.sync.serving import now
from standins import answer, standin
from walked import keep, posts_in, register_of, rss, walk, webfeed

NAMED, OTHER = ("b", "Rahasiawarga sakit", "Rahasiawarga dirawat."), ("c", "Vaksin", "Gratis.")


async def kept_words(store) -> str:
    def asked(session) -> str:
        said = [
            *session.rows(select(payloads.c.body)),
            *session.rows(select(posts.c.document).where(posts.c.document != b"")),
        ]
        return " ".join(expanded(row[0]).decode() for row in said)

    return await store.read(asked)


async def test_an_erased_post_comes_back_neither_by_a_visit_nor_by_reading_again(store):
    said = [answer(body=rss(NAMED, OTHER))]
    async with standin(lambda _asked: said[-1]) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        post = next(kept.id for kept in await posts_in(store) if "Rahasia" in kept.post.title)
        notice = Notice(kind=NoticeKind.WITHDRAWAL, reason="Permintaan pemilik data.", at=now().replace(microsecond=0))
        await store.write(erase_post, post, notice=notice)
        assert "Rahasia" not in await kept_words(store)
        said.append(answer(body=rss((*NAMED[:2], "Rahasiawarga pulang."), OTHER)))
        await walk(store, account, clock=lambda: now() + timedelta(hours=1))
    async with Reading() as reading:
        await reread(store, reading, await store.read(kept_register), account, now=now)
    assert [kept.post.title for kept in await posts_in(store)] == ["Vaksin"]
    words = await kept_words(store)
    assert "Vaksin" in words
    assert "Rahasia" not in words
    unread = await store.read(lambda session: session.rows(text("SELECT id FROM payload WHERE state = 'unread'")))
    assert unread == []
