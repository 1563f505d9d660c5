"""A city of twelve sites on loopback is read politely, and its accounts are proposed."""

from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from feedhub.accounts.proposals_export import proposals_toml
from feedhub.accounts.register_file import read_register
from feedhub.connectors.city_walk import MOST_PAGES, discover_city
from feedhub.connectors.http import Http
from feedhub.failures import AddressRefused, VisitFailed
from standins import answer, redirect, standin

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
HTML = {"Content-Type": "text/html; charset=utf-8"}
CITY = "kota.example"


def page(title, body="", head=""):
    text = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return answer(body=text.encode(), fields=HTML)


def a(href, text="", more=""):
    return f'<a href="{href}" {more}>{text}</a>'


FEED = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
WORDPRESS = '<link rel="https://api.w.org/" href="/wp-json/">'
UC = "UCabcdefghijklmnopqrstuv"


def sites(port):
    """What each host says at each path. Twelve sites, one of them closed, one that wants to be left alone."""
    at = lambda label: f"http://{label}.{CITY}:{port}"  # noqa: E731 - an address
    footer = "<footer>" + a("https://www.instagram.com/kota.contoh/", "Instagram kota") + "</footer>"
    return {
        CITY: {
            "/": page(
                "Beranda | Pemerintah Kota Contoh",
                a("/perangkat-daerah", "Perangkat Daerah")
                + a(at("dinkes"), '<img alt="Dinas Kesehatan">')
                + a(at("webmail"), "Webmail")
                + a("/berita/dinas-rapat", "Dinas Kesehatan rapat")
                + a("https://www.facebook.com/sharer.php?u=x", "Bagikan")
                + footer,
                '<link rel="me" href="https://social.example/@kota">',
            ),
            "/perangkat-daerah": page(
                "Perangkat Daerah",
                "".join(
                    a(at(label), name)
                    for label, name in [
                        ("dinkes", "Dinas Kesehatan"),
                        ("dinsos", "Dinas Sosial"),
                        ("disdik", "Dinas Pendidikan"),
                        ("bpbd", "Badan Penanggulangan Bencana Daerah"),
                        ("kec-utara", "Kecamatan Utara"),
                        ("kec-selatan", "Kecamatan Selatan"),
                        ("rsud", "RSUD Kota Contoh"),
                        ("dishub", "Dinas Perhubungan"),
                        ("inspektorat", "Inspektorat"),
                        ("diskominfo", "Dinas Komunikasi dan Informatika"),
                    ]
                )
                + a("/opd/satpol", "Satuan Polisi Pamong Praja"),
            ),
            "/opd/satpol": page("Satpol PP", a("https://www.tiktok.com/@satpolpp.contoh", "TikTok") + footer),
        },
        f"dinkes.{CITY}": {
            "/": page("Dinkes", a("https://www.instagram.com/dinkes.contoh?igsh=1") + footer, WORDPRESS)
        },
        f"dinsos.{CITY}": {"/": page("Dinas Sosial", a("https://www.facebook.com/dinsos.contoh/") + footer, FEED)},
        f"disdik.{CITY}": {
            "/": redirect("/id/"),
            "/id/": page("Disdik", a(f"https://www.youtube.com/channel/{UC}/videos")),
        },
        f"bpbd.{CITY}": {
            "/": page("BPBD", a("https://twitter.com/bpbdcontoh", "X", 'rel="me"') + a("https://t.me/s/bpbdcontoh"))
        },
        f"kec-utara.{CITY}": {"/": page("Kecamatan Utara", a("https://www.instagram.com/kec.utara/"))},
        f"kec-selatan.{CITY}": {"/": page("Kecamatan Selatan", a("https://www.instagram.com/kec.utara_/"))},
        f"rsud.{CITY}": {"/": page("RSUD", a("https://www.instagram.com/p/C0abcDEF/") + footer)},
        f"dishub.{CITY}": {
            "/robots.txt": answer(body=b"User-agent: *\nDisallow: /"),
            "/": page("Dishub", a("https://x.com/dishub")),
        },
        f"inspektorat.{CITY}": {},
        f"diskominfo.{CITY}": {
            "/": page("Diskominfo", a("https://www.linkedin.com/in/kepala") + a("https://wa.me/6281"))
        },
        f"webmail.{CITY}": {"/": page("Webmail", a("https://x.com/nobody"))},
    }


@asynccontextmanager
async def city(made=sites):
    """The city; what was asked, by host and path."""
    told: dict = {}

    def talk(asked):
        host = asked.fields["host"].partition(":")[0]
        return told.get(host, {}).get(asked.path, answer(404, body=b"<p>Not here"))

    async def resolver(host, port):
        return ["127.0.0.1"]

    async with standin(talk) as base:
        told.update(made(base.port))
        http = Http(contact="", public_url="https://kabar.example", allow="127.0.0.0/8", timeout=5, resolver=resolver)
        async with http:
            yield http, f"http://{CITY}:{base.port}/", base


async def test_a_city_of_twelve_sites_is_proposed_for_a_person_to_check():
    said = []
    async with city() as (http, url, base):
        found = await discover_city(http, url, now=NOW, pause=0, report=said.append)
        asked = Counter(f"{each.fields['host'].partition(':')[0]}{each.path}" for each in base.asked)
        port = f":{base.port}"
    assert [each.slug for each in found.register.departments] == [
        *("kota", "dinkes", "dinsos", "disdik", "bpbd", "kec-utara", "kec-selatan", "rsud", "diskominfo"),
        "satuan-polisi-pamong-praja",
    ]
    assert [(each.department, each.key.replace(port, "")) for each in found.register.accounts] == [
        ("kota", "mastodon:social.example/@kota"),
        ("kota", "instagram:instagram.com/kota.contoh"),
        ("dinkes", "wordpress:dinkes.kota.example"),
        ("dinkes", "instagram:instagram.com/dinkes.contoh"),
        ("dinsos", "webfeed:dinsos.kota.example/feed"),
        ("dinsos", "facebook:facebook.com/dinsos.contoh"),
        ("disdik", f"youtube:{UC}"),
        ("bpbd", "x:x.com/bpbdcontoh"),
        ("bpbd", "telegram:t.me/bpbdcontoh"),
        ("kec-utara", "instagram:instagram.com/kec.utara"),
        ("kec-selatan", "instagram:instagram.com/kec.utara_"),
        ("satuan-polisi-pamong-praja", "tiktok:tiktok.com/@satpolpp.contoh"),
    ]
    evidence = {each.key: each.evidence for each in found.register.accounts}
    assert evidence["tiktok:tiktok.com/@satpolpp.contoh"] == f"{url}opd/satpol"
    assert evidence["telegram:t.me/bpbdcontoh"] == f"http://bpbd.{CITY}{port}/"
    assert found.notes == ("kec.utara looks like kec.utara_ (instagram); find out which of them is official.",)
    assert max(asked.values()) == 1
    assert asked[f"dishub.{CITY}/"] == asked[f"webmail.{CITY}/"] == asked[f"{CITY}/berita/dinas-rapat"] == 0
    assert any("robots.txt" in line for line in said)
    assert any("inspektorat" in line and "404" in line for line in said)
    register = read_register(proposals_toml(found, url=url), name="found.toml")
    assert len(register.accounts) == len(found.register.accounts)


def endless(port):
    every = "".join(a(f"http://dinas{number}.{CITY}:{port}/", f"Dinas {number}") for number in range(200))
    hosts = {f"dinas{number}.{CITY}": {"/": page(f"Dinas {number}", every)} for number in range(200)}
    return {CITY: {"/": page("Kota", every)}, **hosts}


async def test_a_city_without_end_is_read_in_part():
    async with city(endless) as (http, url, base):
        found = await discover_city(http, url, now=NOW, pause=0)
        assert found.pages == MOST_PAGES
        assert len([each for each in base.asked if each.path != "/robots.txt"]) == MOST_PAGES


def broken(_port):
    return {CITY: {"/": answer(body=b"\x00\xff<<<a href='::'>" * 50)}}


async def test_a_front_page_that_says_nothing_proposes_the_city_alone():
    async with city(broken) as (http, url, _):
        found = await discover_city(http, url, now=NOW, pause=0)
        assert ([each.slug for each in found.register.departments], found.register.accounts) == (["kota"], ())


async def test_a_front_page_that_can_not_be_had_is_a_failure():
    async with city(lambda _: {}) as (http, url, _):
        with pytest.raises(VisitFailed):
            await discover_city(http, url, now=NOW, pause=0)
        with pytest.raises(AddressRefused):
            await discover_city(http, "ftp://kota.example/", now=NOW, pause=0)
