"""Impostors are named; neighbours, siblings and namesakes are left in peace."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.accounts.look_alikes import is_alike, look_alike, name_at

OFFICIAL = "dinkes.kotaprobolinggo"
IMPOSTORS = [
    "dinkes.kotaprobolingg0",
    "dinkes_kotaprobolinggo",
    "dinkeskotaprobolinggo",
    "dinkes.kota.probolinggo",
    "dinkes.kotaprobolinggo_",
    "dinkes.kotaprobolingo",
    "dinkes.kotaproboliinggo",
    "dinkes.kotapr0b0linggo",
    "d1nkes.kotaprobolinggo",
    "dlnkes.kotaprobolinggo",
    "dinke5.kotaprobolinggo",
    "dinkes.kotaprobolinggo_official",
    "official.dinkes.kotaprobolinggo",
    "dinkes.kotaprobolinggoofficial",
    "dinkes.kotaprobolinggo.resmi",
    "dinkes.kotaprobolinggo_id",
    "dinkes.kotaprobolinggo2",
    "dinkes.kotaprobolinggo_01",
    "dinkes.kotaprobolinggo.cs",
    "layanan.dinkes.kotaprobolinggo",
    "dinkes.kotapobolinggo",
    "dinkes.kotaprbolinggo",
    "dinkes.kotaprboolinggo",
    "dinkesx.kotaprobolinggo",
    "DINKES.KOTAPROBOLINGG0",
    "dіnkes.kotaprobolinggo",  # a Cyrillic letter
    "dinkes․kotaprobolinggo",  # one dot leader
]
DEPARTMENTS = [
    *("dinkes", "dinsos", "disdik", "disduk", "dispendukcapil", "diskominfo", "dishub", "disperkim", "disperin"),
    *("disperindag", "dispora", "disnaker", "diskop", "dinkop", "dlh", "dpupr", "dpmptsp", "dp3akb", "bpbd", "bkd"),
    *("bkpsdm", "bappeda", "bpkad", "bapenda", "bakesbangpol", "satpolpp", "inspektorat", "setda", "setwan", "rsud"),
    *("kec.mayangan", "kec.kademangan", "kec.kanigaran", "kec.wonoasih", "kec.kedopok"),
    *(
        "kel.jati",
        "kel.mangunharjo",
        "kel.mayangan",
        "kel.sukabumi",
        "kel.wiroborang",
        "kel.sukoharjo",
        "kel.tisnonegaran",
    ),
    *("pkm.ketapang", "pkm.kanigaran", "pkm.kedopok", "pkm.jati", "pkm.wonoasih", "pkm.sukabumi"),
]
NEIGHBOURS = [
    "dinsos.kotaprobolinggo",
    "dinkes.kabprobolinggo",
    "dinkes.kotapasuruan",
    "dinkes.kotamalang",
    "kotaprobolinggo",
    "dinkes",
    "probolinggo.kota",
    "dinkes.jatim",
    "infoprobolinggo",
    "warga.kotaprobolinggo",
    "rsud.kotaprobolinggo",
    "dinkop.kotaprobolinggo",
]


@pytest.mark.parametrize("name", IMPOSTORS)
def test_an_impostor_is_named(name):
    assert look_alike(name, ["bpbd.kotaprobolinggo", OFFICIAL]) == OFFICIAL


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_neighbour_is_no_impostor(name):
    assert look_alike(name, [OFFICIAL, "bpbd.kotaprobolinggo"]) is None


@pytest.mark.parametrize("ending", ["", ".kotaprobolinggo", "_probolinggo", "kotaprob"])
def test_no_department_of_a_city_is_taken_for_another(ending):
    names = [f"{name}{ending}" for name in DEPARTMENTS]
    assert [(a, b) for a, b in permutations(names, 2) if is_alike(a, b)] == []


def test_numbered_schools_are_siblings_but_a_number_that_stands_for_a_letter_is_none():
    schools = [f"sdn{number}sukabumi" for number in range(1, 12)] + [
        f"smpn_{number}_probolinggo" for number in range(1, 12)
    ]
    assert [(a, b) for a, b in permutations(schools, 2) if is_alike(a, b)] == []
    assert is_alike("sdnlsukabumi", "sdn1sukabumi")


def test_an_official_name_is_never_an_impostor_even_of_another():
    assert look_alike("dinkes.kota2", ["dinkes.kota", "dinkes.kota2"]) is None
    assert look_alike("Dinkes.Kota", ["dinkes.kota"]) is None


def test_the_same_name_on_another_server_of_the_fediverse_is_alike():
    assert is_alike("@dinkeskota@evil.example", "@dinkeskota@social.example")
    assert is_alike("@dinkesk0ta@social.example", "@dinkeskota@social.example")
    assert not is_alike("@dinas@evil.example", "@dinas@social.example")


def test_sites_have_names_too():
    assert name_at("https://www.dinkes.kotaprobolinggo.go.id/berita/1") == OFFICIAL
    assert look_alike(name_at("https://dinkes-kotaprobolinggo.com/"), [OFFICIAL]) == OFFICIAL
    assert name_at("http://[") is None


@given(st.text(max_size=20), st.text(max_size=20))
def test_being_alike_never_fails_and_nothing_is_like_itself(first, second):
    is_alike(first, second)
    assert not is_alike(first, first)
