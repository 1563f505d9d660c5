"""What counts as an edit, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Via
from feedhub.accounts.kinds import Kind
from feedhub.posts.compare import Change, compare, fingerprint
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Poll, PostType

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
SAID = {
    "native_id": "1",
    "title": "Imunisasi gratis",
    "html": '<p>Semua <b>puskesmas</b></p> <p>Bawa KTP</p><img src="https://a.example/f.jpg?x=1" alt="A">',
    "source_url": "https://a.example/1",
    "tags": ["sehat"],
    "published_at": AT,
    "summary": "Ringkas",
}


def seen(**said):
    return fingerprint(normal_post(**(SAID | said)))


@pytest.mark.parametrize(
    "said",
    [
        {
            "html": '<p>Semua\n  <b>puskesmas</b></p>\n\n<p> Bawa KTP</p>\n<img src="https://a.example/f.jpg?x=2" alt="A">'
        },
        {"title": " Imunisasi  gratis "},
        {"source_url": "https://a.example/1?utm_source=x"},
        {"counts": {"likes": 9}},
        {"edited_at": AT},
        {"via": Via.API},
        {"language": "en"},
        {"aliases": ("b",)},
        {"published_at": AT + timedelta(microseconds=5)},
        {"native_id": "2"},
    ],
    ids=str,
)
def test_what_nobody_sees_is_no_edit(said):
    assert seen(**said) == seen()


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Imunisasi berbayar"},
        {"title": None},
        {"html": SAID["html"].replace("KTP", "K TP")},
        {"html": SAID["html"].replace("<b>puskesmas</b>", "puskesmas")},
        {"html": SAID["html"].replace("f.jpg", "g.jpg")},
        {"html": SAID["html"].replace('"A"', '"B"')},
        {"html": SAID["html"] + "<a href=https://a.example/x>.</a>"},
        {"summary": "Lain"},
        {"source_url": "https://a.example/1?id=2"},
        {"tags": ["sehat", "gratis"]},
        {"published_at": AT + timedelta(seconds=1)},
        {"published_at": None},
        {"type": PostType.REPLY},
        {"in_reply_to": "x"},
        {"event": Event(starts_at=AT)},
        {"event": Event(starts_at=AT, all_day=True)},
        {"place": Place(name="Alun-alun")},
        {"poll": Poll(options=("Ya", "Tidak"))},
        {"sensitive": True},
        {"media": [Media(type=MediaType.VIDEO, url="https://a.example/v.mp4")]},
        {"links": ["https://a.example/more"]},
    ],
    ids=str,
)
def test_what_somebody_sees_is_an_edit(said):
    assert seen(**said) != seen()


def test_kinds_count_but_a_made_title_does_not():
    post = normal_post(native_id="1", text="Imunisasi gratis")
    assert fingerprint(replace(post, kinds=(Kind.SERVICE,))) != fingerprint(post)
    assert fingerprint(replace(post, title="Otherwise made")) == fingerprint(post)


def test_signed_addresses_of_one_picture_are_one():
    def shown(url):
        return fingerprint(normal_post(native_id="1", text="x", media=[Media(type=MediaType.IMAGE, url=url)]))

    assert shown("https://scontent-cgk1-1.cdninstagram.com/v/1_n.jpg?oh=1&oe=2") == shown(
        "https://scontent.cdninstagram.com/v/1_n.jpg?oh=3"
    )
    assert shown("https://p16-sign-va.tiktokcdn.com/obj/1~noop.image?x-expires=1&x-signature=a") == shown(
        "https://p19-sign.tiktokcdn.com/obj/1~noop.image?x-expires=2&x-signature=b"
    )
    assert shown("https://media.licdn.com/dms/image/v2/1?e=1&t=a") != shown(
        "https://media.licdn.com/dms/image/v2/2?e=1"
    )
    assert shown("https://a.example/image.php?id=1") != shown("https://a.example/image.php?id=2")


def test_tracking_parameters_in_the_text_are_no_edit():
    def said(url):
        return fingerprint(normal_post(native_id="1", text=f"Baca {url} sekarang"))

    assert said("https://a.example/b?igsh=abc") == said("https://a.example/b?igsh=xyz")
    assert said("https://a.example/b?id=1&utm_source=x") == said("https://a.example/b?id=1")
    assert said("https://a.example/b?id=1") != said("https://a.example/b?id=2")


def test_fingerprints_are_the_same_on_every_machine():
    assert fingerprint(normal_post(native_id="1", text="Halo")) == "fbc8efc1fba2e47408d34d6d5606f998"


def test_a_change_is_new_edited_or_same():
    assert [compare(None, "a"), compare("b", "a"), compare("a", "a")] == [Change.NEW, Change.EDITED, Change.SAME]
