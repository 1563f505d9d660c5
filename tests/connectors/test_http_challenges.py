"""Gates are told from feeds and from ordinary pages."""

import time
from pathlib import Path

import pytest

from feedhub.connectors.challenges import challenger

RECORDED = Path(__file__).parents[3] / "shared/payloads"


def page(body="", *, title="", head=""):
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


GATES = {
    "Cloudflare": [
        page(title="Just a moment..."),
        page(head="<script>window._cf_chl_opt={cvId:'3'}</script>"),
        page(title="Attention Required! | Cloudflare"),
    ],
    "Sucuri": [page(head="<script>var s={},sucuri_cloudproxy_js='';</script>")],
    "Imunify360": [page(title="One moment, please..."), page("<p>Protected by Imunify360 bot-protection</p>")],
    "DDoS-Guard": [page(title="DDoS-Guard")],
    "Imperva": [page("Request unsuccessful. Incapsula incident ID: 1-2")],
    "AWS WAF": [page(head="<script>window.gokuProps = {}</script>")],
    "DataDome": [page(head="<script src='https://ct.captcha-delivery.com/c.js'></script>")],
    "HUMAN": [page("<div id='px-captcha'></div>")],
    "Akamai": [page("<div id='sec-if-cpt-container'></div>")],
    "Anubis": [page(title="Making sure you&#39;re not a bot!")],
    "Vercel": [page(title="Vercel Security Checkpoint")],
    "LiteSpeed": [page("<form action='/.lsrecap/recaptcha?'></form>")],
    "its web host": [
        page("<script src='/aes.js'></script><script>document.cookie='__test='+slowAES.decrypt(c,2,a,b)</script>"),
    ],
    "a script": [
        b"<html><script>document.cookie='ok=1; path=/'; location.reload();</script></html>",
        b"<html><head><meta http-equiv='refresh' content='0;url=/.well-known/captcha/?r=1'></head></html>",
    ],
}


@pytest.mark.parametrize(("maker", "gate"), [(maker, gate) for maker, gates in GATES.items() for gate in gates])
@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_gate_is_known_by_its_maker_at_any_status(maker, gate, status):
    assert challenger(status, {}, gate) == maker


HEADERS = {
    "Cloudflare": {"cf-mitigated": "challenge"},
    "AWS WAF": {"x-amzn-waf-action": "captcha"},
    "Vercel": {"x-vercel-mitigated": "challenge"},
    "SiteGround": {"sg-captcha": "challenge"},
}


@pytest.mark.parametrize(("maker", "headers"), HEADERS.items())
def test_a_gate_may_be_declared_by_a_field(maker, headers):
    assert challenger(202, headers, b"") == maker


@pytest.mark.parametrize("words", ["<div class='g-recaptcha'></div>", "Checking your browser", "Verify you are human"])
def test_a_captcha_is_a_gate_only_on_a_page_of_refusal(words):
    assert challenger(403, {}, page(words)) == "a captcha"
    assert challenger(200, {}, page(words)) is None
    assert challenger(404, {}, page(words)) is None


ORDINARY = {
    "a feed about it": b"<?xml version='1.0'?><rss><title>Just a moment... imunify360 _cf_chl_opt</title></rss>",
    "a feed sent as a page": b"\xef\xbb\xbf\n<rss><channel><title>One moment, please...</title></channel></rss>",
    "JSON about it": b'{"title": "<html><title>Just a moment..."}',
    "a page behind Cloudflare": page("<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
    "a contact form": page("<div class='g-recaptcha'></div><script src='https://www.google.com/recaptcha/api.js'>"),
    "a cookie notice": page("x" * 9000 + "<script>document.cookie='seen=1'; location.reload()</script>"),
    "a moved page": page(head="<meta http-equiv='refresh' content='0; url=/beranda'>"),
    "nothing": b"",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_document_is_no_gate(name):
    assert challenger(200, {}, ORDINARY[name]) is None


def test_an_open_cache_field_is_no_gate():
    assert challenger(200, {"cf-mitigated": "none", "cf-cache-status": "HIT", "server": "cloudflare"}, page()) is None


HOSTILE = {
    "comments": b"<!--" + b"-->  <!--" * 30_000,
    "open comment": b"<!-- " * 60_000,
    "white space": b" " * 300_000,
    "meta": b"<html>" + b"<meta http-equiv=" * 15_000,
    "cookies": b"<html>" + b"document.cookie=" * 500,
    "titles": b"<html>" + b"<title>" * 40_000,
    "tests": b"<html>" + b"/aes.js' " * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_looking_for_a_gate_takes_no_time(name):
    began = time.process_time()
    challenger(403, {}, HOSTILE[name])
    assert time.process_time() - began < 0.5


def test_no_recorded_document_is_taken_for_a_gate(capsys):
    files = [file for file in RECORDED.rglob("*") if file.is_file()] if RECORDED.is_dir() else []
    taken = {str(file): challenger(200, {}, file.read_bytes()) for file in files}
    if not files:
        with capsys.disabled():
            print("recorded documents are not here: none was read")  # noqa: T201 - said to whoever runs it
    assert [file for file, maker in taken.items() if maker] == []
