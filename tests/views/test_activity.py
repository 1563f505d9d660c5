"""Posts as the fediverse shows them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from feedhub.accounts.account import Department, Publisher, Register
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.picture_copies import PictureCopy
from feedhub.posts.post import Event, Media, MediaType, PostStatus
from feedhub.views.activity import acceptance, announcement, creation, note, removal, renewal
from feedhub.views.activity_actor import CITY, Followable, actor_document, host_meta, named_in
from posts_made import ODD_TEXTS, made_kept, made_post

CITY_OF = {"publisher": Publisher(name="Kota Contoh"), "public_url": "https://kabar.example"}
AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
PICTURE = "https://cdn.example/a.jpg"
COPY = PictureCopy(source=PICTURE, id=UUID(int=7), width=2000, height=1000, color="#aabbcc")


def noted(post=None, **changes):
    return note(made_kept(post=post, **changes), **CITY_OF)


def test_a_note_is_the_departments_to_everybody():
    told = noted()
    assert told["id"].startswith("https://kabar.example/ap/posts/")
    assert told["url"] == told["id"].replace("/ap/", "/")
    assert told["attributedTo"] == "https://kabar.example/ap/dinkes"
    assert told["to"] == ["https://www.w3.org/ns/activitystreams#Public"]
    assert told["cc"] == ["https://kabar.example/ap/dinkes/followers"]
    assert told["contentMap"] == {"id": told["content"]}
    assert "updated" not in told
    assert "summary" not in told


SAID = (
    (made_post(title_is_made=True), "<p>Imunisasi gratis, Senin pukul 08.00.</p>"),
    (made_post(title="A & B"), "<p><strong>A &amp; B</strong></p><p>Imunisasi gratis, Senin pukul 08.00.</p>"),
    (made_post(title=" ", content_html='<p>a<img src="https://x.example/a.jpg" alt="b">c</p>'), "<p>ac</p>"),
    (
        made_post(
            title_is_made=True,
            event=Event(starts_at=AT, ends_at=None, location="Alun-alun <1>"),
        ),
        "<p>Imunisasi gratis, Senin pukul 08.00.</p><p>Waktu: 21 November 2026, 10.00 WIB<br>Tempat: Alun-alun &lt;1&gt;</p>",
    ),
    (
        made_post(title_is_made=True, media=(Media(type=MediaType.VIDEO, url="https://v.example/1.mp4"),)),
        '<p>Imunisasi gratis, Senin pukul 08.00.</p><p><a href="https://dinkes.example/imunisasi">Putar video</a></p>',
    ),
    (
        made_post(
            title_is_made=True,
            media=(Media(type=MediaType.DOCUMENT, url="https://d.example/1.pdf?a=1&b=2", alt="Surat"),),
        ),
        '<p>Imunisasi gratis, Senin pukul 08.00.</p><p><a href="https://d.example/1.pdf?a=1&amp;b=2">Unduh dokumen: Surat</a></p>',
    ),
)


@pytest.mark.parametrize(("post", "html"), SAID)
def test_text_says_what_a_note_has_no_field_for(post, html):
    assert noted(post)["content"] == html


def test_a_correction_is_read_first():
    notice = Notice(kind=NoticeKind.CORRECTION, reason="Tanggalnya <keliru>.", at=AT)
    told = noted(made_post(title="Judul"), notice=notice, version=2, updated_at=AT)
    assert told["content"].startswith("<p><strong>Ralat:</strong> Tanggalnya &lt;keliru&gt;.</p><p><strong>Judul")
    assert told["updated"] == "2026-11-21T03:00:00Z"


def test_a_book_is_cut_and_linked():
    text = "kata " * 20_000
    told = noted(made_post(title_is_made=True, content_html=f"<p>{text}</p>", content_text=text))
    assert len(told["content"]) < 3_000
    assert told["url"] in told["content"]


def test_pictures_are_our_copies_with_the_departments_words():
    post = made_post(media=(Media(type=MediaType.IMAGE, url=PICTURE, alt="Antrean"),))
    [shown] = noted(post, pictures=(COPY,))["attachment"]
    assert shown == {
        "type": "Image",
        "mediaType": "image/jpeg",
        "url": f"https://kabar.example/media/{COPY.id}/1280.jpg",
        "name": "Antrean",
        "width": 1280,
        "height": 640,
    }
    assert PICTURE not in json.dumps(noted(post))


def test_tags_are_one_word_and_never_a_number():
    told = noted(made_post(tags=("imunisasi", "bantuan sosial", "2026", "a/b", "covid19", "Jum'at")))
    assert [tag["name"] for tag in told["tag"]] == ["#imunisasi", "#BantuanSosial", "#covid19"]
    assert told["tag"][1]["href"] == "https://kabar.example/search?tag=bantuan%20sosial"


def test_parts_of_a_thread_answer_its_first():
    first = UUID(int=5)
    assert noted(thread=first)["inReplyTo"] == f"https://kabar.example/ap/posts/{first}"
    kept = made_kept()
    assert "inReplyTo" not in note(replace(kept, thread=kept.id), **CITY_OF)


@pytest.mark.parametrize("status", [PostStatus.WITHDRAWN, PostStatus.GONE, PostStatus.HELD])
def test_what_may_not_be_shown_is_a_tombstone_without_content(status):
    kept = replace(made_kept(status=status), post=None)
    told = note(kept, **CITY_OF)
    assert told.keys() == {"id", "type", "deleted"}
    assert removal(kept, public_url="https://kabar.example")["object"] == told


def test_ids_are_the_same_whenever_they_are_made_and_differ_by_change():
    kept = made_kept(change=7)
    later = replace(kept, change=8)
    assert creation(kept, **CITY_OF)["id"] == creation(later, **CITY_OF)["id"]
    url = CITY_OF["public_url"]
    ids = {
        creation(kept, **CITY_OF)["id"],
        renewal(kept, **CITY_OF)["id"],
        renewal(later, **CITY_OF)["id"],
        removal(kept, public_url=url)["id"],
        announcement(kept, public_url=url)["id"],
    }
    assert len(ids) == 5


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts_are_still_json_and_escaped(text):
    told = json.loads(json.dumps(noted(made_post(title=text, tags=(text,) if text else ()))))
    assert "<script>" not in told["content"]


def test_an_actor_says_who_it_is_and_that_nobody_reads_answers():
    department = Department(
        slug="dinkes", name="Dinas <Kesehatan>", url="https://dinkes.example/", contacts=("rahasia@x.example",)
    )
    register = Register(publisher=CITY_OF["publisher"], departments=(department,))
    who = Followable(register=register, public_url="https://kabar.example", department=department)
    said = actor_document(who, public_key="PEM").decode()
    told = json.loads(said)
    assert told["publicKey"] == {"id": f"{told['id']}#main-key", "owner": told["id"], "publicKeyPem": "PEM"}
    assert "Dinas &lt;Kesehatan&gt;" in told["summary"]
    assert "tidak dibaca" in told["summary"]
    assert "rahasia" not in said
    city = json.loads(actor_document(replace(who, department=None), public_key="PEM"))
    assert (city["preferredUsername"], city["name"]) == (CITY, "Kota Contoh")


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("acct:dinkes@kabar.example", "dinkes"),
        ("acct:@Dinkes@KABAR.example", "dinkes"),
        ("ACCT:dinkes@kabar.example", "dinkes"),
        ("https://kabar.example/departments/dinkes", "dinkes"),
        ("https://kabar.example/", CITY),
        ("https://kabar.example", CITY),
        ("acct:dinkes@evil.example", None),
        ("acct:dinkes", None),
        ("https://evil.example/ap/dinkes", None),
        ("", None),
    ],
)
def test_resources_mean_actors(resource, name):
    assert named_in(resource, "https://kabar.example") == name


def test_old_software_is_told_where_to_ask():
    assert b'template="https://kabar.example/.well-known/webfinger?resource={uri}"' in host_meta(
        "https://kabar.example"
    )


def test_an_acceptance_says_back_what_was_asked():
    follow = {"id": "https://a.example/1#f", "type": "Follow", "actor": "https://a.example/1"}
    told = acceptance(follow, actor="https://kabar.example/ap/dinkes")
    assert (told["object"], told["to"]) == (follow, ["https://a.example/1"])
