"""The one door: whatever a platform says becomes a post, or nothing was said."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.accounts.account import Via
from feedhub.errors import ItemUnreadable, PostRefused
from feedhub.posts.compare import fingerprint
from feedhub.posts.normal import MAX_FIELD, normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Poll, Post, PostType
from feedhub.posts.text import is_legal_text
from feedhub.posts.urls import is_safe_url

BASE = "https://dinkes.example.go.id/"
IMAGE = MediaType.IMAGE

ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from("a \n#@<>&\u0338\u0301\u202e\ud800\x00𝐛é\u1100\u1161/:?"), st.characters(exclude_categories=())
    ),
    max_size=30,
)
MOMENTS = st.none() | st.datetimes(
    timezones=st.none() | st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(-timedelta(hours=12))])
)
NUMBERS = st.none() | st.integers(-5, 2**70)
MEDIA = st.builds(
    Media, type=st.sampled_from(MediaType), url=ODD | st.just("https://a.example/f.jpg"), preview_url=st.none() | ODD, mime_type=st.none() | ODD,
    width=NUMBERS, height=NUMBERS, bytes=NUMBERS, duration_seconds=st.none() | st.floats(), alt=st.none() | ODD,
)  # fmt: skip
SAID = st.fixed_dictionaries(
    {"native_id": ODD},
    optional={
        "base": st.none() | ODD | st.just(BASE), "title": st.none() | ODD, "html": st.none() | ODD, "text": st.none() | ODD, "summary": st.none() | ODD,
        "source_url": st.none() | ODD | st.just("/a"), "media": st.lists(MEDIA, max_size=3), "links": st.lists(ODD, max_size=3), "tags": st.lists(ODD, max_size=4),
        "language": st.none() | ODD, "published_at": MOMENTS, "edited_at": MOMENTS, "via": st.sampled_from(Via), "type": st.sampled_from(PostType),
        "mentions": st.lists(ODD, max_size=3), "in_reply_to": st.none() | ODD, "repost_of": st.none() | ODD, "thread": st.none() | ODD, "aliases": st.lists(ODD, max_size=2),
        "poll": st.none() | st.builds(Poll, options=st.lists(ODD, max_size=3).map(tuple), closes_at=MOMENTS),
        "event": st.none() | st.builds(Event, starts_at=MOMENTS, ends_at=MOMENTS, all_day=st.booleans(), location=st.none() | ODD, name=st.none() | ODD),
        "place": st.none() | st.builds(Place, name=st.none() | ODD, latitude=st.none() | st.floats(), longitude=st.none() | st.floats()),
        "counts": st.none() | st.dictionaries(ODD, st.integers(-5, 2**70), max_size=3), "sensitive": st.booleans(),
    },
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(SAID)
def test_anything_said_becomes_a_post_or_is_named_unreadable(said):
    try:
        post = normal_post(**said)
    except ItemUnreadable:
        return
    for text in (
        post.native_id,
        post.title,
        post.summary,
        post.content_text,
        post.content_html,
        *post.tags,
        *post.mentions,
    ):
        assert is_legal_text(text)
    assert post.title
    assert "\n" not in post.title + post.summary + "".join(post.tags)
    assert all(map(is_safe_url, [*post.links, *(medium.url for medium in post.media)]))
    assert msgspec.json.decode(msgspec.json.encode(post), type=Post) == post
    assert len(fingerprint(post)) == 32


@pytest.mark.parametrize(
    "said",
    [{"native_id": ""}, {"native_id": " \n\x00"}, {"native_id": "1"}, {"native_id": "1", "html": "<script>x</script>"}, {"native_id": "1", "title": " ", "text": "\x00", "source_url": "javascript:x"}],
)  # fmt: skip
def test_an_item_without_identity_or_content_is_unreadable(said):
    with pytest.raises(ItemUnreadable):
        normal_post(**said)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"title": "A"}, "A"),
        ({"text": "Halo semua warga kota. Dua"}, "Halo semua warga kota"),
        ({"media": [Media(type=IMAGE, url="/a.jpg", alt="Poster imunisasi")]}, "Poster imunisasi"),
        ({"media": [Media(type=IMAGE, url="/a.jpg")], "source_url": "/p/1"}, "https://dinkes.example.go.id/p/1"),
        ({"media": [Media(type=IMAGE, url="/a.jpg")]}, "Foto"),
        ({"html": "<p><img src=/a.jpg></p>"}, "Foto"),
        ({"media": [Media(type=MediaType.VIDEO, url="/a.mp4")]}, "Video"),
        ({"media": [Media(type=MediaType.AUDIO, url="/a.mp3")]}, "Audio"),
        ({"media": [Media(type=MediaType.DOCUMENT, url="/a.pdf")]}, "Dokumen"),
        ({"links": ["/x"]}, "1"),
    ],
)
def test_every_post_has_a_title(said, title):
    post = normal_post(native_id="1", base=BASE, **said)
    assert post.title == title
    assert post.title_is_made is ("title" not in said)


def test_given_summary_loses_what_its_site_added():
    assert normal_post(native_id="1", text="Isi", summary="Jadwal imunisasi […]").summary == "Jadwal imunisasi"
    assert normal_post(native_id="1", text="Isi", summary="The post Isi appeared first on Dinas.").summary == "Isi"


def test_html_and_text_are_made_from_each_other():
    from_html = normal_post(native_id="1", html="<p>Satu</p><p>Dua &amp; tiga</p>")
    from_text = normal_post(native_id="1", text="Satu\n\nDua & tiga")
    assert (from_html.content_html, from_html.content_text) == (from_text.content_html, from_text.content_text)
    assert from_html.summary == "Satu Dua & tiga"
    assert normal_post(native_id="1", title="T", summary="Satu\nDua").content_text == "Satu\nDua"


def test_the_same_picture_counts_once_and_pixels_never():
    post = normal_post(
        native_id="1",
        base=BASE,
        media=[Media(type=IMAGE, url="/up/foto.jpg"), Media(type=IMAGE, url="javascript:x"), Media(type=MediaType.AUDIO, url="/a.mp3", bytes=0, duration_seconds=float("nan"))],
        html="<img src=/up/foto-300x200.jpg?w=3 alt=Foto><img src=https://i1.wp.com/dinkes.example.go.id/up/foto-scaled.jpg><img src=/lain.jpg><img src=/p.gif width=1 height=1>",
    )  # fmt: skip
    assert [(medium.url.removeprefix(BASE), medium.alt) for medium in post.media] == [
        ("up/foto.jpg", "Foto"),
        ("a.mp3", None),
        ("lain.jpg", None),
    ]
    assert post.media[1].bytes is None
    assert post.media[1].duration_seconds is None


def test_tags_are_said_once_in_their_first_spelling():
    post = normal_post(
        native_id="1",
        text="x #Bantuan_Sosial #SEHAT a#b https://a.example/#c #2025",
        tags=["Bantuan Sosial", "#sehat", " ", "#"],
    )
    assert post.tags == ("Bantuan Sosial", "sehat")


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [("Imunisasi gratis untuk semua balita di puskesmas", "en-US", "id"), ("PPDB 2025", "id-ID", "id"), ("PPDB 2025", "Bahasa", None), ("PPDB", None, None)],
)  # fmt: skip
def test_what_a_text_shows_goes_before_what_a_feed_says(text, said, language):
    assert normal_post(native_id="1", text=text, language=said).language == language


def test_times_are_whole_seconds_of_utc_or_unknown():
    at = datetime(2026, 11, 20, 8, 0, 0, 999, tzinfo=timezone(timedelta(hours=7)))
    post = normal_post(native_id="1", text="x", published_at=at, edited_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test
    assert post.published_at == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert post.published_at.tzinfo is UTC
    assert post.edited_at is None
    assert (
        normal_post(
            native_id="1", text="x", published_at=datetime.min.replace(tzinfo=timezone(timedelta(hours=7)))
        ).published_at
        is None
    )


def test_everything_is_bounded():
    post = normal_post(
        native_id="n" * 5_000,
        title="judul " * 500,
        html="<p>kata</p>" * 60_000,
        base=BASE,
        links=[f"/{number}" for number in range(900)],
        tags=[f"t{number}" for number in range(900)],
        media=[Media(type=IMAGE, url=f"/{number}.jpg") for number in range(900)],
    )
    assert post.native_id.startswith("blake2b:")
    assert len(post.native_id) == 72
    assert len(post.title) <= 500
    assert len(post.content_html) <= MAX_FIELD
    assert (len(post.links), len(post.tags), len(post.media)) == (200, 100, 50)


def test_long_ids_stay_apart():
    one, other = (normal_post(native_id="n" * 5_000 + end, text="x").native_id for end in "ab")
    assert one != other


def test_links_are_those_in_the_html_and_those_given_once_each():
    post = normal_post(
        native_id="1",
        base=BASE,
        html="<a href=/a?fbclid=1>x</a><a href=tel:112>y</a>",
        links=["/a", "/b?utm_source=x", "ftp://c"],
    )
    assert post.links == (BASE + "a", BASE + "b")


def test_addresses_are_relative_to_the_source_where_no_base_is_said():
    assert normal_post(native_id="1", html="<a href=b>x</a>", source_url="https://a.example/c/").links == (
        "https://a.example/c/b",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "a\x00"), ("content_text", "e\u0301"), ("native_id", ""), ("source_url", "javascript:x"), ("links", ("https://a.example",)), ("tags", ("\ud800",)), ("mentions", ("\x0b",)),
     ("published_at", datetime(2026, 1, 1)), ("media", (Media(type=IMAGE, url="/a"),)), ("event", Event(starts_at=datetime(2026, 1, 1))), ("thread", "\x00")],  # noqa: DTZ001 - the fault under test
)  # fmt: skip
def test_a_post_that_breaks_an_invariant_is_refused(field, value):
    with pytest.raises(PostRefused, match=field):
        Post(**({"native_id": "1", "title": "t", "content_text": "", "content_html": ""} | {field: value}))
