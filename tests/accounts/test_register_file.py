"""A register file is read whole, or refused with every fault and its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.accounts.account import Account, Department, Platform, Publisher, Register, Via
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.accounts.register_file import read_register
from feedhub.errors import RegisterRefused

FAULTY = sorted((Path(__file__).parent / "faulty").glob("*.toml"))

GOOD = """
[publisher]
name = "Kota Contoh"
time_zone = "Asia/Makassar"
license = "https://creativecommons.org/licenses/by/4.0/"

[[kinds]]
kind = "bantuan"
words = ["bansos", "BLT"]
tags = ["bansos"]

[[departments]]
slug = "dinkes"
name = " Dinas Kesehatan "
short_name = "Dinkes"
formerly = ["dinas-kesehatan"]
contacts = ["Humas"]

[[departments.accounts]]
platform = "webfeed"
url = "https://www.dinkes.example.go.id/feed/"
kind = "layanan"
verified_at = 2026-11-01
evidence = "https://dinkes.example.go.id/kontak"

[[departments.accounts]]
platform = "Instagram"
handle = "dinkes"
via = "bridge"
key = "instagram:1234"

[[departments]]
slug = "dlh"
name = "Dinas Lingkungan Hidup"
accounts = [{ platform = "telegram", url = "https://t.me/s/Dlh", verified_at = "2026-11-02", evidence = "surat" }]
"""


def test_register_says_what_its_file_says():
    assert read_register(GOOD, name="register.toml") == Register(
        publisher=Publisher(
            name="Kota Contoh",
            time_zone="Asia/Makassar",
            license="https://creativecommons.org/licenses/by/4.0/",
        ),
        kinds=(KindRule(kind=Kind.ASSISTANCE, words=("bansos", "BLT"), tags=("bansos",)),),
        departments=(
            Department(
                slug="dinkes",
                name="Dinas Kesehatan",
                short_name="Dinkes",
                formerly=("dinas-kesehatan",),
                contacts=("Humas",),
            ),
            Department(slug="dlh", name="Dinas Lingkungan Hidup"),
        ),
        accounts=(
            Account(
                key="webfeed:dinkes.example.go.id/feed",
                platform=Platform.WEBFEED,
                department="dinkes",
                url="https://www.dinkes.example.go.id/feed/",
                kind=Kind.SERVICE,
                verified_at=date(2026, 11, 1),
                evidence="https://dinkes.example.go.id/kontak",
            ),
            Account(
                key="instagram:1234",
                platform=Platform.INSTAGRAM,
                department="dinkes",
                handle="dinkes",
                via=Via.BRIDGE,
            ),
            Account(
                key="telegram:t.me/dlh",
                platform=Platform.TELEGRAM,
                department="dlh",
                url="https://t.me/s/Dlh",
                verified_at=date(2026, 11, 2),
                evidence="surat",
            ),
        ),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet", "\ufeff[publisher]\r\nlanguage = 'id'\r\n"])
def test_what_a_register_leaves_out_has_its_default(text):
    assert read_register(text, name="register.toml") == Register()


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_every_fault_is_named_with_its_line(path):
    text = path.read_text("utf-8")
    expected = [
        (number, sentence.strip())
        for number, line in enumerate(text.split("\n"), 1)
        for sentence in line.partition("#!")[2].split(" | ")
        if sentence
    ]
    with pytest.raises(RegisterRefused) as refused:
        read_register(text, name="register.toml")
    found = [(fault.line, fault.message) for fault in refused.value.faults]
    assert [line for line, _ in found] == [line for line, _ in expected], str(refused.value)
    for line, sentence in expected:
        assert any(at == line and sentence in message for at, message in found), (line, sentence)
    assert all(message.endswith((".", "?")) and "\n" not in message for _, message in found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[publisher]\nname = 'a'\nname = 'b'", 3),
        ("[publisher]\n[publisher]", 2),
        ("[publisher]\nname = ['a'\n\n", 2),
        ('[publisher]\nname = """a\n\n', 2),
        ("a = " + "[" * 100_000, 0),
        ("a = 1\x00", 1),
    ],
)
def test_text_that_is_not_toml_has_a_line_where_one_can_be_said(text, line):
    with pytest.raises(RegisterRefused) as refused:
        read_register(text, name="register.toml")
    assert [fault.line for fault in refused.value.faults] == [line]


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 30), st.text("[]{}=,.\"'#\n\\ a5\x00é", max_size=4))
def test_a_damaged_register_is_read_or_refused(start, length, instead):
    text = GOOD[:start] + instead + GOOD[start + length :]
    lines, faults = len(text.split("\n")), []
    try:
        read_register(text, name="register.toml")
    except RegisterRefused as refused:
        faults = refused.faults
    assert all(0 <= fault.line <= lines for fault in faults)
