"""`feedhub accounts add`: any address, what it is, what it needs."""

import pytest

from standins import answer
from test_cli import feedhub_on_sqlite, standing_in  # noqa: F401 - the fixture
from walked import rss

FEED = rss(("b", "Vaksin", "Gratis."), ("a", "Bansos", "Cair."))


@pytest.fixture
def city(feedhub_on_sqlite):  # noqa: F811 - asked for by name
    feedhub_on_sqlite("register", "import", feedhub_on_sqlite.write())
    return feedhub_on_sqlite


def add(city, url, *words):
    return city("accounts", "add", url, "--department", "dinkes", *words)


def test_an_account_is_recognised_registered_and_its_need_is_said(city):
    said = add(city, "https://www.instagram.com/dinkes.kota/?igsh=x").out
    assert "Recognised: an Instagram account dinkes.kota, https://www.instagram.com/dinkes.kota/." in said
    assert "Added to Dinas Kesehatan." in said
    assert "needs one Instagram credential for all accounts: feedhub credentials add instagram" in said
    assert "registered already" in add(city, "instagram.com/dinkes.kota").out
    (account,) = city("accounts", "list", "--json").json["accounts"]
    assert (account["key"], account["handle"]) == ("instagram:instagram.com/dinkes.kota", "dinkes.kota")


def test_an_own_credential_is_asked_for_with_the_accounts_id(city):
    told = add(city, "https://www.tiktok.com/@dinkes", "--json").json
    assert (told["platform"], told["credential"], told["handle"]) == ("tiktok", "account", "dinkes")
    assert told["next_step"].endswith(f"feedhub credentials link {told['id']}")
    assert told["counts"]["accounts_added"] == 1


def test_a_dry_run_registers_nothing(city):
    said = add(city, "@dinkes", "--platform", "x", "--dry-run").out
    assert "an X account dinkes, https://x.com/dinkes." in said
    assert "Would be added" in said
    assert city("accounts", "list", "--json").json["accounts"] == []


def test_a_whatsapp_channel_speaks_by_the_inbox(city):
    said = add(city, "https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMn").out
    assert "come in by the inbox" in said
    assert city("accounts", "list", "--json").json["accounts"][0]["platform"] == "inbox"


def test_a_feed_by_a_bridge_is_marked(city):
    with standing_in({"/?action=display&bridge=X": answer(body=FEED)}) as base:
        assert "by a bridge, so it is never official" in add(city, f"{base}/?action=display&bridge=X").out
        assert 'via = "bridge"' in city("register", "export").out


def test_what_is_no_account_is_refused_in_one_sentence(city):
    add(city, "https://youtu.be/dQw4w9WgXcQ").refuses(1, "one video, not an account", "channel")
    add(city, "https://www.linkedin.com/in/budi").refuses(1, "person's own LinkedIn account")
    add(city, "@dinkes").refuses(1, "--platform")
    city("accounts", "add", "https://x.com/dinkes", "--department", "dinkez").refuses(1, "dinkez")


def test_tables_and_lists_are_imported_and_erase_nothing(city):
    table = city.folder / "akun.csv"
    table.write_text("nama;IG;tiktok\nDinas Kesehatan;dinkes.kota;\nBPBD;@bpbd;@bpbd.kota\n", encoding="utf-8-sig")
    assert "is good. Departments: 2, accounts: 3" in city("register", "check", table).out
    counts = city("register", "import", table, "--json").json["counts"]
    assert (counts["departments_added"], counts["accounts_added"]) == (1, 3)
    feeds = city.folder / "feeds.opml"
    feeds.write_text(
        "<opml><body><outline text='BPBD'><outline text='x' xmlUrl='https://bpbd.example/feed'/></outline></body></opml>"
    )
    assert city("register", "import", feeds, "--json").json["counts"]["accounts_added"] == 1
    assert 'name = "Kota Contoh"' in city("register", "export").out
    assert city("register", "import", feeds, "--json").json["counts"]["accounts_added"] == 0


def test_faults_of_a_table_have_their_line_and_column(city):
    table = city.folder / "akun.csv"
    table.write_text("name,instagram\nBPBD,https://t.me/bpbdkota\n")
    city("register", "check", table).refuses(1, f"{table}:2: Column 'instagram':")


def test_a_citys_site_is_turned_into_a_register_to_check(city):
    page = b"<title>Kota Contoh</title><a href='https://www.instagram.com/kota.contoh/'>IG</a>"
    with standing_in({"/": answer(body=page, fields={"Content-Type": "text/html"})}) as base:
        ended = city("register", "discover", f"{base}/", "--output", "found.toml")
        assert (ended.code, ended.out) == (0, "")
        assert "1 departments and 1 accounts, for you to check." in ended.errors
        assert "is good. Departments: 1, accounts: 1" in city("register", "check", "found.toml").out
        told = city("register", "discover", f"{base}/", "--json").json
        assert told["departments"][0]["accounts"][0]["evidence"] == f"{base}/"
