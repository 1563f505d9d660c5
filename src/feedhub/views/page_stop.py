"""The pages behind a letter's link: stop an account, and that it is stopped."""

from datetime import datetime

from feedhub.accounts.account import Account
from feedhub.views.messages import speaker
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import shown_time


def stop_page(site: Site, account: Account, *, since: datetime) -> str:
    """What will happen, and one button."""
    moment = shown_time(since, site.zone, site.language)
    say = speaker(site.language)
    words = {
        "title": say("stop_title"),
        "lead": say("stop_lead", account=_named(account), since=moment.words),
        "button": say("stop_button"),
        "hint": say("stop_hint"),
    }
    return rendered("stop.html", site, words=words)


def stopped_page(site: Site, account: Account, *, withdrawn: int) -> str:
    """It is done, and what to do next."""
    say = speaker(site.language)
    title, text = f"{say('stop_stopped')}: {_named(account)}", say("stop_stopped_text", n=withdrawn)
    return rendered("connected.html", site, title=title, text=text, detail=None)


def _named(account: Account) -> str:
    return account.handle or account.url or account.key
