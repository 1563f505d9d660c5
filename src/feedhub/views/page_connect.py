"""The pages by which an account's own admin connects it: what FeedHub will read, and how it went."""

from typing import Final

from feedhub.accounts.account import Account, Department
from feedhub.views.messages import speaker
from feedhub.views.page_site import Site, plain_url
from feedhub.views.page_template import rendered

_ASKED: Final = (
    "title",
    "lead",
    "reads",
    "reads_posts",
    "reads_name",
    "never",
    "never_posts",
    "never_reads",
    "button",
    "hint",
)


def connect_page(site: Site, account: Account, department: Department, url: str) -> str:
    """What the admin is asked for; `url` is where the platform asks."""
    names = _names(site, account, department)
    say = speaker(site.language)
    words = {name: say(f"connect_{name}", **names) for name in _ASKED}
    return rendered("connect.html", site, url=url, words=words)


def connected_page(site: Site, account: Account, department: Department) -> str:
    """It went well."""
    say = speaker(site.language)
    title = say("connect_connected", **_names(site, account, department))
    return rendered("connected.html", site, title=title, text=say("connect_connected_text"), detail=None)


def not_connected_page(site: Site, detail: str) -> str:
    """It did not; `detail` is an English sentence that says why, and what to do."""
    say = speaker(site.language)
    title, text = say("connect_refused"), say("connect_refused_text")
    return rendered("connected.html", site, title=title, text=text, detail=detail)


def _names(site: Site, account: Account, department: Department) -> dict[str, str]:
    return {
        "account": account.handle or plain_url(account.url) or account.key,
        "department": department.name,
        "platform": account.platform.proper,
        "publisher": site.publisher.name,
    }
