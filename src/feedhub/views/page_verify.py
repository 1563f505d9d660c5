"""The page that answers for an address: official, collected, and if not, why and what to do."""

from feedhub.accounts.account import Department
from feedhub.accounts.look_alikes import shown_name
from feedhub.posts.post import PostStatus
from feedhub.posts.verdict import Problem, Verdict
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import day_words
from feedhub.views.verify import answer_in

# These are a danger, not a shortcoming.
_DANGERS = frozenset({Problem.LOOK_ALIKE, Problem.STOPPED})


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
        is_danger=verdict is not None and verdict.problem in _DANGERS,
        answer=answer_in(verdict, site.language, owner) if verdict else None,
        account=account,
        account_name=(shown_name(account) or account.key) if account else "",
        owner=owner,
        verified=day_words(account.verified_at, site.language) if account and account.verified_at else None,
        post_id=post.id if post and post.was_public and post.status is not PostStatus.HELD else None,
        alike=found.alike if found else None,
    )
