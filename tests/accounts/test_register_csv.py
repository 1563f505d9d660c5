"""Registers kept in spreadsheets: every quirk that people's programs have, every fault with its place."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.accounts.account import Account, Department, Platform, Publisher, Register, Via
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.accounts.register_csv import MOST_ROWS, read_register_csv
from feedhub.accounts.register_reading import completed, read_register_file
from feedhub.errors import RegisterRefused

WIDE = """\
slug,name,url,email,group,instagram,facebook,tiktok,youtube,x,webfeed
dinkes,Dinas Kesehatan,https://dinkes.example.go.id/,halo@dinkes.example.go.id,Dinas,dinkes.kota,\
https://www.facebook.com/dinkes.kota,@dinkes,https://www.youtube.com/@dinkes,,https://dinkes.example.go.id/feed/
bpbd,BPBD,,,,bpbd.kota; bpbd.siaga https://www.instagram.com/bpbd.posko/,,,,@bpbd,
"""


def read(text, name="register.csv"):
    return read_register_csv(text, name=name)


def keys(register, slug):
    return [account.key for account in register.accounts if account.department == slug]


def faults_of(text):
    with pytest.raises(RegisterRefused) as refused:
        read(text)
    return [(fault.line, fault.message) for fault in refused.value.faults]


def test_a_row_is_a_department_and_a_column_a_platform():
    register = read(WIDE)
    assert register.departments[0] == Department(
        slug="dinkes",
        name="Dinas Kesehatan",
        url="https://dinkes.example.go.id/",
        email="halo@dinkes.example.go.id",
        group="Dinas",
    )
    assert keys(register, "dinkes") == [
        "webfeed:dinkes.example.go.id/feed",
        "youtube:youtube.com/@dinkes",
        "instagram:instagram.com/dinkes.kota",
        "facebook:facebook.com/dinkes.kota",
        "tiktok:tiktok.com/@dinkes",
    ]
    assert keys(register, "bpbd") == [
        "instagram:instagram.com/bpbd.kota",
        "instagram:instagram.com/bpbd.siaga",
        "instagram:instagram.com/bpbd.posko",
        "x:x.com/bpbd",
    ]
    assert register.accounts[2].url == "https://www.instagram.com/dinkes.kota/"


NARROW = """\
department;name;platform;url;handle;via;kind;verified_at;evidence
dinkes;Dinas Kesehatan;instagram;;@dinkes.kota;;;01/11/2026;Surat edaran
dinkes;Dinas Kesehatan;webfeed;https://dinkes.example.go.id/feed/;;;berita;;
bpbd;BPBD;webfeed;https://rsshub.app/instagram/user/bpbd;;;;;
bpbd;;Twitter;https://twitter.com/bpbd;;;;;
"""


def test_a_row_is_an_account_where_a_column_says_its_platform():
    register = read(NARROW)
    assert [each.slug for each in register.departments] == ["dinkes", "bpbd"]
    first, feed, bridge, x = register.accounts
    assert (first.platform, first.handle, first.verified_at) == (Platform.INSTAGRAM, "dinkes.kota", date(2026, 11, 1))
    assert (feed.kind, bridge.via) == (Kind.NEWS, Via.BRIDGE)
    assert (x.platform, x.department, x.url) == (Platform.X, "bpbd", "https://x.com/bpbd")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffname,instagram\nDinas Kesehatan,dinkes\n",
        "sep=;\nname;instagram\nDinas Kesehatan;dinkes\n",
        '"sep=\t"\r\nname\tinstagram\r\nDinas Kesehatan\tdinkes\r\n',
        "name;instagram;;;\r\nDinas Kesehatan;dinkes;;;\r\n;;;;\r\n\r\n",
        'Nama,IG\n"Dinas Kesehatan","=""dinkes"""\n'.replace('"=""', '"=""'),
        " Name , Instagram \n Dinas\xa0Kesehatan , @dinkes\u200b \n",
        "name,instagram,facebook,tiktok\nDinas Kesehatan,dinkes,-,tidak ada\n",
        'slug,name,instagram\n,"Dinas Kesehatan","https://www.instagram.com/dinkes/?igsh=MzRl"\n',
    ],
    ids=["bom", "sep", "tabs", "empty", "formula", "spaces", "dashes", "no slug"],
)
def test_what_spreadsheets_do_to_a_table_changes_nothing(text):
    register = read(text)
    assert [(each.slug, each.name) for each in register.departments] == [("dinas-kesehatan", "Dinas Kesehatan")]
    assert keys(register, "dinas-kesehatan") == ["instagram:instagram.com/dinkes"]


def test_every_fault_has_its_line_and_column():
    found = faults_of(
        "slug,name,E-mail,Instagram,facebook,x,tikok\n"
        "dinkes,Dinas Kesehatan,halo,https://t.me/dinkeskota,1.00064E+14,https://x.com/a/status/1,\n"
        'DINAS,"Dinas\nLain",,https://www.instagram.com/p/C0abcDEF/,,a b,\n'
        "bpbd,,,bpbd,,,\n"
        "bpbd2,BPBD,,bpbd,,,\n"
    )
    expected = [
        (1, "There is no column 'tikok' in such a table; did you mean 'tiktok'?"),
        (2, "Column 'E-mail': 'halo' is not a mail address."),
        (2, "Column 'Instagram': 'https://t.me/dinkeskota' is an address of telegram, not of instagram."),
        (2, "Column 'facebook': '1.00064E+14' is a number that the spreadsheet shortened"),
        (2, "Column 'x': 'https://x.com/a/status/1' can't be registered. This is one X post, not an account."),
        (3, "Column 'slug': 'DINAS' is not a good slug"),
        (3, "Column 'name': name holds a character that can't be shown (U+000A)"),
        (3, "Column 'Instagram': 'https://www.instagram.com/p/C0abcDEF/' can't be registered."),
        (5, "This department has no name."),
        (6, "is listed already at line 5."),
    ]
    for line, words in expected:
        assert any(at == line and words in message for at, message in found), (line, words, found)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "This table is empty"),
        ("\n\n", 0, "This table is empty"),
        ("instagram,x\ndinkes,\n", 1, "No column says whose accounts these are"),
        ("name,instagram,IG\nA,a,b\n", 1, "'instagram' and 'IG' mean the same"),
        ("name,instagram\nA,a\x00b\n", 2, "no address or handle"),
        ('name,instagram\nA,"' + "a" * 140_000 + '"\n', 2, "can't be read"),
        ("name,platform,handle\nA,instagrm,a\n", 2, "Column 'platform': 'instagrm' is not a known platform"),
        ("name,platform,url\nA,instagram,https://t.me/dinkeskota\n", 2, "Column 'url': 'https://t.me/dinkeskota' is"),
        ("slug,name,platform,handle\na,A,x,a\na,B,x,b\n", 3, "Column 'name': Another row says 'A'"),
        ("slug,name,webfeed\na,A,dinkes\n", 2, "Column 'webfeed': 'dinkes' is no address; webfeed needs one."),
    ],
)
def test_odd_tables_are_refused_with_their_place(text, line, words):
    found = faults_of(text)
    assert any(at == line and words in message for at, message in found), found


def test_a_table_without_end_is_refused():
    assert any("rows; import it in parts" in message for _, message in faults_of("name,x\n" + "A,\n" * (MOST_ROWS + 2)))


@given(st.text(max_size=200), st.sampled_from([WIDE, NARROW]), st.integers(0, len(WIDE)))
def test_a_damaged_table_is_read_or_refused(noise, text, at):
    with suppress(RegisterRefused):
        read(text[:at] + noise + text[at:])


@pytest.mark.parametrize(
    ("name", "body", "is_partial"),
    [
        ("a.csv", WIDE.encode(), True),
        ("a.tsv", b"name\tx\nA\ta\n", True),
        ("a.csv", "name;x\nÉ;a\n".encode("utf-16"), True),
        ("export", b"name;x\nA;a\n", True),
        ("a.toml", b'[[departments]]\nslug = "a"\nname = "A"\n', False),
        ("register", b'\n# the city\n[[departments]]\nslug = "a"\nname = "A"\n', False),
        ("a.opml", b"<opml><body><outline text='A' xmlUrl='https://a.example/'/></body></opml>", True),
        ("a", b"\n<opml><body><outline text='A' xmlUrl='https://a.example/'/></body></opml>", True),
    ],
)
def test_a_file_says_itself_what_it_is(name, body, is_partial):
    found = read_register_file(body, name=name)
    assert (found.is_partial, len(found.register.departments) > 0) == (is_partial, True)


def test_a_file_in_another_coding_is_refused_at_its_line():
    with pytest.raises(RegisterRefused, match=r"a\.csv:2: This line is not UTF-8 text"):
        read_register_file("name,x\nDinas Keséhatan,a\n".encode("cp1252"), name="a.csv")


def test_a_table_erases_nothing_that_it_has_no_column_for():
    held = Account(
        key="k:1",
        platform=Platform.INSTAGRAM,
        department="dinkes",
        handle="dinkes",
        verified_at=date(2026, 1, 1),
        evidence="A letter.",
        delay=60,
    )
    kept = Register(
        publisher=Publisher(name="Kota"),
        kinds=(KindRule(kind=Kind.NEWS, words=("a",)),),
        departments=(
            Department(slug="dinkes", name="Dinas Kesehatan", url="https://a.example/", contacts=("a@b.example",)),
        ),
        accounts=(held,),
    )
    new = completed(read("name,email,instagram\ndinas kesehatan,x@y.example,https://www.instagram.com/Dinkes/\n"), kept)
    assert (new.publisher, new.kinds) == (kept.publisher, kept.kinds)
    (department,), (account,) = new.departments, new.accounts
    assert (department.slug, department.url, department.email) == ("dinkes", "https://a.example/", "x@y.example")
    assert department.contacts == ("a@b.example",)
    assert (account.department, account.verified_at, account.delay) == ("dinkes", date(2026, 1, 1), 60)
