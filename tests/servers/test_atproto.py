"""A real AT Protocol network is collected, edited, deleted, renamed and taken down, and FeedHub follows."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import feedhub_demo
from feedhub.accounts.account import Account, Platform
from feedhub.posts.post import Post, PostType
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.session import Store
from feedhub.store.tables import posts
from feedhub.sync.means import VisitReport
from feedhub.sync.serving import now
from servers.atproto import Network, Spoken, atproto_network, written_now
from walked import OPTIONS, keep, register_of, walk

pytestmark = [pytest.mark.servers, pytest.mark.long]

HOUR = timedelta(hours=1)
OLD = 70  # posts: more than a page


def account_of(spoken: Spoken) -> Account:
    url = f"https://bsky.app/profile/{spoken.handle}"
    return Account(key=f"bluesky:{spoken.did}", platform=Platform.BLUESKY, department="dinkes", url=url)


def facet(text: str, shown: str, **feature: str):
    start = text.encode().index(shown.encode())
    return {"index": {"byteStart": start, "byteEnd": start + len(shown.encode())}, "features": [feature]}


def reference(uri: str, cids: dict[str, str]) -> dict[str, str]:
    return {"uri": uri, "cid": cids[uri]}


async def cids_of(network: Network, spoken: Spoken) -> dict[str, str]:
    asked = {"repo": spoken.did, "collection": "app.bsky.feed.post", "limit": 100}
    answer = await network.client.get(f"{network.server}/xrpc/com.atproto.repo.listRecords", params=asked)
    return {record["uri"]: record["cid"] for record in answer.json()["records"]}


async def spoken_much(network: Network, dinkes: Spoken, kominfo: Spoken) -> dict[str, str]:
    """One post of each kind, after a page and more of plain ones; their at-uris by name."""
    for place in range(OLD):
        await network.say(dinkes, f"Kabar lama {place}")
    picture = next(Path(feedhub_demo.__file__).parent.rglob("*.webp")).read_bytes()
    blob = await network.picture(dinkes, picture, "image/webp")
    text = "Jadwal 🩺 di https://dinkes.example/jadwal oleh @kominfo.test #Imunisasi"
    facets = [
        facet(text, "https://dinkes.example/jadwal", uri="https://dinkes.example/jadwal?utm_source=bsky")
        | {"$type": "app.bsky.richtext.facet"},
        facet(text, "@kominfo.test", did=kominfo.did),
        facet(text, "#Imunisasi", tag="Imunisasi"),
    ]
    kinds = ("link", "mention", "tag")
    for kind, one in zip(kinds, facets, strict=True):
        one["features"][0]["$type"] = f"app.bsky.richtext.facet#{kind}"
    said = {
        "facets": await network.say(dinkes, text, facets=facets, tags=["kesehatan"]),
        "picture": await network.say(
            dinkes,
            "Foto kegiatan",
            embed={
                "$type": "app.bsky.embed.images",
                "images": [{"image": blob, "alt": "Antrean warga", "aspectRatio": {"width": 640, "height": 360}}],
            },
        ),
        "first": await network.say(dinkes, "Utas (1/2)"),
        "others": await network.say(kominfo, "Selamat pagi"),
        "doomed": await network.say(dinkes, "Akan dihapus"),
    }
    own, others = await cids_of(network, dinkes), await cids_of(network, kominfo)
    first, other = reference(said["first"], own), reference(said["others"], others)
    quoted = {"$type": "app.bsky.embed.record", "record": other}
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    said["second"] = await network.say(dinkes, "Utas (2/2)", reply={"root": first, "parent": first})
    said["answer"] = await network.say(dinkes, "Siap", reply={"root": other, "parent": other})
    said["quote"] = await network.say(dinkes, "Kutipan", embed=quoted)
    said["labelled"] = await network.say(dinkes, "Konten medis", labels=labels)
    repost = {"subject": other, "createdAt": written_now()}
    said["repost"] = (await network.create(dinkes, "app.bsky.feed.repost", repost))["uri"]
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """FeedHub, following one account of a network."""

    store: Store
    network: Network
    account: Account

    async def visit(self, after: timedelta) -> VisitReport:
        moment = now() + after
        detours = (
            ("https://public.api.bsky.app", self.network.appview),
            ("https://plc.directory", self.network.directory),
        )
        options = replace(OPTIONS, fetch_detours=detours, fetch_allow="127.0.0.0/8, ::1/128")
        await self.network.settle()
        reports = await walk(self.store, self.account, options=options, clock=lambda: moment)
        return reports[str(self.account.url)]

    async def kept(self) -> dict[str, tuple[Post, int]]:
        """Every live post with its version, replies and reposts too."""
        rows = await self.store.read(lambda session: session.rows(select(posts).where(posts.c.status == "live")))
        found = [(post_from(expanded(row.document)), row.version) for row in rows]
        return {post.native_id: (post, version) for post, version in found}

    async def statuses(self) -> Counter[str]:
        rows = await self.store.read(lambda session: session.rows(select(posts)))
        return Counter(row.status for row in rows)


async def test_a_network_is_followed_through_edits_deletions_and_takedowns(store):
    async with atproto_network() as network:
        dinkes, kominfo = [await network.account(f"{name}.test", name.title()) for name in ("dinkes", "kominfo")]
        said = await spoken_much(network, dinkes, kominfo)
        follower = Follower(store=store, network=network, account=account_of(dinkes))
        await keep(store, register_of([follower.account]))
        assert (await follower.visit(timedelta())).outcome == "ok"
        found = await follower.kept()
        assert len(found) == OLD + 9
        hold_kinds({id: post for id, (post, _) in found.items()}, said)
        assert (await follower.visit(HOUR)).outcome == "not_modified"
        await follow_changes(follower, dinkes, said)
        await follow_takedown(follower, dinkes)
        print(f"read {OLD + 10} posts of a real network; 1 edited, 2 gone, 1 handle renamed, 1 account taken down")  # noqa: T201


async def follow_changes(follower: Follower, dinkes: Spoken, said: dict[str, str]) -> None:
    """An edit makes a version, deletions of a post and a repost make two gone; a new handle changes no post."""
    network = follower.network
    await network.edit(dinkes, said["first"], text="Utas (1/2), ralat")
    await network.delete(dinkes, said["doomed"])
    await network.delete(dinkes, said["repost"])
    report = await follower.visit(2 * HOUR)
    assert (report.outcome, report.new, report.edited, report.gone) == ("ok", 0, 1, 2)
    await follower.visit(4 * HOUR)
    assert await follower.statuses() == {"gone": 2, "live": OLD + 7}
    found = await follower.kept()
    edited, version = found.pop(said["first"])
    assert (edited.content_text, version) == ("Utas (1/2), ralat", 2)
    assert {version for _, version in found.values()} == {1}
    await network.rename(dinkes, "dinas-kesehatan.test")
    report = await follower.visit(5 * HOUR)
    assert (report.outcome, report.new, report.edited, report.gone) == ("ok", 0, 0, 0)
    assert await follower.statuses() == {"gone": 2, "live": OLD + 7}


async def follow_takedown(follower: Follower, dinkes: Spoken) -> None:
    """An account that was taken down or deactivated loses nothing here, and is followed when it is back."""
    network = follower.network
    await network.take_down(dinkes)
    assert (await follower.visit(6 * HOUR)).outcome == "suspended"
    assert (await follower.statuses())["live"] == OLD + 7
    await network.take_down(dinkes, applied=False)
    await network.say(dinkes, "Kami kembali")
    report = await follower.visit(48 * HOUR)
    assert (report.outcome, report.new, report.gone) == ("ok", 1, 0)
    await network.deactivate(dinkes)
    report = await follower.visit(72 * HOUR)
    assert report.outcome == "suspended"
    assert "deactivated" in str(report.reason)


def hold_kinds(found, said) -> None:
    """Each kind of post is what it is."""
    facets, picture = found[said["facets"]], found[said["picture"]]
    assert facets.links[0] == "https://dinkes.example/jadwal"
    assert facets.tags == ("Imunisasi", "kesehatan")
    assert facets.mentions == ("kominfo.test",)
    assert (picture.media[0].alt, picture.media[0].width, picture.media[0].height) == ("Antrean warga", 640, 360)
    types = {name: found[said[name]].type for name in ("second", "answer", "quote", "repost", "facets")}
    assert types == {
        "second": PostType.THREAD,
        "answer": PostType.REPLY,
        "quote": PostType.QUOTE,
        "repost": PostType.REPOST,
        "facets": PostType.ORIGINAL,
    }
    assert found[said["second"]].in_reply_to == said["first"]
    assert found[said["quote"]].repost_of == found[said["repost"]].repost_of == said["others"]
    assert not found[said["repost"]].content_text
    assert found[said["labelled"]].sensitive
