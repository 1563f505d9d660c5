"""Titles and summaries made for posts that came without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.posts.text import clean_text, is_legal_text
from feedhub.posts.titles import made_summary, made_title

LONG = "Pemerintah kota mengajak seluruh warga untuk mengikuti kerja bakti massal membersihkan saluran air sebelum musim hujan tiba"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Imunisasi gratis di semua puskesmas.", "Imunisasi gratis di semua puskesmas"),
        ("Imunisasi gratis di semua puskesmas. Bawa KTP dan KK.", "Imunisasi gratis di semua puskesmas"),
        (
            "Halo warga! Besok air PDAM mati pukul 09.00. Harap menampung air.",
            "Halo warga! Besok air PDAM mati pukul 09.00",
        ),
        ("Kerja bakti di Jl. Suroyo No. 12 besok pagi. Ayo ikut!", "Kerja bakti di Jl. Suroyo No. 12 besok pagi"),
        (
            "dr. Ani, M.Kes. Kepala Dinas Kesehatan, hadir. Terima kasih.",
            "dr. Ani, M.Kes. Kepala Dinas Kesehatan, hadir",
        ),
        ("🎉🎉🎉\n\n📢 Pasar murah hari Sabtu 📢\nDatang ya", "Pasar murah hari Sabtu"),
        ("#info #probolinggo\nPasar murah hari Sabtu #pasarmurah #murah", "Pasar murah hari Sabtu"),
        ("https://a.example/b\nPasar murah hari Sabtu https://a.example/c", "Pasar murah hari Sabtu"),
        ("#PasarMurah digelar hari Sabtu", "PasarMurah digelar hari Sabtu"),
        ("• Syarat: KTP\n• KK", "Syarat: KTP"),
        ("*PENGUMUMAN*", "PENGUMUMAN"),
        ("@walikota @dinkes\nRapat koordinasi stunting", "Rapat koordinasi stunting"),
        ("#pasar_murah #2025", "pasar murah 2025"),
        ("🎉 https://a.example/", ""),
        ("", ""),
        ("---\n***\n", ""),
        ("Apakah Anda sudah vaksin? Daftar sekarang!", "Apakah Anda sudah vaksin?"),
        (LONG, "Pemerintah kota mengajak seluruh warga untuk mengikuti kerja bakti massal membersihkan saluran air…"),
        ("x" * 300, "x" * 99 + "…"),
        ("Suhu 3.5 derajat. naik terus", "Suhu 3.5 derajat. naik terus"),
        ("Selamat pagi…", "Selamat pagi…"),
        ("‘Jum’at bersih’ dimulai. Ayo!", "‘Jum’at bersih’ dimulai"),
    ],
)
def test_title_says_what_the_post_is_about(text, title):
    assert made_title(text) == title


@settings(deadline=None)
@given(st.text(st.sampled_from("aB1. !?#@\n:/…🎉-*,é\u200d")).map(clean_text))
def test_made_titles_and_summaries_are_short_single_legal_lines(text):
    for made, limit in ((made_title(text), 100), (made_summary(text), 300)):
        assert len(made) <= limit
        assert "\n" not in made
        assert made == made.strip()
        assert is_legal_text(made)


def test_summary_is_the_beginning_on_one_line():
    assert made_summary(f"Satu.\n\nDua\ttiga {LONG * 5}").startswith("Satu. Dua tiga Pemerintah kota")
    assert made_summary(LONG * 5).endswith("…")
    assert 250 < len(made_summary(LONG * 5)) <= 300


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Jadwal imunisasi bulan ini […]", "Jadwal imunisasi bulan ini"),
        ("Jadwal imunisasi bulan ini [...]", "Jadwal imunisasi bulan ini"),
        ("Jadwal imunisasi bulan ini [&hellip;]", "Jadwal imunisasi bulan ini"),
        ("Jadwal imunisasi… Continue reading Jadwal imunisasi. Ayo! →", "Jadwal imunisasi…"),
        ("Jadwal imunisasi […] Continue reading Jadwal", "Jadwal imunisasi"),
        ("Jadwal imunisasi bulan ini. Baca selengkapnya »", "Jadwal imunisasi bulan ini."),
        (
            "Bawa KTP. […]\n\nThe post Imunisasi gratis! appeared first on Dinas Kesehatan.",
            "Bawa KTP.",
        ),
        ("Bawa KTP. The post Imunisasi first appeared on Dinas Kesehatan", "Bawa KTP."),
        ("x " * 140 + "Selesai. The post Imunisasi appeared first on Dinas Kesehatan.", "x " * 140 + "Selesai."),
        (
            "Continue reading books every day: it is good for you.",
            "Continue reading books every day: it is good for you.",
        ),
        ("The newspaper said that the post office appeared first on Main Street.",) * 2,
        ("Lihat [1] dan [2]", "Lihat [1] dan [2]"),
        ("Selamat pagi…", "Selamat pagi…"),
        ("The post Imunisasi appeared first on Dinas Kesehatan.", ""),
    ],
)
def test_summary_drops_what_a_site_adds_to_excerpts(text, summary):
    assert made_summary(text) == summary


def test_taking_off_what_was_added_is_linear():
    for hostile in (
        "The post " * 40_000,
        "[… " * 100_000,
        "… Read more " * 30_000,
        "The post x appeared first on " * 10_000,
    ):
        assert len(made_summary(hostile)) <= 300
