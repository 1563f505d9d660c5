"""The page of every way to follow, and its codes."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import lxml.html
import pytest
from PIL import Image

from feedhub.accounts.account import Account, AccountStatus, Platform
from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.store.telegram import PublicChannel
from feedhub.views.page_follow import Follow, follow_page, server_named
from feedhub.views.qr import qr_of, qr_png, qr_svg
from views.made_pages import ACCOUNTS, DEPARTMENTS, ENGLISH, SITE
from views.page_rules import faults

HOST = "kabar.tirtasari.example"
VERIFIED = {"department": "dinkes", "verified_at": date(2026, 11, 1)}
TELEGRAM = Account(key="t", platform=Platform.TELEGRAM, handle="@dinkestirtasari", **VERIFIED)
MASTODON = Account(key="m", platform=Platform.MASTODON, handle="@dinkes@sosial.example", **VERIFIED)
PICTURES = Account(key="i", platform=Platform.INSTAGRAM, handle="dinkes.tirtasari", **VERIFIED)
PEERTUBE = Account(key="p", platform=Platform.ACTIVITYPUB, url="https://video.example/a/dinkes", **VERIFIED)
OF_HEALTH = Filters(departments=("dinkes",))


def page_of(filters=None, *accounts, site=SITE, server="", channels=()):
    given = Follow(filters=filters or Filters(), server=server)
    return follow_page(site, given, DEPARTMENTS, (*ACCOUNTS, *accounts), channels=channels)


def tree_of(*args, **how):
    return lxml.html.document_fromstring(page_of(*args, **how))


def words(element):
    return " ".join(element.text_content().split())


CHOICES = (
    Filters(),
    OF_HEALTH,
    Filters(groups=("Dinas",), kinds=(Kind.EMERGENCY, Kind.SERVICE)),
    Filters(areas=("Melati",), q='"><b>', tags=("a,b",), limit=7),
)


@pytest.mark.parametrize("site", [SITE, ENGLISH], ids=["id", "en"])
@pytest.mark.parametrize("filters", CHOICES)
@pytest.mark.parametrize("server", ["", "mastodon.example", '"><script>'])
def test_page_keeps_every_rule(site, filters, server):
    html = page_of(filters, TELEGRAM, MASTODON, PICTURES, PEERTUBE, site=site, server=server)
    assert faults(html, host=HOST) == []
    assert '"><script>' not in html


def test_every_way_is_one_tap_for_the_very_choice():
    filters = Filters(departments=("dinkes",), kinds=(Kind.EMERGENCY,))
    page = tree_of(filters)
    query = "?department=dinkes&kind=emergency"
    assert page.xpath("//article[@aria-labelledby='rss']//a/@href") == [
        f"https://{HOST}/feed.{extension}{query}" for extension in ("rss", "atom", "json")
    ]
    assert page.xpath("//article[@aria-labelledby='calendar']//a/@href") == [f"webcal://{HOST}/events.ics{query}"]
    assert page.xpath("//link[@rel='canonical']/@href") == [f"https://{HOST}/follow{query}"]


def test_addresses_can_be_copied_without_a_script():
    page = tree_of(OF_HEALTH)
    base = f"https://{HOST}/departments/dinkes"
    assert page.xpath("//input[@readonly]/@value") == [f"{base}/feed.rss", f"{base}/events.ics"]
    assert page.xpath("//button[@data-copy and @hidden]/@data-copy") == [f"{base}/feed.rss", f"{base}/events.ics"]


def test_emergencies_alone_are_what_is_suggested_first():
    first = tree_of(Filters(areas=("Melati",))).xpath("//section[@aria-labelledby='choice']//a")[0]
    assert (words(first), first.get("href")) == ("Hanya peringatan darurat", "/follow?area=Melati&kind=emergency")
    assert "Hanya peringatan darurat" not in page_of(Filters(kinds=(Kind.NEWS,)))


def test_official_accounts_of_the_chosen_departments_are_ways_too():
    page = tree_of(OF_HEALTH, TELEGRAM, MASTODON, PICTURES)
    assert [words(one) for one in page.xpath("//article//h3")] == [
        "Aplikasi pembaca (RSS)",
        "Kalender ponsel",
        "Telegram",
        "Mastodon",
        "Akun resmi di tempat lain",
    ]
    outside = page.xpath("//a[@rel='external']/@href")
    assert outside == [
        "https://t.me/dinkestirtasari",
        "https://sosial.example/@dinkes",
        "https://www.instagram.com/dinkes.tirtasari/",
    ]


@pytest.mark.parametrize(
    "account",
    [
        replace(TELEGRAM, verified_at=None),
        replace(TELEGRAM, status=AccountStatus.STOPPED),
        replace(TELEGRAM, status=AccountStatus.RETIRED),
        replace(TELEGRAM, department="bpbd"),
        replace(TELEGRAM, handle=None),
        replace(TELEGRAM, handle="+AbCdEf123"),
    ],
)
def test_what_is_not_surely_official_is_not_offered(account):
    assert "Telegram</h3>" not in page_of(OF_HEALTH, account)
    assert "Telegram</h3>" in page_of(OF_HEALTH, TELEGRAM)


def test_ways_that_do_not_work_yet_are_not_spoken_of():
    said = words(tree_of().xpath("//main")[0]).lower()
    assert "mastodon" not in said.replace("telegram, mastodon, dan lainnya", "")
    assert not {"e-mail", "email", "surel", "whatsapp"} & set(re.findall(r"[\w-]+", said))


CHANNELS = (
    PublicChannel(name="kabartirtasari", department="", kinds=()),
    PublicChannel(name="darurattirtasari", department="", kinds=("emergency",)),
    PublicChannel(name="dinkestirtasari", department="dinkes", kinds=()),
)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), ["kabartirtasari", "darurattirtasari"]),
        (OF_HEALTH, ["kabartirtasari", "darurattirtasari", "dinkestirtasari"]),
        (Filters(kinds=(Kind.SERVICE,)), ["kabartirtasari"]),
    ],
)
def test_channels_that_our_bot_posts_to_are_ways_where_they_fit_the_choice(filters, names):
    html = page_of(filters, channels=CHANNELS)
    assert re.findall(r'href="https://t\.me/(\w+)"', html) == names
    assert faults(html, host=HOST) == []


def test_own_server_is_a_link_to_it_and_nothing_is_redirected():
    page = tree_of(OF_HEALTH, MASTODON, server="@warga@Mastodon.Example")
    link = page.xpath("//a[contains(@rel, 'nofollow')]")[0]
    address = "https%3A%2F%2Fsosial.example%2F%40dinkes"
    assert link.get("href") == f"https://mastodon.example/authorize_interaction?uri={address}"
    assert words(link) == "Ikuti lewat mastodon.example"
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "localhost",
        "10.0.0.1",
        "a.example:8080",
        "a.example/x",
        "javascript:alert(1)",
        "a..b",
        "a@b",
        "é.example",
        "a.b" * 200,
    ],
)
def test_what_is_no_server_leads_nowhere(typed):
    assert server_named(typed) is None
    assert tree_of(OF_HEALTH, MASTODON, server=typed).xpath("//a[contains(@rel, 'nofollow')]") == []


def test_fediverse_asks_for_a_server_once():
    assert len(tree_of(OF_HEALTH, MASTODON, PEERTUBE).xpath("//input[@name='server']")) == 1


def test_departments_and_the_city_are_found_by_their_own_addresses_in_the_fediverse():
    site = replace(SITE, fediverse=True)
    for filters, names in (
        (OF_HEALTH, ["dinkes"]),
        (Filters(groups=("Dinas",)), ["dinkes", "dinsos"]),
        (Filters(), ["kabar_kota"]),
    ):
        page = tree_of(filters, MASTODON, site=site, server="mastodon.example")
        fields = page.xpath("//article[@aria-labelledby='by-fediverse']//input[@readonly]/@value")
        assert fields == [f"@{name}@{HOST}" for name in names]
        here = page.xpath("//article[@aria-labelledby='by-fediverse']//a/@href")
        assert here == [
            f"https://mastodon.example/authorize_interaction?uri=https%3A%2F%2F{HOST}%2Fap%2F{name}" for name in names
        ]
        assert len(page.xpath("//input[@name='server']")) == 1
        for spoken in (site, replace(ENGLISH, fediverse=True)):
            assert faults(page_of(filters, MASTODON, site=spoken, server="mastodon.example"), host=HOST) == []


def test_form_keeps_the_choice():
    page = tree_of(replace(OF_HEALTH, kinds=(Kind.NEWS,)), MASTODON)
    for form in page.xpath("//main//form"):
        assert ("kind", "news") in [(one.get("name"), one.get("value")) for one in form.xpath("input")]


def test_code_is_drawn_dark_on_light_with_a_quiet_zone():
    page = tree_of(OF_HEALTH)
    drawn = page.xpath("//*[local-name()='svg' and @class='qr']")
    assert len(drawn) == 3
    assert all(one.xpath("*[local-name()='title']") for one in drawn)
    image = Image.open(BytesIO(qr_png("https://kabar.example/follow"))).convert("L")
    quiet = 4 * 16
    assert min(image.crop((0, 0, image.width, quiet)).tobytes()) == 255
    assert image.getpixel((quiet + 1, quiet + 1)) == 0


def test_code_is_the_same_in_every_form():
    address = "https://kabar.example/follow?kind=emergency"
    assert qr_of(address).lines in qr_svg(address).decode()
    assert qr_svg(address).decode().count("<path") == 2
    assert qr_of(address).size * 16 == Image.open(BytesIO(qr_png(address))).width
