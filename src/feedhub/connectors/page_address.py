"""What names a web page for as long as possible, and which pages have no such name."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from feedhub.errors import ItemUnreadable
from feedhub.posts.urls import is_tracking

_SESSION = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid\w*|session_?id|sessid|sid|token|_token|nonce)$", re.IGNORECASE
)
_SESSION_PATH = re.compile(r";jsessionid=|/\(s\([a-z0-9]{20,}\)\)/", re.IGNORECASE)
_ROUTE = re.compile(r"^!?/")
# What turns pages of a list, sorts it or changes how a page looks; none of it names an article.
_LOOKS = re.compile(
    r"(?:ref|source|src|from|lang|view|layout|tmpl|print|format|share|highlight|itemid|sort|order|order_?by|limit)$",
    re.IGNORECASE,
)
_TURNS = re.compile(r"(?:page|p|pg|hal|halaman|start|offset|limitstart|per_page|paged|page_\w+)$", re.IGNORECASE)
_LISTS = re.compile(
    r"/(?:page|halaman|hal|kategori|category|tag|tags|label|topik|author|penulis|search|cari|pencarian|arsip|archive"
    r"|login|masuk|register|daftar-isi|sitemap|feed|rss|kontak|contact|beranda|home|index)"
    r"(?:/[^/]*)?/?$|/index\.(?:php|html?)$",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|jpe?g|png|gif|webp|svg|mp[34]|xml|json|css|js|ico)$", re.IGNORECASE
)


def page_id(url: str) -> str:
    """Host without `www.`, path and what of the query says which article it is.

    >>> page_id("https://www.dinkes.example/berita/17/?utm_source=wa&lang=id")
    'dinkes.example/berita/17'
    >>> page_id("http://dinkes.example/berita.php?id=17&ref=home#isi")
    'dinkes.example/berita.php?id=17'

    Raises:
        ItemUnreadable: the page has no lasting name; the reason says why.
    """
    parts = urlsplit(url)
    if _ROUTE.match(parts.fragment):
        raise ItemUnreadable(f"{_shown(url)} is told from other pages by its fragment alone.")
    asked = [(name, value) for name, value in parse_qsl(parts.query) if not is_tracking(name)]
    if _SESSION_PATH.search(parts.path) or any(_SESSION.match(name) for name, _ in asked):
        raise ItemUnreadable(f"{_shown(url)} holds a session, so it has another address for every visitor.")
    said = sorted((name, value) for name, value in asked if not _LOOKS.match(name))
    path = quote(unquote(parts.path), safe="/-._~!$&'()*+,;=:@").rstrip("/")
    named = [pair for pair in said if not _TURNS.match(pair[0])]
    if (said and not named) or (not named and (not path or _LISTS.search(path))):
        raise ItemUnreadable(f"{_shown(url)} is a list of pages, not an article.")
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in named)
    return f"{site_of(url)}{path}" + (f"?{query}" if query else "")


def plain_address(url: str) -> str:
    """Where a page is asked for: without its fragment, and without what only says how somebody came.

    >>> plain_address("https://dinkes.example/baca/?id=17&ref=home#isi")
    'https://dinkes.example/baca/?id=17'
    """
    rest = url.partition("#")[0]
    path, _, query = rest.partition("?")
    kept = [pair for pair in query.split("&") if pair and not _LOOKS.match(pair.partition("=")[0])]
    return path + ("?" + "&".join(kept) if kept else "")


def is_article_address(url: str, home: str) -> bool:
    """Whether a page of the site of `home` can be an article by its address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or site_of(url) != site_of(home) or _FILES.search(parts.path):
        return False
    try:
        return page_id(url) != _id_or_none(home)
    except ItemUnreadable:
        return False


def site_of(url: str) -> str:
    """The host, as people say it."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _id_or_none(url: str) -> str | None:
    try:
        return page_id(url)
    except ItemUnreadable:
        return None


def _shown(url: str) -> str:
    return repr(url.partition("?")[0][:150])
