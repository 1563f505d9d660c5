"""The demo city's texts and pictures, as they lie in their files."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random
from unicodedata import is_normalized

import pytest
from PIL import Image

from feedhub.accounts.account import Platform
from feedhub_demo.articles import HERE, Article, alt_texts, edited, first_articles, new_article, scene_of, texts_of
from feedhub_demo.attachments import attachment
from feedhub_demo.scenes.drawing import SCENES, SHAPES, drawn
from feedhub_demo.words import suits, words_of

DEPARTMENTS = ("dinkes", "bpbd", "dinsos", "diskominfo")
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
WORDS = {path.stem: words_of(path.stem) for path in (HERE / "words").glob("*.toml")}
# Seven digits or more with what people put between them, a country code, or a messenger's link.
PHONE = re.compile(r"(?:\d[ ().-]?){7,}|\+\d|wa\.me|whatsapp", re.IGNORECASE)


def standing() -> list[Article]:
    return [article for department in DEPARTMENTS for article in first_articles(department, NOON)]


def in_reserve() -> list[Article]:
    drafts = [draft for department in DEPARTMENTS for draft in texts_of(department).reserve]
    return [new_article(draft, number=1, lap=0, now=NOON, chance=Random(1)) for draft in drafts]


def everything() -> list[Article]:
    return standing() + in_reserve()


def test_the_city_has_sixty_posts_and_twenty_in_reserve():
    assert len(standing()) >= 60
    assert len(in_reserve()) >= 20


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_slugs_and_numbers_name_one_text_each(department):
    texts = texts_of(department)
    slugs = Counter(draft.slug for draft in texts.posts + texts.reserve)
    assert slugs.most_common(1)[0][1] == 1
    assert {article.number for article in first_articles(department, NOON)} == set(range(1, len(texts.posts) + 1))


def test_texts_are_nfc_two_sentences_or_more_and_all_different():
    articles = everything()
    for article in articles:
        assert is_normalized("NFC", article.text + (article.title or ""))
        assert len(re.findall(r"[.!?](?:\s|$)", article.text)) >= 2, article.slug
    assert len({article.text for article in articles}) == len(articles)


def test_no_text_holds_a_phone_number_or_an_unfilled_place():
    for article in everything():
        said = f"{article.title}\n{article.text}\n{article.update}"
        assert PHONE.search(said) is None, article.slug
        assert "{" not in f"{article.title}{article.text}"


def test_words_of_accounts_are_whole_and_show_only_pictures_that_there_are():
    for slug, words in WORDS.items():
        for one in words:
            said = " ".join((one.title, one.text, *one.thread, one.update))
            assert PHONE.search(said) is None, said
            assert is_normalized("NFC", said)
            assert set(one.pictures) <= set(SCENES)
            assert "{" not in one.update
            assert len(one.text) <= 280, one.text
            assert len(one.title) + sum(len(tag) + 2 for tag in one.tags) <= 120, (slug, one.title)
    languages = {one.language for words in WORDS.values() for one in words}
    assert languages == {"id", "jv", "mad", "en"}


@pytest.mark.parametrize("platform", sorted(Platform), ids=str)
def test_every_department_has_enough_to_say_anywhere(platform):
    for words in WORDS.values():
        assert sum(suits(one, platform) for one in words) >= 6


def test_variety_is_there_for_readers_to_stumble_over():
    articles = standing()
    assert any(article.title is None for article in articles)
    assert any("<table" in article.text for article in articles)
    assert any("𝗣" in (article.title or "") for article in articles)
    assert any(len(article.text) > 5500 for article in articles)
    assert any(len(article.pictures) > 2 for article in articles)
    assert any(re.search(r"#\w", article.text) for article in articles)
    assert {article.language for article in articles} == {"id", "en"}
    assert {name.rpartition(".")[2] for article in articles if (name := article.attachment)} == {"pdf", "wav"}


@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_posts_lie_in_the_last_three_weeks_and_mostly_in_the_last_one(hour):
    now = NOON.replace(hour=hour)
    ages = [now - article.published_at for department in DEPARTMENTS for article in first_articles(department, now)]
    assert timedelta() <= min(ages) <= max(ages) < timedelta(days=22)
    assert sum(age < timedelta(days=7) for age in ages) > len(ages) / 2


def test_every_scene_is_shown_somewhere_and_a_few_have_no_description():
    shown = {scene_of(name) for article in everything() for name in article.pictures}
    shown |= {scene for words in WORDS.values() for one in words for scene in one.pictures}
    assert shown <= set(SCENES)
    assert len(shown) >= 20
    assert set(alt_texts()) < set(SCENES)


@pytest.mark.parametrize(
    ("scene", "shape"),
    [(scene, "1280x853") for scene in sorted(SCENES)] + [("pasar", shape) for shape in sorted(SHAPES)],
)
def test_a_picture_is_a_small_jpeg_of_the_stated_size_and_always_the_same(scene, shape):
    name = f"{scene}-7-{shape}"
    body = drawn(name)
    with Image.open(BytesIO(body)) as picture:
        assert (picture.format, picture.size) == ("JPEG", SHAPES[shape])
    assert len(body) <= 300_000
    drawn.cache_clear()
    assert drawn(name) == body


@pytest.mark.parametrize("name", ["pasar-7", "laut-7-1280x853", "pasar-7-9000x9000", "pasar-x-1280x853", ""])
def test_there_is_no_picture_of_another_name(name):
    assert drawn(name) is None


def test_a_card_says_its_title_and_a_number_changes_the_scene():
    plain, other = drawn("pasar-7-1280x853"), drawn("pasar-8-1280x853")
    cards = [drawn("kartu-pasar-7-1280x853", title=said, speaker="Dinsos") for said in ("Pasar murah", "Pasar malam")]
    assert len({plain, other, *cards}) == 4


def test_an_edit_adds_a_dated_paragraph_and_keeps_the_rest():
    article = standing()[0]
    later = edited(article, now=NOON + timedelta(minutes=5))
    assert later.text.startswith(article.text.rstrip())
    assert "Pembaruan pukul 12.05.00 WIB" in later.text
    assert (later.published_at, later.number) == (article.published_at, article.number)
    assert later.changed_at > article.changed_at


def test_a_reserve_told_again_differs():
    draft = texts_of("dinkes").reserve[0]
    chance = Random(3)
    first, second = (new_article(draft, number=n, lap=n, now=NOON, chance=chance) for n in (0, 1))
    assert (first.slug, second.slug) == (draft.slug, f"{draft.slug}-2")
    assert first.text != second.text


def test_attached_documents_have_a_table_that_points_at_their_objects():
    body, media_type = attachment("daftar-isi-tas-siaga.pdf")
    assert media_type == "application/pdf"
    start = int(body.split(b"startxref\n")[1].split()[0])
    assert body[start : start + 4] == b"xref"
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", body)]
    assert [body[place : place + 7] for place in places] == [b"%d 0 obj" % n for n in range(1, len(places) + 1)]
