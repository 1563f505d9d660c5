"""The demo city's register: who speaks, and where."""

from collections.abc import Mapping
from string import Template
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Platform, Register
from feedhub_demo.articles import HERE

_KEEPER = "diskominfo"  # names the official accounts of the whole city on its site


def demo_register(roots: Mapping[str, str]) -> str:
    """The register in its TOML form. `roots` says where each department's site stands.

    >>> roots = {"dinkes": "http://127.0.0.1:4001", "bpbd": "", "dinsos": "", "diskominfo": ""}
    >>> "http://127.0.0.1:4001/feed/" in demo_register(roots)
    True
    """
    return Template((HERE / "register.toml").read_text(encoding="utf-8")).substitute(roots)


def handle_of(account: Account) -> str:
    """The name that an account's address holds, as its stand-in knows it.

    >>> handle_of(Account(key="k", platform=Platform.TIKTOK, department="d", url="https://www.tiktok.com/@dlh"))
    'dlh'
    """
    parts = urlsplit(account.url or "").path.strip("/").split("/")
    name = parts[0] if account.platform is Platform.WEBPAGE else parts[-1]
    return name.removeprefix("@").removesuffix(".bsky.social")


def origin_of(account: Account) -> str:
    """Scheme and host of an account's address."""
    parts = urlsplit(account.url or "")
    return f"{parts.scheme}://{parts.netloc}"


def channels_of(register: Register, slug: str) -> tuple[tuple[str, str], ...]:
    """The official accounts that a site names: its department's, on the keeper's everybody's."""
    names = {one.slug: one.short_name or one.name for one in register.departments}
    return tuple(
        (f"{names[account.department]}, {account.platform.proper}", account.url)
        for account in register.accounts
        if account.url and account.evidence and slug in {account.department, _KEEPER}
        if account.platform is not Platform.WEBFEED
    )
