"""The status page and its table for spreadsheets: the same rows, said twice."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest

from feedhub.accounts.account import Account, AccountStatus, Platform
from feedhub.posts.facts import Rhythm
from feedhub.views.page_status import Delivery, StatusFilter, status_page, status_rows
from feedhub.views.status_csv import COLUMNS, status_csv
from views.made_pages import ACCOUNTS, DEPARTMENTS, ENGLISH, HEALTH_SITE, NOW, SITE, MadeState, made_states
from views.page_rules import faults

HOST = "kabar.tirtasari.example"
RHYTHMS = {one.id: Rhythm(newest_at=NOW - timedelta(days=1)) for one in ACCOUNTS}
SILENT = RHYTHMS | {HEALTH_SITE.id: Rhythm(newest_at=NOW - timedelta(days=40), earlier_at=NOW - timedelta(days=60))}


def rows_of(site=SITE, states=None, rhythms=RHYTHMS):
    return status_rows(site, made_states() if states is None else states, DEPARTMENTS, rhythms, now=NOW)


def tree_of(html):
    return lxml.html.document_fromstring(html)


def told(page):
    """Each account's row as one line of text."""
    rows = page.xpath("//tbody/tr[not(contains(@class, 'status-group'))]")
    return [" ".join(row.text_content().split()) for row in rows]


@pytest.mark.parametrize("site", [SITE, ENGLISH], ids=["id", "en"])
@pytest.mark.parametrize("rhythms", [RHYTHMS, SILENT, {}], ids=["speaking", "silent", "nothing"])
def test_status_keeps_the_rules_of_pages(site, rhythms):
    rows = rows_of(site, rhythms=rhythms)
    for chosen in (StatusFilter(), StatusFilter(states=(Delivery.NOT_ASKED,)), StatusFilter(departments=("dinkes",))):
        assert faults(status_page(site, rows, chosen), host=HOST) == []
    assert faults(status_page(site, (), StatusFilter()), host=HOST) == []


def test_status_says_why_and_what_to_do():
    page = tree_of(status_page(SITE, rows_of(), StatusFilter()))
    assert len(told(page)) == len(ACCOUNTS)
    assert "Tidak mengirim" in told(page)[0]
    assert "Sertifikat HTTPS situsnya tidak dapat dipercaya. Minta pengelola" in told(page)[0]
    assert page.xpath("//tbody//*[@lang='en']/text()")[0] == "The certificate ended on 1 November."
    assert "1 dari 4 akun mengirim kabar." in page.text_content()
    english = status_page(ENGLISH, rows_of(ENGLISH), StatusFilter())
    assert "The certificate ended on 1 November. <strong>Renew it.</strong>" in english


def test_status_goes_department_by_department():
    page = tree_of(status_page(SITE, rows_of(), StatusFilter()))
    named = [one.text_content() for one in page.xpath("//tr[@class='status-group']")]
    assert named == sorted({one.department for one in rows_of()})


def test_status_blames_nobody_who_is_not_asked():
    states = tuple(replace(one, account=replace(one.account, status=AccountStatus.PAUSED)) for one in made_states())
    page = tree_of(status_page(SITE, rows_of(states=states, rhythms=SILENT), StatusFilter()))
    said = page.xpath("//td//span[starts-with(@class, 'state ')]")
    assert {one.text_content() for one in said} == {"Tidak dikunjungi"}


def test_an_account_that_answers_but_says_nothing_is_silent_since_its_newest_post():
    row = next(row for row in rows_of(rhythms=SILENT) if row.account is HEALTH_SITE)
    assert (row.delivery, row.since) == (Delivery.SILENT, NOW - timedelta(days=40))
    page = tree_of(status_page(SITE, rows_of(rhythms=SILENT), StatusFilter()))
    line = next(line for line in told(page) if line.startswith("dinkes.tirtasari.example"))
    assert "Diam sejak 11 Oktober 2026" in line
    assert "lebih dari 7 hari" in line


def test_bar_counts_every_account_once_and_links_its_state():
    page = tree_of(status_page(SITE, rows_of(rhythms=SILENT), StatusFilter(platforms=(Platform.WEBFEED,))))
    links = page.xpath("//main//nav[1]//a")
    counts = {one.get("href"): int(one.xpath("span[@class='number']/text()")[0]) for one in links}
    assert counts["/status?platform=webfeed&state=silent"] == 1
    assert counts["/status?platform=webfeed&state=failing"] == 2
    assert counts["/status"] == len(ACCOUNTS)
    widths = [int(one.get("width")) for one in page.xpath("//main//*[local-name()='rect']")]
    assert sum(widths) == 1000


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (StatusFilter(), 4),
        (StatusFilter(states=(Delivery.FAILING,)), 2),
        (StatusFilter(platforms=(Platform.INSTAGRAM,)), 1),
        (StatusFilter(departments=("dinkes", "bpbd")), 3),
        (StatusFilter(departments=("dinkes",), states=(Delivery.WAITING,)), 0),
    ],
)
def test_filters_choose_the_same_rows_on_the_page_and_in_the_table(chosen, count):
    rows = rows_of()
    assert len(told(tree_of(status_page(SITE, rows, chosen)))) == count
    assert len(read(status_csv(SITE, filter(chosen.has, rows)))) == count


def read(table: bytes):
    return list(csv.DictReader(io.StringIO(table.decode("utf-8"), newline="")))


def test_table_tells_what_the_page_tells():
    rows = read(status_csv(SITE, rows_of(rhythms=SILENT)))
    assert list(rows[0]) == list(COLUMNS)
    silent = next(row for row in rows if row["account"] == str(HEALTH_SITE.id))
    assert silent["state"] == "silent"
    assert silent["since"] == silent["last_post_at"] == "2026-10-11T08:05:00+07:00"
    assert (silent["department"], silent["platform"], silent["posts"]) == ("dinkes", "webfeed", "312")
    assert silent["verified_at"] == "2026-11-01"


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://x")'])
def test_no_cell_begins_as_a_formula(evil):
    account = Account(key="k", platform=Platform.WEBFEED, department="dinkes", handle=evil, url="https://a.example/")
    rows = rows_of(states=(MadeState(account=account, outcome="tls", reason=evil),))
    (row,) = read(status_csv(SITE, rows))
    assert row["handle"] == f"'{evil}"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_thousand_accounts_stay_lean():
    many = tuple(
        MadeState(account=replace(HEALTH_SITE, key=f"k{n}", url=f"https://dinas{n}.example/feed"), outcome="tls")
        for n in range(1000)
    )
    html = status_page(SITE, rows_of(states=many, rhythms={}), StatusFilter())
    assert len(html) < 1_500_000
