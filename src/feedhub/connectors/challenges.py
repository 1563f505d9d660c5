"""Pages that want a person or a browser, recognised by what their makers always write."""

import re
from collections.abc import Mapping

LOOKED_AT = 64 * 1024  # bytes of a page's beginning; the gates are small

# Headers that say it outright, at any status.
_HEADERS: tuple[tuple[str, str, str], ...] = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("sg-captcha", "challenge", "SiteGround"),
)
# Traces of the gate itself. What its makers also put into ordinary pages
# (`/cdn-cgi/challenge-platform/scripts/jsd`, a contact form's captcha) is no trace of a gate.
_GATES: tuple[tuple[str, re.Pattern[bytes]], ...] = tuple(
    (maker, re.compile(traces, re.IGNORECASE))
    for maker, traces in (
        (
            "Cloudflare",
            rb"<title>just a moment|_cf_chl_opt|cf-browser-verification|<title>attention required! \| cloud",
        ),
        ("Sucuri", rb"sucuri_cloudproxy_js|<title>sucuri website firewall|sucuri\.net/privacy-policy"),
        ("Imunify360", rb"imunify360|<title>one moment, please|wsidchk"),
        ("DDoS-Guard", rb"<title>ddos-guard|/\.well-known/ddos-guard/js-challenge"),
        ("Imperva", rb"incapsula incident id|_incapsula_resource\?(?:swudnsai|cwudnsai)"),
        ("AWS WAF", rb"window\.gokuprops|awswafintegration\.(?:checkforcerefresh|getToken)"),
        ("DataDome", rb"geo\.captcha-delivery\.com|ct\.captcha-delivery\.com"),
        ("HUMAN", rb"id=[\"']?px-captcha|window\._pxappid"),
        ("Akamai", rb"sec-if-cpt-container|sec-bc-tile-container"),
        ("Anubis", rb"anubis_challenge|<title>making sure you(?:&#39;|')re not a bot"),
        ("Vercel", rb"<title>vercel security checkpoint"),
        ("LiteSpeed", rb"/\.lsrecap/recaptcha"),
        ("BitNinja", rb"<title>[^<]{0,40}bitninja|bitninja\.io/captcha"),
        ("SafeLine", rb"/\.safeline/|safeline-challenge|slg-box"),
        ("Google", rb"/sorry/index\?continue=|our systems have detected unusual traffic"),
        ("its web host", rb"slowAES\.decrypt|/aes\.js[\"'].{0,400}__test="),
    )
)
# A small page whose only work is to set a cookie by script, or to load itself again: nothing to read.
_SCRIPT_GATE = re.compile(
    rb"document\.cookie\s*=.{0,2000}?(?:location\.reload|location\.href\s*=|location\.replace|window\.location)"
    rb"|<meta[^>]{1,200}http-equiv=[\"']?refresh[^>]{1,200}(?:captcha|challenge|\?attempt=)",
    re.IGNORECASE | re.DOTALL,
)
_SCRIPT_GATE_BYTES = 8 * 1024
# On a page of refusal, and only there, a captcha is the refusal.
_CAPTCHA = re.compile(
    rb"g-recaptcha|h-captcha|cf-turnstile|recaptcha/api\.js|hcaptcha\.com|verify you are (?:a )?human|are you a robot"
    rb"|enable javascript and cookies to continue|checking your browser",
    re.IGNORECASE,
)
_REFUSALS = frozenset({401, 403, 405, 406, 409, 415, 418, 429, 503})
# Comments may come first. Possessive throughout: a page of half comments must not be read again and again.
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<!--(?:(?!-->).){0,500}+-->\s*+){0,5}+"
    rb"<(?:!doctype\s++html|html|head|body|script|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)


def challenger(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Who put a gate before the document, or None. `headers` answers case-insensitively.

    >>> challenger(503, {}, b"<!DOCTYPE html><title>Just a moment...</title>")
    'Cloudflare'
    >>> challenger(200, {}, b"<rss><title>Just a moment</title></rss>") is None
    True
    """
    for name, value, maker in _HEADERS:
        if name in headers and value in headers[name].lower():
            return maker
    if not _PAGE.match(body):
        return None
    page = body[:LOOKED_AT]
    for maker, traces in _GATES:
        if traces.search(page):
            return maker
    if len(body) <= _SCRIPT_GATE_BYTES and _SCRIPT_GATE.search(page):
        return "a script"
    return "a captcha" if status in _REFUSALS and _CAPTCHA.search(page) else None
