"""Superseded payloads go after a while; the newest of each post stays."""

from datetime import timedelta

from sqlalchemy import text

from feedhub.sync.pruning import prune
from feedhub.sync.serving import now
from standins import answer, standin
from walked import keep, register_of, rss, walk, webfeed


async def test_only_superseded_payloads_older_than_kept_go(store):
    body = rss(("a", "Vaksin", "Gratis."), ("b", "Bansos", "Cair."))
    async with standin(lambda _asked: answer(body=body)) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        body = rss(("a", "Vaksin", "Gratis untuk semua."), ("b", "Bansos", "Cair."))
        await walk(store, account)
    assert await _payloads(store) == 3
    assert await prune(store, keep=timedelta(days=1), now=now) == 0
    assert await prune(store, keep=timedelta(days=1), now=lambda: now() + timedelta(days=2)) == 1
    assert await _payloads(store) == 2


async def _payloads(store) -> int:
    return await store.read(lambda session: session.row(text("SELECT count(*) AS n FROM payload")).n)
