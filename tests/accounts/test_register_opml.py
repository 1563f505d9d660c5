"""Lists of feeds as readers export them: folders are departments."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.accounts.account import Platform, Via
from feedhub.accounts.register_opml import MOST_DEPTH, read_register_opml
from feedhub.errors import RegisterRefused

OPML = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Kota</title></head>
  <body>
    <outline text="Dinas">
      <outline text="Dinas Kesehatan" title="Dinas Kesehatan">
        <outline type="rss" text="Berita" xmlUrl="https://dinkes.example.go.id/feed/" htmlUrl="https://dinkes.example.go.id/"/>
        <outline type="rss" text="Video" xmlUrl="https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"/>
        <outline type="rss" text="IG" xmlUrl="https://rsshub.app/instagram/user/dinkes"/>
        <outline type="rss" text="Mastodon" xmlUrl="https://social.example/@dinkes.rss"/>
      </outline>
    </outline>
    <outline text="BPBD" TYPE="RSS" XMLURL="https://bpbd.example.go.id/rss.xml"/>
    <outline text="Kosong"/>
  </body>
</opml>"""


def read(body):
    return read_register_opml(body, name="feeds.opml")


def faults_of(body):
    with pytest.raises(RegisterRefused) as refused:
        read(body)
    return [(fault.line, fault.message) for fault in refused.value.faults]


def test_folders_are_departments_and_folders_around_them_groups():
    register = read(OPML)
    assert [(each.slug, each.name, each.group) for each in register.departments] == [
        ("dinas-kesehatan", "Dinas Kesehatan", "Dinas"),
        ("bpbd", "BPBD", None),
    ]
    assert [(each.department, each.platform, each.via) for each in register.accounts] == [
        ("dinas-kesehatan", Platform.WEBFEED, None),
        ("dinas-kesehatan", Platform.YOUTUBE, None),
        ("dinas-kesehatan", Platform.WEBFEED, Via.BRIDGE),
        ("dinas-kesehatan", Platform.WEBFEED, None),
        ("bpbd", Platform.WEBFEED, None),
    ]
    assert register.accounts[1].key == "youtube:UCabcdefghijklmnopqrstuv"


def test_a_feed_in_two_folders_is_one():
    feed = "<outline text='F' xmlUrl='https://a.example/feed'/>"
    body = f"<opml><body><outline text='A'>{feed}</outline><outline text='B'>{feed}</outline></body></opml>"
    assert [each.department for each in read(body.encode()).accounts] == ["a"]


BOMB = b"""<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<opml><body><outline text="&b;" xmlUrl="https://a.example/"/></body></opml>"""
OUTSIDE = (
    b"""<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;"/></body></opml>"""
)
DEEP = b"<opml><body>" + b"<outline text='a'>" * (MOST_DEPTH + 5)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (b"<opml><body>\n<outline xmlUrl='https://a.example/'</body>", 2, "not well-formed XML"),
        (b"", 1, "not well-formed XML"),
        (b"<rss/>", 0, "no OPML list of feeds"),
        (b"<opml><body/></opml>", 0, "No feed (an outline with an xmlUrl)"),
        (b"<opml><body>\n<outline text='A' xmlUrl='ftp://a.example/'/></body></opml>", 2, "url 'ftp://a.example/'"),
        (b"<opml><body>\n<outline xmlUrl='https://a.example/'/></body></opml>", 2, "name is empty"),
        (b"<opml><body>\n<outline type='include' url='https://a.example/'/></body></opml>", 2, "not followed"),
        (BOMB, 1, "declares entities"),
        (OUTSIDE, 1, "declares entities"),
        (DEEP, 1, "too deep"),
    ],
)
def test_odd_lists_are_refused_with_their_line(body, line, words):
    found = faults_of(body)
    assert any(at == line and words in message for at, message in found), found


@given(st.integers(0, len(OPML)), st.integers(0, 30), st.binary(max_size=6))
def test_a_damaged_list_is_read_or_refused(start, length, instead):
    with suppress(RegisterRefused):
        read(OPML[:start] + instead + OPML[start + length :])
