"""Addresses that mean the same to us and to a browser (WHATWG URL, by ada)."""

import re

from ada_url import idna_to_ascii, idna_to_unicode, join_url, normalize_url

MAX_LENGTH = 4_000  # characters; longer ones are refused by servers and make feeds invalid

_SLASHES_OF_ORIGIN = 2  # https://host

# The canonical form of nearly every address, read without ada (0.5 us instead of 5).
# Left to ada: ports, IPv4 and IPv6, punycode, dot segments, anything unusual.
_PLAIN = re.compile(
    r"https?://(?:(?!xn--)[a-z0-9]++(?:-++[a-z0-9]++)*+\.)++(?!xn--)[a-z][a-z0-9]*+(?:-++[a-z0-9]++)*+/(?!\.)"
    r"(?:[A-Za-z0-9._~!$&()*+,;=:@-]++|/(?!\.)|%(?!2[eE]))*+"
    r"(?:\?[A-Za-z0-9/._~!$&()*+,;=:@%?-]*+)?+(?:#[A-Za-z0-9/._~!$&()*+,;=:@%?-]*+)?+"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\\\\\ud800-\udfff\ufffe\uffff]")
_SPACES = " \t\r\n\x0c\xa0\u200b\ufeff"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_WEB = re.compile(r"https?://[^/?#@]", re.IGNORECASE)
_USERINFO = re.compile(r"(?:https?:)?//[^/?#]*@", re.IGNORECASE)

# An address or a name that DNS could know, and never a user before it.
_AUTHORITY = re.compile(r"https?://([a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:]+\])(?::[0-9]+)?/")

_TRACKING = re.compile(
    r"(?:amp;)*(?:(?:utm_|mc_|pk_|mtm_|piwik_|matomo_|hsa_|fb_action_|__cft__|vero_|oly_)[^=]*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igsh|igshid|mibextid|srsltid"
    r"|_hsenc|_hsmi|__hssc|__hstc|__hsfp|hsctatracking|mkt_tok|li_fat_id|epik|wickedid|rb_clickid|_openstat|xtor"
    r"|fb_source|fb_ref|__tn__|__xts__|ref_src|ref_url|_ga|_gl|s_cid|spm)(?:=|$)",
    re.IGNORECASE,
)
_SHARED = re.compile(r"https://(?:youtu\.be|(?:www\.|m\.)?youtube\.com|open\.spotify\.com)/")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """`url` as a browser would write it in its address bar, resolved against `base`; None = refused.

    Refused: schemes other than http(s), control characters, backslashes, user names and
    passwords, empty hosts, hosts that are no names (RFC 3986 and WHATWG read those apart).

    >>> canonical_url("HTTP://Dinkes.Example.go.id:80/a/../b c"), canonical_url("../foto.jpg", "https://a.example/x/y/")
    ('http://dinkes.example.go.id/b%20c', 'https://a.example/x/foto.jpg')
    >>> canonical_url("javascript:alert(1)"), canonical_url("https://a.example@evil.example/"), canonical_url("/b")
    (None, None, None)
    """
    if len(url) <= MAX_LENGTH and _PLAIN.fullmatch(url):
        return url
    if url.count("/") == _SLASHES_OF_ORIGIN and _PLAIN.fullmatch(url + "/"):
        return url + "/"
    url = url.strip(_SPACES)
    if not url or len(url) > MAX_LENGTH or _CONTROL.search(url) or _USERINFO.match(url):
        return None
    if _SCHEME.match(url):
        return _parsed(url) if _WEB.match(url) else None
    if base is None or url.startswith("///") or not _WEB.match(base):
        return None
    return _parsed(url, base)


def is_safe_url(url: str) -> bool:
    """Whether `url` is http(s) and already canonical.

    >>> is_safe_url("https://dinkes.example.go.id/"), is_safe_url("https://dinkes.example.go.id")
    (True, False)
    """
    return canonical_url(url) == url


def is_plain_url(url: str) -> bool:
    """Whether `url` is canonical at a glance, with nothing in it that HTML escapes; False only means: look closer.

    >>> is_plain_url("https://dinkes.example.go.id/berita/"), is_plain_url("https://dinkes.example.go.id")
    (True, False)
    """
    return "&" not in url and len(url) <= MAX_LENGTH and _PLAIN.fullmatch(url) is not None


def without_tracking(url: str) -> str:
    """`url` less the parameters that only follow people; all others byte for byte and in order.

    >>> without_tracking("https://a.example/?utm_source=x&id=3&fbclid=y#top")
    'https://a.example/?id=3#top'
    """
    if "?" not in url:
        return url
    rest, hash_mark, fragment = url.partition("#")
    path, _, query = rest.partition("?")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _TRACKING.match(pair)]
    if "si=" in query and _SHARED.match(url):
        kept = [pair for pair in kept if not pair.startswith("si=")]
    if len(kept) == len(pairs):
        return url
    return path + ("?" + "&".join(kept) if any(kept) else "") + hash_mark + fragment


def is_tracking(name: str) -> bool:
    """Whether a query parameter of this name only follows people.

    >>> is_tracking("utm_source"), is_tracking("id")
    (True, False)
    """
    return _TRACKING.match(name) is not None and "=" not in name


def _parsed(url: str, base: str | None = None) -> str | None:
    try:
        href = join_url(base, url) if base else normalize_url(url)
    except ValueError:
        return None
    authority = _AUTHORITY.match(href)
    return href if authority and len(href) <= MAX_LENGTH and _is_name(authority[1]) else None


def _is_name(host: str) -> bool:
    """Whether punycode in `host` is some."""
    if "xn--" not in host:
        return True
    name = idna_to_unicode(host)  # leaves a label as it is when it is no punycode
    return "xn--" not in name and idna_to_ascii(name).decode() == host
