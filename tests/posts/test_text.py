"""Text: legal, in one form, readable aloud."""

import re
import time
from unicodedata import is_normalized

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.posts.text import clean_text, fold, is_legal_text, one_line, shortened

# Letters, and everything that has ever hurt: surrogates, controls, bidi, marks, dressed letters.
HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "aZ é\n\r\t\x00\x0b\x1f\x7f\x85\x92\u00ad\u0301\u0327\u0338\u034f\u0489\u061c\u0e47\u1100\u1161\u200b\u200d\u200e"
            "\u2028\u2029\u202a\u202e\u2060\u2066\u2069\u20dd\u20e3\u210e\u211d\u2122\u212a\u2460\u24b6\u24d0\ud800\udfff"
            "\ufdd0\ufe0f\ufeff\uff21\uff1c\ufff9\ufffd\ufffe\U0001d400\U0001d7ff\U0001f130\U0001f170\U0001f3f4\U0001f600"
            "\U000e0067\U000e007f\U000e0100\U0001fffe\U0010ffff\u1d00\u1d1b\u0280<>&\"'"
        ),
        st.characters(exclude_categories=()),
    ),
    max_size=60,
)


def styled(word: str, first: int) -> str:
    """`word` in the alphabet whose capital A is at `first` and small a 26 later."""
    return "".join(
        chr(first + ord(letter) - 65) if letter.isupper() else chr(first + 26 + ord(letter) - 97) for letter in word
    )


@settings(deadline=None)
@given(HOSTILE)
def test_clean_text_is_legal(text):
    assert is_legal_text(clean_text(text))


@settings(deadline=None)
@given(HOSTILE)
def test_cleaning_twice_changes_nothing(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert one_line(one_line(text)) == one_line(text)


@settings(deadline=None)
@given(HOSTILE)
def test_clean_text_never_makes_markup_of_anything(text):
    cleaned = clean_text(text)
    for sign in "<>&\"'":
        assert cleaned.count(sign) <= text.count(sign)


@settings(deadline=None)
@given(HOSTILE)
def test_nothing_in_clean_text_turns_or_hides_what_follows(text):
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]", clean_text(text))


@settings(deadline=None)
@given(HOSTILE)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(HOSTILE)
def test_fold_does_not_see_cleaning(text):
    assert is_normalized("NFKC", fold(text))


@settings(deadline=None)
@given(HOSTILE.map(clean_text), st.integers(2, 40))
def test_shortened_text_fits_and_stays_legal(text, limit):
    short = shortened(text, limit)
    assert len(short) <= limit
    assert is_legal_text(short)
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    ("dressed", "plain"),
    [
        *(
            (styled("Posyandu", first), "Posyandu")
            for first in (0x1D400, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D608, 0x1D63C, 0x1D670)
        ),
        ("𝒫ℴ𝓈𝓎𝒶𝓃𝒹𝓊 𝒽ℯ𝓁𝓁ℴ", "Posyandu hello"),
        ("ℌ𝔞𝔩𝔬 ℜ𝔞𝔨𝔶𝔞𝔱", "Halo Rakyat"),
        ("ℙ𝕖𝕞𝕖𝕣𝕚𝕟𝕥𝕒𝕙", "Pemerintah"),
        ("𝟐𝟎𝟐𝟓 𝟚𝟘 𝟸𝟶", "2025 20 20"),
        ("Ｉｎｆｏ １２", "Info 12"),
        ("Ⓘⓝⓕⓞ", "Info"),
        ("🅸🅽🅵🅾 🄸🄽🄵🄾 🅘🅝🅕🅞", "INFO INFO INFO"),
        ("⒤⒩⒡⒪", "info"),
        ("ɪɴꜰᴏ ʟᴀʏᴀɴᴀɴ", "info layanan"),
        ("𝐈𝐦𝐮𝐧𝐢𝐬𝐚𝐬𝐢\n𝐠𝐫𝐚𝐭𝐢𝐬", "Imunisasi\ngratis"),
    ],
)
def test_letters_in_costume_become_plain_letters(dressed, plain):
    assert clean_text(dressed) == plain


@pytest.mark.parametrize(
    "text",
    [
        "25 m² º ª ½ ™ ® ℃ № ① ② Ⓜ️ 🅿️ ℓ x ∈ ℝ",
        "👩‍👩‍👧 1️⃣ 🇮🇩 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ❤️ ✅",
        "日本語、ＡＢＣ".replace("ＡＢＣ", "ABC") + "！？（）",
        "ꦲꦏ꧀ꦱꦫꦗꦮ",
        "السلام عليكم",
        "שָׁלוֹם",
        "ภาษาไทยก็ดี",
        "Jum’at – “Ayo” … 5 €",
        "ˈbɪɡ",
    ],
)
def test_real_characters_stay(text):
    assert clean_text(text) == clean_text(clean_text(text))
    assert [letter for letter in text if not letter.isspace()] == [
        letter for letter in clean_text(text) if not letter.isspace()
    ] or is_normalized("NFC", text) is False


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\r\nb\rc\x85d\u2028e", "a\nb\nc\nd\ne"),
        ("a\x00b\x08c\x1bd", "abcd"),
        ("It\x92s \x93good\x94", "It’s “good”"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("\u2067abc\u2069", "abc"),
        ("a\ufeffb\ufffcc", "abc"),
        ("x\ud83d\ude00y", "xy"),
        ("e\u0301", "é"),
        ("z" + "\u0335\u0336\u0337\u0338\u0353\u0354" * 5, None),
        ("ก" + "\u0e47" * 30, None),
    ],
)
def test_what_can_not_be_shown_is_mended(said, kept):
    cleaned = clean_text(said)
    assert cleaned == kept if kept else len(cleaned) <= 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łódź", "LODZ"),
        ("Jum’at", "jum'at"),
        ("ＰＯＳＹＡＮＤＵ", "posyandu"),
        ("Straße", "STRASSE"),
        ("ﬁnal", "final"),
        ("naïve", "naive"),
        ("co\u00adop\u200b", "coop"),
    ],
)
def test_search_finds_one_by_the_other(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize("pump", ["\u0301", "\U0001d400", "\u202e", "Ⓐ", "ᴀ", "a\u0301", "\r", "\ud800", "ᴀq", "é "])
def test_cleaning_takes_time_in_proportion(pump):
    started = time.process_time()
    clean_text(pump * 200_000)
    fold(pump * 50_000)
    assert time.process_time() - started < 5
