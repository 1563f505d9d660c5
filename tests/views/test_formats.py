"""Whatever a channel holds, every format is valid, complete, and the same bytes each time."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from lxml import etree

from checkers import AT, ATOM, atom_faults, jsonfeed_faults, read_by_atoma, read_by_feedparser, rss_faults
from feedhub.posts.post import PostStatus
from feedhub.views.channel import Channel
from feedhub.views.formats import FORMATS
from posts_made import channels

FAULTS: dict[str, Callable[[bytes], list[str]]] = {
    "rss": rss_faults,
    "atom": atom_faults,
    "json": jsonfeed_faults,
}
EXAMPLES = settings(max_examples=15, deadline=None)


def ids(name: str, document: bytes) -> list[str]:
    """The identities that a document shows as entries, in its order."""
    if name == "json":
        items = json.loads(document)["items"]
        return [item["id"] for item in items if item["_feedhub"]["status"] != "deleted"]
    root = etree.fromstring(document)
    if name == "atom":
        return [each.text for each in root.findall(f".//{ATOM}entry/{ATOM}id")]
    gone = {stone.get("ref") for stone in root.iter(f"{AT}deleted-entry")}
    return [each.text for each in root.iter("guid") if each.text not in gone]


def test_every_format_has_a_checker():
    assert set(FORMATS) == set(FAULTS)


@pytest.mark.parametrize("name", FORMATS)
@EXAMPLES
@given(channel=channels())
def test_documents_are_valid_whatever_they_hold(name: str, channel: Channel):
    assert FAULTS[name](FORMATS[name].render(channel)) == []


@pytest.mark.parametrize("name", FORMATS)
@EXAMPLES
@given(channel=channels(tuple(PostStatus)))
def test_documents_show_every_live_post_in_order_and_nothing_else(name: str, channel: Channel):
    live = [f"urn:uuid:{kept.id}" for kept in channel.posts if kept.status is PostStatus.LIVE]
    assert ids(name, FORMATS[name].render(channel)) == live


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=8, deadline=None)
@given(channel=channels())
def test_foreign_readers_can_read_documents_whatever_they_hold(name: str, channel: Channel):
    document = FORMATS[name].render(channel)
    read_by_atoma(document, name)
    if name != "json":
        stubs = len(channel.graves()) if name == "rss" else 0
        assert len(read_by_feedparser(document).entries) == len(channel.posts) + stubs


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=5, deadline=None)
@given(channel=channels())
def test_the_same_channel_gives_the_same_bytes(name: str, channel: Channel):
    assert FORMATS[name].render(channel) == FORMATS[name].render(channel)
