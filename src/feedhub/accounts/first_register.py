"""The first register.toml and .env of a city, as `feedhub init` writes them."""

import re
from unicodedata import normalize

from feedhub.accounts.register_export import toml_text
from feedhub.errors import SettingRefused

_REGISTER = """\
# Who publishes, and where its departments speak.
# After each change: feedhub register check {file}, then feedhub register import {file}

[publisher]
name = {name}
language = {language}
time_zone = {time_zone}
# license = "https://creativecommons.org/licenses/by/4.0/"

# How posts get their kinds: emergency, service, assistance, event, announcement, news.
[[kinds]]
kind = "emergency"
words = ["darurat", "banjir", "gempa", "evakuasi"]

[[kinds]]
kind = "assistance"
words = ["bantuan", "bansos", "BLT"]

[[kinds]]
kind = "service"
words = ["layanan", "imunisasi", "perizinan"]

[[kinds]]
kind = "announcement"
words = ["pengumuman"]

[[departments]]
slug = {slug}  # stands in addresses; when it changes, keep the old one: formerly = ["old-slug"]
name = {department}
{url}

{account}

# Another department is another [[departments]] with its own accounts;
# `feedhub accounts add URL --department {bare_slug}` finds the feed of a site by itself.
"""
_FEED = """
[[departments.accounts]]
platform = "webfeed"
url = {feed}
# verified_at = 2026-11-01      # who checked that this account is official, and how:
# evidence = "https://…"
"""
_NO_FEED = """
# [[departments.accounts]]
# platform = "webfeed"
# url = "https://dinas.example.go.id/feed/"
"""
_SETTINGS = """\
# FeedHub reads these when it starts; every setting is described in docs/settings.md.
FEEDHUB_DATABASE_URL={database_url}
# The address under which readers reach this FeedHub.
FEEDHUB_PUBLIC_URL={public_url}
# A mail or web address for the administrators of the sites that are read.
FEEDHUB_CONTACT={contact}
"""
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 64
_NEEDS_QUOTES = re.compile(r"[^\w@%+=:,./?&~-]", re.ASCII)


def first_register(  # noqa: PLR0913  an answer each
    *,
    name: str,
    language: str,
    time_zone: str,
    department: str,
    site_url: str | None = None,
    feed_url: str | None = None,
    file: str = "register.toml",
) -> str:
    """The text of a first register. What is asked for is checked by reading it (`read_register`).

    >>> text = first_register(name="Kota", language="id", time_zone="Asia/Jakarta", department="Dinas Sosial")
    >>> 'slug = "dinas-sosial"' in text
    True
    """
    slug = slug_of(department)
    return _REGISTER.format(
        file=file,
        name=toml_text(name),
        language=toml_text(language),
        time_zone=toml_text(time_zone),
        slug=toml_text(slug),
        bare_slug=slug,
        department=toml_text(department),
        url=f"url = {toml_text(site_url)}" if site_url else '# url = "https://dinas.example.go.id/"',
        account=_FEED.format(feed=toml_text(feed_url)).strip("\n") if feed_url else _NO_FEED.strip("\n"),
    )


def first_settings(*, database_url: str, public_url: str, contact: str) -> str:
    """The text of a first `.env`.

    Raises:
        SettingRefused: a value that such a file can't hold.
    """
    values = {"database_url": database_url, "public_url": public_url, "contact": contact}
    return _SETTINGS.format(**{name: _env_value(value) for name, value in values.items()})


def slug_of(name: str) -> str:
    """A slug for a department of that name.

    >>> slug_of("Dinas Kesehatan, P2 & KB"), slug_of("Élan"), slug_of("局")
    ('dinas-kesehatan-p2-kb', 'elan', 'department')
    """
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_SLUG.sub("-", plain).strip("-")[:_LONGEST_SLUG].rstrip("-") or "department"


def _env_value(value: str) -> str:
    """A value as dotenv files hold it: in single quotes where a bare one would be cut or replaced."""
    value = " ".join(value.split())
    if "${" in value:
        raise SettingRefused(f"{value!r} holds ${{, which a .env file would replace; write %24{{ in an address.")
    if not _NEEDS_QUOTES.search(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
