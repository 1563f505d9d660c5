"""The pages behind a letter's link: stop an account, and that it is stopped."""

from datetime import datetime

from feedhub.accounts.account import Account
from feedhub.views.messages import Words
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import shown_time

_TITLE = Words("Hentikan akun ini?", "Stop this account?")
_LEAD = Words(
    "Semua kiriman {account} sejak {since} ditarik dari FeedHub, dan yang baru ditahan sampai pengelola memeriksanya.",
    "Every post of {account} since {since} is taken back from FeedHub, and new ones wait until the operator has looked.",
)
_BUTTON = Words("Ya, hentikan sekarang", "Yes, stop it now")
_HINT = Words(
    "Tautan ini hanya dapat menghentikan. Pengelola FeedHub dapat membukanya kembali.",
    "This link can do nothing else. FeedHub's operator can lift the stop again.",
)
_STOPPED = Words("Akun dihentikan", "The account is stopped")
_STOPPED_TEXT = Words(
    "{withdrawn} kiriman ditarik. Ganti kata sandi akun sekarang, lalu hubungi pengelola FeedHub.",
    "{withdrawn} posts were taken back. Change the account's password now, then turn to FeedHub's operator.",
)


def stop_page(site: Site, account: Account, *, since: datetime) -> str:
    """What will happen, and one button."""
    moment = shown_time(since, site.zone, site.language)
    words = {
        "title": _said(site, _TITLE),
        "lead": _said(site, _LEAD).format(account=_named(account), since=moment.words),
        "button": _said(site, _BUTTON),
        "hint": _said(site, _HINT),
    }
    return rendered("stop.html", site, words=words)


def stopped_page(site: Site, account: Account, *, withdrawn: int) -> str:
    """It is done, and what to do next."""
    title = f"{_said(site, _STOPPED)}: {_named(account)}"
    text = _said(site, _STOPPED_TEXT).format(withdrawn=withdrawn)
    return rendered("connected.html", site, title=title, text=text, detail=None)


def _said(site: Site, words: Words) -> str:
    return words.en if site.language == "en" else words.id


def _named(account: Account) -> str:
    return account.handle or account.url or account.key
