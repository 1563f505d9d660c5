"""From links to departments and accounts: names, owners, evidence, look-alikes."""

import tomllib

import pytest

from feedhub.accounts.account import Platform
from feedhub.accounts.department_names import is_article, is_index, unit_in
from feedhub.accounts.proposals import Page, PageLink, leads, proposals
from feedhub.accounts.proposals_export import proposals_json, proposals_toml
from feedhub.accounts.register_file import read_register

BASE = "kota.example"
FRONT = "https://www.kota.example/"


def links(*pairs):
    return tuple(PageLink(url=url, text=text) for url, text in pairs)


def front(*pairs, **also):
    return Page(url=FRONT, title="Beranda | Pemerintah Kota Contoh", links=links(*pairs), **also)


def department(label, name, *pairs, title="", **also):
    return Page(
        url=f"https://{label}.kota.example/", title=title, name=name, links=links(*pairs), is_department=True, **also
    )


@pytest.mark.parametrize(
    ("url", "text", "found"),
    [
        ("https://dinkes.kota.example/", "Dinas Kesehatan", ("https://dinkes.kota.example/", "Dinas Kesehatan")),
        ("https://dinkes.kota.example/profil/visi", "Dinkes", ("https://dinkes.kota.example/", "Dinkes")),
        ("https://bappeda.kota.example/", "", ("https://bappeda.kota.example/", "")),
        ("https://rsud.go.id/", "RSUD dr. Saleh", ("https://rsud.go.id/", "RSUD dr. Saleh")),
        ("https://kota.example/opd/dinsos", "Dinas Sosial", ("https://kota.example/opd/dinsos", "Dinas Sosial")),
        ("https://kota.example/opd", "Perangkat Daerah", ("https://kota.example/opd", None)),
        ("https://kota.example/hubungi-kami", "Kontak", ("https://kota.example/hubungi-kami", None)),
        ("https://kota.example/berita/1", "Dinas Kesehatan gelar imunisasi", None),
        ("https://kota.example/dinas.pdf", "Dinas Kesehatan", None),
        ("https://webmail.kota.example/", "Webmail", None),
        ("https://kantor.example/", "Kantor Kami", None),
        ("https://kota.example/", "Dinas", None),
        ("https://www.facebook.com/dinkes", "Dinas Kesehatan", None),
        ("https://kota.example/x", "Wali Kota lantik kepala dinas", None),
    ],
)
def test_leads_are_pages_of_departments_and_lists_of_them(url, text, found):
    lead = leads(front((url, text)), BASE)
    assert [(each.url, each.name) for each in lead] == ([found] if found else [])


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("DINAS KESEHATAN", "DINAS KESEHATAN"),
        ("Website Dinas Sosial", "Dinas Sosial"),
        ("Kecamatan Mayangan", "Kecamatan Mayangan"),
        ("Fire Department", "Fire Department"),
        ("Badan Penanggulangan Bencana Daerah Kota Contoh", "Badan Penanggulangan Bencana Daerah Kota Contoh"),
        ("Kedinasan", None),
        ("", None),
        ("Dinas " * 20, None),
    ],
)
def test_units_are_named_by_their_words(text, unit):
    assert unit_in(text) == unit


def test_news_and_files_are_neither_departments_nor_lists():
    assert is_article("https://kota.example/2026/11/kontak")
    assert not is_index("Perangkat Daerah", "https://kota.example/berita/perangkat-daerah-rapat")


def test_each_account_belongs_to_whoever_links_to_it_with_the_page_as_evidence():
    found = proposals(
        [
            front(("https://www.instagram.com/kota.contoh/", ""), feed="https://www.kota.example/feed/"),
            department(
                "dinkes",
                "Dinas Kesehatan",
                ("https://www.instagram.com/dinkes.kota/?igsh=x", ""),
                ("https://instagram.com/kota.contoh", ""),
                ("https://www.facebook.com/sharer/sharer.php?u=x", "Bagikan"),
                ("https://www.instagram.com/p/C0abcDEF/", ""),
                ("https://twitter.com/wordpress", ""),
                wordpress="https://dinkes.kota.example/",
                feed="https://dinkes.kota.example/feed/",
            ),
            department("bpbd", "BPBD Kota Contoh", ("https://x.com/bpbdkota", "")),
        ]
    )
    assert [(each.slug, each.name) for each in found.register.departments] == [
        ("kota", "Pemerintah Kota Contoh"),
        ("dinkes", "Dinas Kesehatan"),
        ("bpbd", "BPBD Kota Contoh"),
    ]
    assert [(each.department, each.key, each.evidence) for each in found.register.accounts] == [
        ("kota", "webfeed:kota.example/feed", FRONT),
        ("kota", "instagram:instagram.com/kota.contoh", FRONT),
        ("dinkes", "wordpress:dinkes.kota.example", "https://dinkes.kota.example/"),
        ("dinkes", "instagram:instagram.com/dinkes.kota", "https://dinkes.kota.example/"),
        ("bpbd", "x:x.com/bpbdkota", "https://bpbd.kota.example/"),
    ]
    assert all(each.verified_at is None for each in found.register.accounts)


def test_what_several_departments_link_to_is_the_citys():
    shared = ("https://www.youtube.com/@kotacontoh", "")
    found = proposals([front(), department("a", "Dinas A", shared), department("b", "Dinas B", shared)])
    assert [(each.department, each.evidence) for each in found.register.accounts] == [
        ("kota", "https://a.kota.example/")
    ]


def test_an_account_of_the_fediverse_is_believed_where_the_page_says_that_it_is_its_own():
    own = PageLink(url="https://social.example/@dinkes", is_me=True)
    page = Page(url=FRONT, links=(own, PageLink(url="https://blog.example/@penulis")))
    (account,) = proposals([page]).register.accounts
    assert (account.platform, account.handle) == (Platform.MASTODON, "@dinkes@social.example")


def test_look_alikes_are_named():
    found = proposals(
        [
            front(),
            department("dinkes", "Dinas Kesehatan", ("https://www.instagram.com/dinkes.kotacontoh/", "")),
            department("dinsos", "Dinas Sosial", ("https://www.instagram.com/dinkes.kotac0ntoh/", "")),
        ]
    )
    assert found.notes == (
        "dinkes.kotacontoh looks like dinkes.kotac0ntoh (instagram); find out which of them is official.",
    )


def test_the_name_of_a_department_is_found_in_its_title_where_the_link_has_none():
    page = department("dinkes", None, title="Beranda - Dinas Kesehatan Kota Contoh")
    assert proposals([front(), page]).register.departments[1].name == "Dinas Kesehatan Kota Contoh"


def test_proposals_are_a_register_that_can_be_imported_and_calls_nothing_official():
    found = proposals(
        [
            front(("https://www.instagram.com/kota.contoh/", "")),
            department("dinkes", 'Dinas "Kesehatan"'),
            department("dinsos", "Dinas Sosial", ("https://www.instagram.com/kota.contoh_official/", "")),
        ]
    )
    text = proposals_toml(found, url=FRONT)
    register = read_register(text, name="found.toml")
    assert [each.department for each in register.accounts] == ["kota", "dinsos"]
    assert "verified_at" not in str(tomllib.loads(text))
    assert "# Beware: kota.contoh looks like kota.contoh_official" in text
    assert "publisher" not in text
    told = proposals_json(found)
    assert [len(each["accounts"]) for each in told["departments"]] == [1, 0, 1]
    assert told["departments"][0]["accounts"][0]["evidence"] == FRONT
