"""The language of a text, told by its small words or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.posts.languages import guess_language, language_tag

SENTENCES = {
    "id": [
        "Imunisasi gratis untuk semua balita di puskesmas.",
        "Pemerintah kota mengajak warga menjaga kebersihan sungai dan selokan.",
        "Pendaftaran peserta didik baru dibuka mulai tanggal 12 Juni hingga 20 Juni.",
        "Besok air PDAM akan mati di wilayah Kanigaran karena perbaikan pipa.",
        "Bantuan sosial tahap kedua sudah dapat diambil di kantor kelurahan.",
        "Yuk hadir di pasar murah, hari Sabtu di alun-alun!",
        "Kami mohon maaf atas keterlambatan pelayanan hari ini.",
        "Jangan lupa bawa KTP dan kartu keluarga ya, Sobat!",
        "Hujan deras disertai angin kencang berpotensi terjadi di sebagian wilayah pada malam hari.",
        "Wali kota meresmikan taman baru yang dilengkapi dengan tempat bermain anak.",
    ],
    "en": [
        "Free vaccination for all children at every health centre.",
        "The city invites you to the opening of the new park.",
        "Registration is open until the end of the month.",
        "Water supply will be interrupted tomorrow because of repairs.",
        "Please bring your identity card and the form with you.",
        "We are sorry for the delay in our service today.",
    ],
    "jv": [
        "Sugeng enjing para warga, dinten niki wonten posyandu ing bale desa.",
        "Aja lali teka ing alun-alun kanggo nonton jaranan karo kanca-kanca.",
        "Pasar murah iki kanggo kabeh warga sing duwe KTP kutha.",
        "Matur nuwun dhumateng sedaya warga ingkang sampun rawuh.",
        "Kowe wis ngerti durung yen saiki bisa daftar saka omah?",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_language_of_a_sentence(language, text):
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PPDB 2025",
        "🎉🎉🎉",
        "https://a.example/the/and/of",
        "#dan #yang #di",
        "Dinas Kesehatan Kota Probolinggo",
        "OK",
        "日本語の文章です",
        "السلام عليكم",
        "lorem ipsum dolor sit amet consectetur",
        "Osoby, które regularnie piszą na blogu po polsku, można policzyć na palcach jednej ręki. Do roboty, się pisze o tym.",
    ],
)
def test_nothing_is_said_where_nobody_can_be_sure(text):
    assert guess_language(text) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "De gemeente heeft het nieuwe park geopend en dat is goed voor de kinderen van de stad."),
        ("de", "Die Stadt lädt alle Bürger ein, und der Eintritt ist frei für Kinder mit Ausweis."),
        ("fr", "La ville invite tous les habitants et les enfants pour une fête dans le parc."),
        ("es", "El alcalde inauguró la nueva plaza con los vecinos para celebrar el día de la ciudad."),
    ],
)
def test_other_languages_are_not_taken_for_ours(language, text):
    assert guess_language(text) in {language, None}


@settings(deadline=None)
@given(st.text())
def test_any_text_has_an_answer(text):
    assert guess_language(text) in {None, "id", "en", "jv", "su", "nl", "de", "fr", "es", "pt"}


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("id", "id"),
        ("id-ID", "id"),
        ("ID_id", "id"),
        (" en-US ", "en"),
        ("in", "id"),
        ("jw", "jv"),
        ("zh-hans-CN", "zh-Hans"),
        ("jv-Java", "jv-Java"),
        ("sl-rozaj-biske", "sl"),
        ("de-CH-x-phonebk", "de"),
        ("es-419", "es"),
        (None, None),
        ("", None),
        ("und", None),
        ("Indonesian", None),
        ("i", None),
        ("<b>", None),
        ("en-", None),
        ("id" * 200, None),
    ],
)
def test_tags_of_languages_are_short_and_well_formed(said, tag):
    assert language_tag(said) == tag
