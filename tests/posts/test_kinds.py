"""Kinds by the register's table."""

import pytest

from feedhub.accounts.account import Via
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.posts.kinds import kinds_of
from feedhub.posts.normal import by_bridge, normal_post, with_kinds

RULES = (
    KindRule(
        kind=Kind.ASSISTANCE, words=("bantuan", "bansos", "BLT", "Pasar Murah"), tags=("bansos", "#BantuanSosial")
    ),
    KindRule(kind=Kind.EMERGENCY, words=("banjir", "gempa bumi"), tags=("siaga",)),
    KindRule(kind=Kind.SERVICE, words=("Jum'at sehat", "KTP-el"), tags=("Layanan Publik",)),
)


@pytest.mark.parametrize(
    ("text", "tags", "kinds"),
    [
        ("Penyaluran bantuan tahap dua", (), [Kind.ASSISTANCE]),
        ("PENYALURAN BLT, hari ini", (), [Kind.ASSISTANCE]),
        ("Perbantuan personel", (), []),
        ("bantuannya", (), []),
        ("Datang ke pasar\nmurah!", (), [Kind.ASSISTANCE]),
        ("pasar yang murah", (), []),
        ("Bantuan untuk korban banjir", (), [Kind.EMERGENCY, Kind.ASSISTANCE]),
        ("𝐁𝐀𝐍𝐉𝐈𝐑 di utara", (), [Kind.EMERGENCY]),
        ("Bánjír", (), [Kind.EMERGENCY]),
        ("Info #siaga", (), [Kind.EMERGENCY]),
        ("Info", ("Bantuan Sosial",), [Kind.ASSISTANCE]),
        ("Info", ("bantuan_sosial",), [Kind.ASSISTANCE]),
        ("#LayananPublik", (), [Kind.SERVICE]),
        ("Jum’at Sehat bersama", (), [Kind.SERVICE]),
        ("Perekaman KTP el", (), [Kind.SERVICE]),
        ("Selamat pagi", ("umum",), []),
    ],
)
def test_words_and_tags_give_kinds(text, tags, kinds):
    post = normal_post(native_id="1", text=text, tags=tags)
    assert kinds_of(post, RULES, None) == tuple(kinds)
    assert kinds_of(post, RULES, Kind.NEWS) == (tuple(kinds) or (Kind.NEWS,))


def test_a_title_counts_as_well_as_the_text():
    assert kinds_of(normal_post(native_id="1", title="Banjir"), RULES, None) == (Kind.EMERGENCY,)


def test_kinds_follow_the_rules_that_hold_now():
    post = with_kinds(normal_post(native_id="1", text="Bantuan banjir"), RULES, None)
    assert post.kinds == (Kind.EMERGENCY, Kind.ASSISTANCE)
    assert with_kinds(post, RULES[:1], None).kinds == (Kind.ASSISTANCE,)
    assert with_kinds(post, (), None).kinds == ()
    assert with_kinds(post, (KindRule(kind=Kind.NEWS, words=("", "!!"), tags=("",)),), None).kinds == ()


def test_a_bridge_never_speaks_of_an_emergency():
    post = with_kinds(normal_post(native_id="1", text="Bantuan untuk korban banjir"), RULES, None)
    assert post.kinds == (Kind.EMERGENCY, Kind.ASSISTANCE)
    assert (by_bridge(post).kinds, by_bridge(post).via) == ((Kind.ASSISTANCE,), Via.BRIDGE)
