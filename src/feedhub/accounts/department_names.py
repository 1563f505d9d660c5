"""Which links of a city's site lead to its departments, told from what people call them."""

import re
from urllib.parse import unquote, urlsplit

_UNIT = (
    r"dinas|badan|bagian|kecamatan|kelurahan|sekretariat|inspektorat|satuan polisi|satpol|rsud|rumah sakit|puskesmas"
    r"|kantor|uptd?|perumda|perumdam|pdam|dprd|bpbd|bappeda|bapenda|diskominfo|dinkes|dinsos|disdik\w*|dishub|desa"
    r"|department|office|agency|district|council|directorate|bureau"
)
_BEGINS_AS_UNIT = re.compile(
    rf"(?:(?:website|situs|portal|web|laman)(?: resmi)?\s+)?(?P<unit>(?:{_UNIT})\b.*)", re.IGNORECASE
)
_ENDS_AS_UNIT = re.compile(r"[\w' ]{2,60} (?:department|office|agency|district|council)", re.IGNORECASE)
# Subdomains as Indonesian cities abbreviate them.
_UNIT_LABEL = re.compile(
    r"(?:dis|din|kec|kel|rsud|pkm|puskesmas|satpol|setda|setwan|sekretariat|inspektorat|bapp|bapen|bakes|bkps|bkd|bpb"
    r"|bpk|dlh|dpu|dpm|dp3|dppk|dprd|damkar|perumda|pdam|bag-?|bagian)[a-z0-9-]*"
)
_INDEX = re.compile(
    r"\b(?:perangkat daerah|opd|skpd|organisasi|kelembagaan|daftar dinas|unit kerja|tautan|link terkait|situs terkait"
    r"|website (?:opd|dinas)|kontak|media sosial|departments?|agencies|directory|kecamatan dan kelurahan)\b",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"/(?:berita|news|artikel|article|post|posts|detail|read|pengumuman|agenda|\d{4}/\d{1,2})(?:/|$)", re.IGNORECASE
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|jpe?g|png|gif|webp|svg|mp[34]|apk)$", re.IGNORECASE)
_MOST_WORDS = 8
_BETWEEN = re.compile(r"\s+[|–—•»:·-]\s+|\s*[|•»]\s*")
_GREETING = re.compile(
    r"^(?:selamat datang(?: di)?|welcome to|beranda|home|website resmi|situs resmi|portal resmi)\b[\s,:-]*",
    re.IGNORECASE,
)


def unit_in(text: str) -> str | None:
    """The department that a link's words name, without what stands before it; None for anything else.

    >>> unit_in("Website Resmi Dinas Kesehatan"), unit_in("Fire Department"), unit_in("Berita terbaru")
    ('Dinas Kesehatan', 'Fire Department', None)
    """
    words = " ".join(text.split())
    if not words or len(words.split()) > _MOST_WORDS:
        return None
    if found := _BEGINS_AS_UNIT.fullmatch(words):
        return found["unit"]
    return words if _ENDS_AS_UNIT.fullmatch(words) else None


def is_unit_host(host: str, base: str) -> bool:
    """Whether a subdomain of the city is called as departments are.

    >>> is_unit_host("dinkes.kota.go.id", "kota.go.id"), is_unit_host("webmail.kota.go.id", "kota.go.id")
    (True, False)
    """
    label = host.removesuffix(f".{base}")
    return label != host and _UNIT_LABEL.fullmatch(label.rpartition(".")[2]) is not None


def is_index(text: str, url: str) -> bool:
    """Whether a link leads to a page that lists departments."""
    path = unquote(urlsplit(url).path)
    if _NEWS.search(path):
        return False
    words = re.sub(r"[-_/.]+", " ", path)
    return len(text.split()) <= _MOST_WORDS and bool(_INDEX.search(text) or _INDEX.search(words))


def is_article(url: str) -> bool:
    """Whether an address is that of a piece of news or of a file, whatever its words name."""
    path = urlsplit(url).path
    return bool(_NEWS.search(path) or _FILE.search(path))


def site_name(title: str) -> str:
    """The name of whoever has a page, out of its title.

    >>> site_name("Beranda | Dinas Kesehatan Kota Contoh"), site_name("Selamat Datang di Pemerintah Kota Contoh")
    ('Dinas Kesehatan Kota Contoh', 'Pemerintah Kota Contoh')
    """
    parts = [_GREETING.sub("", part.strip()).strip() for part in _BETWEEN.split(" ".join(title.split()))]
    parts = [part for part in parts if part]
    return next((unit for part in parts if (unit := unit_in(part))), parts[0] if parts else "")


def city_domain(host: str) -> str:
    """The domain under which a city's departments have their sites.

    >>> city_domain("www.kota.go.id"), city_domain("portal.kota.go.id"), city_domain("kota.go.id")
    ('kota.go.id', 'kota.go.id', 'kota.go.id')
    """
    return re.sub(r"^(?:www|portal|web|beranda|home)\.(?=[^.]+\.)", "", host)
