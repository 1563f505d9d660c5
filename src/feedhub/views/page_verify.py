"""The page that answers for an address: official, collected, and if not, why and what to do."""

from typing import NamedTuple

from feedhub.accounts.account import Department
from feedhub.accounts.look_alikes import shown_name
from feedhub.posts.post import PostStatus
from feedhub.posts.verdict import Problem, Verdict
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import day_words
from feedhub.views.verify import advice_in


class Sign(NamedTuple):
    """What is seen at once: an icon, a colour, a sentence."""

    icon: str
    shade: str
    words: str


_OFFICIAL = Sign("verified", "official", "verify_sign_official")
_UNKNOWN = Sign("no", "unknown", "verify_sign_unknown")
# A danger, or a post that does not count although its account is official.
_SIGNS = {
    Problem.LOOK_ALIKE: Sign("emergency", "danger", "verify_sign_alike"),
    Problem.STOPPED: Sign("emergency", "danger", "verify_sign_stopped"),
    Problem.WITHDRAWN: Sign("no", "unknown", "verify_sign_withdrawn"),
    Problem.GONE: Sign("no", "unknown", "verify_sign_gone"),
    Problem.HELD: Sign("no", "unknown", "verify_sign_held"),
}


def verify_page(site: Site, url: str, verdict: Verdict | None, departments: tuple[Department, ...]) -> str:
    """The form, and the answer for `url` where one was asked for."""
    found = verdict.found if verdict else None
    account = found.account if found else None
    owner = next((one for one in departments if account and one.slug == account.department), None)
    post = found.post if found else None
    return rendered(
        "verify.html",
        site,
        asked=url,
        verdict=verdict,
        sign=_sign(verdict) if verdict else None,
        answer=advice_in(verdict, site.language, owner) if verdict else None,
        account=account,
        account_name=(shown_name(account) or account.key) if account else "",
        owner=owner,
        verified=day_words(account.verified_at, site.language) if account and account.verified_at else None,
        post_id=post.id if post and post.was_public and post.status is not PostStatus.HELD else None,
        alike=found.alike if found else None,
    )


def _sign(verdict: Verdict) -> Sign:
    if verdict.problem is not None and verdict.problem in _SIGNS:
        return _SIGNS[verdict.problem]
    return _OFFICIAL if verdict.official else _UNKNOWN
