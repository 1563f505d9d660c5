"""Under which terms a post may be used: who is to be named, and what its licence does not cover."""

import re
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Platform, Publisher, Via
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post, PostType
from feedhub.views.channel import shown_content
from feedhub.views.messages import language_of_pages, speaker

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero))/(\d\.\d)(?:/([a-z]{2}))?/?(?:deed\.\w+|legalcode)?"
)
# The city's own places: what is shown there was put there by its departments.
_OWN = frozenset({Platform.WEBFEED, Platform.WORDPRESS, Platform.WEBPAGE, Platform.INBOX})
_OTHERS_WORDS = {PostType.REPOST: "terms_repost", PostType.QUOTE: "terms_quote"}


def attribution(kept: KeptPost, publisher: Publisher) -> str:
    """The line that whoever uses a post prints with it: `Kota X / Dinas Kesehatan, via Instagram, CC BY 4.0`."""
    said = [f"{publisher.name} / {kept.department.name}"]
    if place := _place(kept.account):
        said.append(f"via {place}")
    if publisher.license:
        said.append(license_name(publisher.license))
    return ", ".join(said)


def restrictions(kept: KeptPost, publisher: Publisher, *, language: str | None = None) -> str | None:
    """What the licence does not cover, in the publisher's language or that of a page; None = nothing that is known."""
    post = shown_content(kept)
    if post is None:
        return None
    keys = [_OTHERS_WORDS[post.type]] if post.type in _OTHERS_WORDS else []
    if post.media and _is_borne(kept.account, post):
        keys.append("terms_media")
    if not publisher.license:
        keys.append("terms_unlicensed")
    say = speaker(language_of_pages(language or publisher.language))
    return " ".join(say(key) for key in keys) or None


def usage_terms(kept: KeptPost, publisher: Publisher) -> str:
    """Both as one text, for formats with one place for them."""
    limits = restrictions(kept, publisher)
    return f"{attribution(kept, publisher)}. {limits}" if limits else attribution(kept, publisher)


def license_name(url: str) -> str:
    """A licence as people write it; one that is not of Creative Commons stays an address.

    >>> license_name("https://creativecommons.org/licenses/by-sa/4.0/deed.id")
    'CC BY-SA 4.0'
    >>> license_name("https://creativecommons.org/publicdomain/zero/1.0/"), license_name("https://kota.example/lisensi")
    ('CC0 1.0', 'https://kota.example/lisensi')
    """
    known = _CREATIVE_COMMONS.fullmatch(url)
    if known is None:
        return url
    terms, _, version, country = known.groups()
    name = f"CC {terms.upper()} {version}" if terms else f"CC0 {version}"
    return f"{name} {country.upper()}" if country else name


def _is_borne(account: Account, post: Post) -> bool:
    """Whether pictures, films and their music came by way of somebody else's platform."""
    return account.platform not in _OWN or post.via is Via.BRIDGE


def _place(account: Account) -> str | None:
    """Where it was said: a platform's name, or the department's own site."""
    if account.platform not in _OWN:
        return account.platform.proper
    return (urlsplit(account.own_origin or "").hostname or "").removeprefix("www.") or None
