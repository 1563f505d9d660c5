"""ninjs 1.6 as the standard's schema and a newsroom's system take it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from feedhub.accounts.account import Publisher
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.picture_copies import MadePicture, copies_in, wanted_pictures
from feedhub.posts.post import Event, Media, MediaType, Place, PostStatus
from feedhub.views.ninjs import ninjs_document, ninjs_json
from newsroom_systems import ninjs_faults, read_by_superdesk
from posts_made import kept_posts, made_kept, made_post

HERE = "https://kabar.example"
CITY = Publisher(name="Kota Contoh", license="https://creativecommons.org/licenses/by/4.0/")
PICTURE = Media(
    type=MediaType.IMAGE, url="https://dinkes.example/a.jpg", width=4000, height=3000, alt="Seorang perawat"
)
FILM = Media(type=MediaType.VIDEO, url="https://dinkes.example/b.mp4", preview_url="https://dinkes.example/b.jpg")
LETTER = Media(type=MediaType.DOCUMENT, url="https://dinkes.example/surat.pdf?a=1&b=2", alt="Surat <edaran>")


def written(kept):
    return ninjs_document(kept, publisher=CITY, public_url=HERE)


def pictured(*media):
    """A live post with our copies of its pictures."""
    kept = made_kept(post=made_post(media=media))
    wanted = wanted_pictures(kept.post, id=kept.id, version=1)
    made = [MadePicture(id=one, width=4000, height=3000, color="#112233") for one in wanted]
    return replace(kept, pictures=copies_in(kept.post, made, id=kept.id, version=1))


@settings(max_examples=60)
@given(kept=kept_posts())
def test_whatever_a_post_holds_the_schema_and_superdesk_accept_it(kept):
    document = written(kept)
    assert ninjs_faults(document) == []
    first, *media = read_by_superdesk(document)
    assert first["uri"] == f"urn:uuid:{kept.id}"
    assert len(media) == sum(each.type is not MediaType.DOCUMENT for each in (kept.post.media if kept.post else ()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pubstatus", "withhold"),
        ("pubStatus", "usable"),
        ("urgency", 0),
        ("urgency", "1"),
        ("version", 2),
        ("uri", "not a uri"),
        ("versioncreated", "2026-11-20T08:00:00"),
        ("subject", [{"label": "x"}]),
        ("renditions", {"main": {"url": "https://a.example"}}),
        ("associations", {"media1": {"type": "picture"}}),
        ("rightsinfo", {}),
        ("evolvedfrom", "urn:uuid:1"),
    ],
)
def test_the_checker_notices(name, value):
    good = json.loads(written(made_kept()))
    assert ninjs_faults(good) == []
    assert ninjs_faults(good | {name: value}) != []


@pytest.mark.parametrize(
    ("status", "pubstatus"),
    [
        (PostStatus.LIVE, "usable"),
        (PostStatus.HELD, "withheld"),
        (PostStatus.WITHDRAWN, "canceled"),
        (PostStatus.GONE, "canceled"),
    ],
)
def test_what_is_not_live_is_a_stub_without_a_word_of_it(status, pubstatus):
    reason = Notice(kind=NoticeKind.WITHDRAWAL, reason="Tanggalnya keliru.", at=made_kept().updated_at)
    kept = made_kept(status=status, notice=reason)
    told = json.loads(written(kept))
    assert told["pubstatus"] == pubstatus
    assert told["ednote"].endswith("Tanggalnya keliru.")
    is_live = status is PostStatus.LIVE
    assert ("Imunisasi" in json.dumps(told), "headline" in told, "body_html" in told) == (is_live,) * 3
    assert told["representationtype"] == ("complete" if is_live else "incomplete")
    # Taken by hand out of its state, the content still stays in.
    leaked = replace(kept, post=made_post())
    assert ninjs_json(leaked, publisher=CITY, public_url=HERE) == told or is_live


def test_a_newer_version_is_newer_to_superdesk_which_compares_seconds():
    kept = made_kept()
    later = replace(kept, version=2, updated_at=kept.updated_at + timedelta(seconds=1))
    (one,), (other,) = read_by_superdesk(written(kept)), read_by_superdesk(written(later))
    assert one["guid"] == other["guid"]
    assert one["versioncreated"] < other["versioncreated"]


def test_pictures_are_fetched_from_our_copies_and_films_from_where_they_are():
    told = json.loads(written(pictured(PICTURE, FILM)))
    _, picture, film = read_by_superdesk(json.dumps(told).encode())
    assert picture["fetched"].startswith(f"{HERE}/media/")
    assert picture["fetched"].endswith("/1280.jpg")
    assert (picture["alt_text"], film["fetched"]) == ("Seorang perawat", FILM.url)
    renditions = told["associations"]["media1"]["renditions"]
    assert [(name, one["width"], one["height"]) for name, one in renditions.items()] == [
        ("original", 4000, 3000),
        ("baseImage", 1280, 960),
        ("viewImage", 640, 480),
        ("thumbnail", 320, 240),
    ]


def test_a_medium_keeps_its_identity_while_its_address_is_signed_anew():
    signed = [replace(PICTURE, url=f"https://scontent-{edge}.cdninstagram.com/a.jpg?sig={edge}") for edge in "ab"]
    one, other = (json.loads(written(pictured(medium)))["associations"]["media1"]["uri"] for medium in signed)
    assert one == other


def test_documents_are_links_in_the_text_and_never_fetched_as_pictures():
    told = json.loads(written(made_kept(post=made_post(media=(LETTER,)))))
    assert "associations" not in told
    assert told["body_html"].endswith(
        '<p><a href="https://dinkes.example/surat.pdf?a=1&amp;b=2">Surat &lt;edaran&gt;</a></p>'
    )


def test_an_emergency_is_urgent_unless_it_is_an_old_one():
    alarm = made_post(kinds=(Kind.EMERGENCY,))
    for kept, urgency in (
        (made_kept(post=alarm), 1),
        (made_kept(post=alarm, backfill=True), 5),
        (made_kept(), 5),
    ):
        assert json.loads(written(kept))["urgency"] == urgency
    codes = [(one["scheme"], one["code"]) for one in json.loads(written(made_kept(post=alarm)))["subject"]]
    assert codes == [
        (f"{HERE}/kinds/", "emergency"),
        ("http://cv.iptc.org/newscodes/mediatopic/", "03000000"),
    ]


def test_a_correction_is_a_note_to_editors_beside_the_corrected_text():
    notice = Notice(kind=NoticeKind.CORRECTION, reason="Jamnya 09.00.", at=made_kept().updated_at)
    told = json.loads(written(made_kept(notice=notice)))
    assert (told["pubstatus"], told["ednote"]) == ("usable", "Ralat: Jamnya 09.00.")
    assert "Ralat" not in told["body_text"]


def test_events_and_places_are_told_where_1_6_has_room_for_them():
    at = made_kept().published_at
    event = Event(starts_at=at, location="Alun-alun", name="Donor darah")
    place = Place(name="Alun-alun", latitude=-7.75, longitude=113.2)
    told = json.loads(written(made_kept(post=made_post(event=event, place=place))))
    assert told["event"] == [{"name": "Donor darah"}]
    assert told["description_event"] == "2026-11-20T08:00:00+07:00, Alun-alun"
    assert told["place"][0]["geometry_geojson"] == {"type": "Point", "coordinates": [113.2, -7.75]}
