"""Pictures that we draw: cards of shared links, and the app's icons."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from feedhub.accounts.kinds import Kind
from feedhub.views.app_icons import ICONS, icon_png
from feedhub.views.share_card import COVERED, SIZE, CardWords, _font, card_png, words_of_post
from posts_made import made_kept, made_post
from views.made_pages import SITE


def drawn(sign):
    image = Image.new("L", (80, 80))
    ImageDraw.Draw(image).text((40, 40), sign, 255, _font(40), anchor="mm")
    return image.tobytes()


def test_font_has_every_letter_that_cards_set():
    signs = [chr(code) for code in range(0x20, 0x2100) if COVERED.fullmatch(chr(code))]
    missing = drawn("\ue000")
    assert len(signs) > 100
    assert [sign for sign in signs if drawn(sign) == missing] == []


@pytest.mark.parametrize(
    ("title", "set_in_type", "below"),
    [
        ("Imunisasi gratis 🎉", "Imunisasi gratis", "20 November 2026 · Dinas Kesehatan"),
        ("صحة للجميع", "Dinas Kesehatan", "20 November 2026"),
        ("ꦱꦼꦲꦠ꧀ untuk semua", "Dinas Kesehatan", "20 November 2026"),
        ("🎉🎉", "Dinas Kesehatan", "20 November 2026"),
        ("Klinik Café – Łódź", "Dinas Kesehatan", "20 November 2026"),
        ("Klinik “Café” – 24 jam", "Klinik “Cafe” - 24 jam", "20 November 2026 · Dinas Kesehatan"),
        ("", "Dinas Kesehatan", "20 November 2026"),
    ],
)
def test_title_that_can_not_be_set_leaves_its_place_to_the_department(title, set_in_type, below):
    post = made_post(title=title, kinds=(Kind.SERVICE,))
    words = words_of_post(SITE, made_kept(post=post), post)
    assert (words.title, words.below, words.above, words.city) == (set_in_type, below, "Layanan", "Kota Tirtasari")


@pytest.mark.parametrize("title", ["", "a", "W" * 180, "kata " * 40, "Sebuah judul\u00a0tanpa jeda"])
def test_card_stays_within_its_edges(title):
    words = CardWords(title=title, above="Darurat", below="x" * 200, city="Kota " * 40, kind=Kind.EMERGENCY)
    image = Image.open(BytesIO(card_png(words))).convert("RGB")
    assert image.size == SIZE
    edge = image.crop((SIZE[0] - 60, 0, *SIZE))
    assert len(edge.getcolors()) == 1
    assert len(card_png(words)) < 100_000


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_as_large_as_they_say(name):
    side, is_whole = ICONS[name]
    image = Image.open(BytesIO(icon_png(name)))
    assert image.size == (side, side)
    assert (image.getpixel((0, 0))[3] == 255) is is_whole
    assert image.getpixel((side // 2, side // 10))[3] == 255
