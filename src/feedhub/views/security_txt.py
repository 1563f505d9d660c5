"""Whom to tell about a weakness (RFC 9116)."""

from datetime import date, timedelta

from feedhub.views.messages import LANGUAGES
from feedhub.views.page_site import Site

PATH = "/.well-known/security.txt"
_GOOD_FOR = timedelta(days=180)  # the standard advises less than a year


def security_txt(site: Site, contact: str, *, today: date) -> str | None:
    """The file as it is today, the same all day; None where nobody is named whom to tell.

    >>> from feedhub.accounts.account import Publisher
    >>> site = Site(publisher=Publisher(), public_url="https://kota.example")
    >>> print(security_txt(site, "aman@kota.example", today=date(2026, 11, 27)))
    Contact: mailto:aman@kota.example
    Expires: 2027-05-26T00:00:00Z
    Preferred-Languages: id, en
    Canonical: https://kota.example/.well-known/security.txt
    Policy: https://kota.example/about#about-security
    <BLANKLINE>
    >>> security_txt(site, "http://kota.example", today=date(2026, 11, 27))
    """
    if (address := _address(contact)) is None:
        return None
    spoken = [site.home_language, *(one for one in LANGUAGES if one != site.home_language)]
    lines = (
        f"Contact: {address}",
        f"Expires: {today + _GOOD_FOR}T00:00:00Z",
        f"Preferred-Languages: {', '.join(spoken)}",
        f"Canonical: {site.public_url}{PATH}",
        f"Policy: {site.url('/about')}#about-security",
    )
    return "".join(f"{line}\n" for line in lines)


def _address(contact: str) -> str | None:
    """A contact as the standard wants it: a mail address or an https one, on one line."""
    contact = contact.strip()
    if not contact or any(sign.isspace() for sign in contact):
        return None
    if "@" in contact and "://" not in contact:
        return f"mailto:{contact.removeprefix('mailto:')}"
    if "://" not in contact:
        return f"https://{contact}"
    return contact if contact.startswith("https://") else None
