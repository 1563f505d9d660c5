"""One department: who it is, its official accounts, how fresh they are, its posts."""

from dataclasses import dataclass

from feedhub.accounts.account import Account, Department
from feedhub.posts.facts import AccountFacts, DepartmentFacts
from feedhub.views.page_head import department_card
from feedhub.views.page_lists import PostList, shown_list
from feedhub.views.page_site import Site, plain_url
from feedhub.views.page_template import rendered
from feedhub.views.page_times import ShownTime, day_words, shown_time


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialAccount:
    """One account with what is known of it. `verified` is a day in words."""

    account: Account
    href: str
    name: str
    verified: str | None
    newest: ShownTime | None
    delivering: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the numbers on top say. `described` is in percent, None where there are no pictures."""

    newest: ShownTime | None
    in_month: int
    described: int | None
    delivering: int
    accounts: tuple[AccountFacts, ...]


def department_page(site: Site, department: Department, facts: DepartmentFacts, given: PostList) -> str:
    """The page of one department, or an older part of its posts."""
    share = facts.described.share
    figures = Figures(
        newest=shown_time(facts.newest_post_at, site.zone, site.language) if facts.newest_post_at else None,
        in_month=facts.posts_in_month,
        described=None if share is None else round(share * 100),
        delivering=sum(one.delivering for one in facts.accounts),
        accounts=facts.accounts,
    )
    shown = shown_list(site, given)
    accounts = tuple(one.account for one in facts.accounts)
    return rendered(
        "department.html",
        site,
        link_card=department_card(site, department, accounts, shown.canonical),
        shown=shown,
        department=department,
        figures=figures if facts.accounts else None,
        accounts=tuple(_official(site, one) for one in facts.accounts),
    )


def _official(site: Site, facts: AccountFacts) -> OfficialAccount:
    account = facts.account
    return OfficialAccount(
        account=account,
        href=site.path(f"/accounts/{account.id}"),
        name=account.handle or plain_url(account.url) or str(account.id),
        verified=day_words(account.verified_at, site.language) if account.verified_at else None,
        newest=shown_time(facts.last_post_at, site.zone, site.language) if facts.last_post_at else None,
        delivering=facts.delivering,
    )
