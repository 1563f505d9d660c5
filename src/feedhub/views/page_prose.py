"""Long texts of our own: sections of paragraphs and points, with links and code written in the catalogues."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from feedhub.views.messages import speaker
from feedhub.views.page_site import Site

# [words](address) and `code`; an address is a path of ours, or one that leads to a site or a mail.
_MARKED = re.compile(r"\[([^\]]+)\]\(((?:/|https?://|mailto:)[^)\s]*)\)|`([^`]+)`")

# A section as it is listed: the key of its heading, then of its paragraphs and of its points.
Listed = tuple[str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands below it."""

    id: str
    heading: str
    paragraphs: tuple[Markup, ...]
    points: tuple[Markup, ...] = ()


def sections(site: Site, listed: tuple[Listed, ...], values: Mapping[str, object]) -> tuple[Section, ...]:
    """The sections in the page's language, filled with `values`."""
    say = speaker(site.language)

    def said(keys: tuple[str, ...]) -> tuple[Markup, ...]:
        return tuple(prose(site, say(key, **values)) for key in keys)

    return tuple(
        Section(id=key.replace("_", "-"), heading=say(key, **values), paragraphs=said(paragraphs), points=said(points))
        for key, paragraphs, points in listed
    )


def prose(site: Site, text: str) -> Markup:
    """A text as HTML: all of it escaped, its links and code marked.

    >>> from feedhub.accounts.account import Publisher
    >>> site = Site(publisher=Publisher(), public_url="https://kota.example/kabar")
    >>> str(prose(site, "Lihat [status & visits](/status) <b> `a=1`"))
    'Lihat <a href="/kabar/status">status &amp; visits</a> &lt;b&gt; <code>a=1</code>'
    >>> str(prose(site, "[x](javascript:alert)"))
    '[x](javascript:alert)'
    """
    parts, end = list[Markup](), 0
    for found in _MARKED.finditer(text):
        parts += [escape(text[end : found.start()]), _marked(site, found)]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _marked(site: Site, found: re.Match[str]) -> Markup:
    words, address, code = found.groups()
    if code is not None:
        return Markup("<code>{}</code>").format(code)
    href = site.path(address) if address.startswith("/") else address
    return Markup('<a href="{}">{}</a>').format(href, words)
