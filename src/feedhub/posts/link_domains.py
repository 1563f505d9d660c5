"""Which sites a post leads to, each by the name that one owner stands behind."""

import re
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import urlsplit

from feedhub.posts.link_names import (
    ANYBODYS,
    BARE_ENDINGS,
    BARE_ENDINGS_WITH_PATH,
    OFFICIAL_ENDINGS,
    SECOND_LEVELS,
    SHARED_HOSTS,
    WELL_KNOWN,
)
from feedhub.posts.post import MediaType, Post

# A post that leads to more sites than this is remembered by the first of them.
_MOST = 50
_LONGEST_HOST = 253  # characters of a name that can be one
_SHORTEST_LABEL = 3  # of a name without a path: `M.Si` and `S.Pd` are degrees

_ADDRESS = re.compile(r"h(?:tt|xx)ps?://([^\s/?#<>\"'()\[\]{},]{1,253})", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w@./-])((?:[a-z0-9-]{1,63}\.){1,8}([a-z]{2,12}))(?![\w@-]|\.[a-z0-9])(/[\w])?", re.IGNORECASE
)
_LED = re.compile(r'href="(https?://[^"]+)')
# How people write a name past those who look for names.
_DOT = r"[\[({]\s?(?:\.|dot|titik)\s?[\])}]"
_DISGUISE, _DISGUISED = re.compile(_DOT, re.IGNORECASE), re.compile(rf"\s?{_DOT}\s?", re.IGNORECASE)
_POINTED = re.compile(r"\.\w")
_NUMBERS = re.compile(r"[\d.]+|\[?[0-9a-f:]+\]?")


def domains_of(post: Post) -> tuple[str, ...]:
    """The sites that a post leads to: its links, and every address in its words, captions and alternative texts."""
    said = [post.title, post.content_text, post.summary, *(medium.alt or "" for medium in post.media)]
    said += post.poll.options if post.poll else ()
    said += [name for name in (post.event and post.event.name, post.event and post.event.location) if name]
    led = [*post.links, *_LED.findall(post.content_html)]
    led += [medium.url for medium in post.media if medium.type is MediaType.DOCUMENT]
    if post.source_url:
        led.append(post.source_url)
    found = dict.fromkeys(domain for url in dict.fromkeys(led) if (domain := domain_of(url)))
    found |= dict.fromkeys(named_in("\n".join(said)))
    # Those that everybody leads to first leave room: behind many of them no other is hidden.
    return tuple(sorted(found, key=is_well_known)[:_MOST])


def domain_of(url: str) -> str | None:
    """The site of an address.

    >>> domain_of("https://dinkes.probolinggokota.go.id/berita"), domain_of("https://slot88.blogspot.com/x")
    ('probolinggokota.go.id', 'slot88.blogspot.com')
    """
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return site_of(host) if host and len(host) <= _LONGEST_HOST else None


def named_in(text: str) -> tuple[str, ...]:
    """The sites that a text names, as addresses or bare.

    >>> named_in("Klik slot88.xyz, bit[.]ly/x dan HTTP://Judi.Example.org/a! Oleh Budi, M.Si.Info: a@b.com")
    ('example.org', 'slot88.xyz', 'bit.ly')
    """
    text = text if text.isascii() else normalize("NFKC", text)
    if _DISGUISE.search(text):
        text = _DISGUISED.sub(".", text)
    if not _POINTED.search(text):
        return ()
    # Most words hold no full stop but at their end.
    text = " ".join([word for word in text.split() if "." in word[1:-1]])
    hosts = [found[1].rpartition("@")[2].partition(":")[0] for found in _ADDRESS.finditer(text)]
    hosts += [found[1] for found in _BARE.finditer(text) if _is_meant(*found.groups())]
    return tuple(dict.fromkeys(site for host in hosts if (site := site_of(host))))


@lru_cache(maxsize=4_096)
def site_of(host: str) -> str | None:
    """The part of a host's name that one owner stands behind.

    >>> site_of("www.bit.ly"), site_of("sites.google.com"), site_of("a.b.co.id"), site_of("10.0.0.1")
    ('bit.ly', 'sites.google.com', 'b.co.id', '10.0.0.1')
    """
    host = host.rstrip(".").lower()
    if "." not in host or _NUMBERS.fullmatch(host):
        return host if _NUMBERS.fullmatch(host) else None
    labels = host.split(".")
    endings = [".".join(labels[place:]) for place in range(len(labels))]
    for ending in endings:
        if ending in ANYBODYS:
            return ending
    for place, ending in enumerate(endings):
        if ending in SHARED_HOSTS:
            return endings[max(place - 1, 0)]
    is_below_second = len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS  # noqa: PLR2004  # a country's letters
    return ".".join(labels[-3:] if is_below_second else labels[-2:])


def is_anybodys(site: str) -> bool:
    """Whether anybody may lead anywhere by this site: shorteners, messengers, pages made of links.

    >>> is_anybodys("s.id"), is_anybodys("kompas.com")
    (True, False)
    """
    return site in ANYBODYS


def is_well_known(site: str) -> bool:
    """Whether everybody links there: platforms, maps, forms, meetings."""
    return site in WELL_KNOWN


def official_endings(sites: frozenset[str]) -> tuple[str, ...]:
    """The endings that a country gives to its public bodies, where one of `sites` has such a one.

    >>> official_endings(frozenset({"probolinggokota.go.id"}))
    ('.go.id', '.desa.id', '.ac.id', '.sch.id', '.mil.id')
    """
    return next(
        (endings for endings in OFFICIAL_ENDINGS if any(site.endswith(endings) for site in sites)),
        (),
    )


def _is_meant(host: str, ending: str, path: str | None) -> bool:
    """Whether bare words around a full stop are a site's name: `masyarakat.Info` is two sentences."""
    if host not in {host.lower(), host.upper()}:
        return False
    ending = ending.lower()
    if path is not None:
        return ending in BARE_ENDINGS or ending in BARE_ENDINGS_WITH_PATH
    return ending in BARE_ENDINGS and len(host.split(".")[-2]) >= _SHORTEST_LABEL
