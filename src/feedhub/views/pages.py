"""The pages for people, as pure functions: what is shown goes in, HTML comes out."""

from datetime import datetime
from itertools import groupby

from feedhub.accounts.account import Account, AccountStatus, Department
from feedhub.posts.kept import KeptPost
from feedhub.views.channel import shown_content
from feedhub.views.page_choices import choices_of
from feedhub.views.page_head import post_card
from feedhub.views.page_lists import PostList, shown_list
from feedhub.views.page_posts import shown_post
from feedhub.views.page_search import filter_links, kept_parameters
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import day_words, shown_time
from feedhub.views.sharing import sharing

# The statuses that have words of their own; others borrow the nearest one's.
_ERRORS = (404, 410, 422, 429, 500, 503)
_OURS = 500  # and above: the fault is ours
_REFUSED = 422


def departments_page(site: Site, departments: tuple[Department, ...], accounts: tuple[Account, ...]) -> str:
    """Every department with its official accounts, by group where groups are registered."""
    by_group = sorted(departments, key=lambda one: (one.group is None, one.group or "", one.name))
    groups = [(group, tuple(members)) for group, members in groupby(by_group, key=lambda one: one.group)]
    spoken = {one.slug: _accounts_of(one, accounts) for one in departments}
    return rendered("departments.html", site, groups=groups, accounts=spoken)


def account_page(site: Site, account: Account, department: Department, given: PostList) -> str:
    """One account: whose it is, how we know, its posts."""
    verified = day_words(account.verified_at, site.language) if account.verified_at else None
    return rendered(
        "account.html",
        site,
        shown=shown_list(site, given),
        account=account,
        department=department,
        verified=verified,
        is_retired=account.status is AccountStatus.RETIRED,
    )


def post_page(site: Site, kept: KeptPost, versions: tuple[KeptPost, ...], thread: tuple[KeptPost, ...] = ()) -> str:
    """One live post, with the thread that it belongs to in order. A post without content has `gone_page` instead.

    Raises:
        ValueError: the post is not live.
    """
    post = shown_content(kept)
    if post is None:
        raise ValueError(f"The post {kept.id} has no content to show.")
    notice = shown_time(kept.notice.at, site.zone, site.language) if kept.notice else None
    shown = shown_post(site, kept, post, versions, thread)
    return rendered(
        "post.html",
        site,
        kept=kept,
        shown=shown,
        post=post,
        notice_time=notice,
        sharing=sharing(site, kept, post, shown),
        link_card=post_card(site, kept, post, shown),
    )


def gone_page(site: Site, kept: KeptPost) -> str:
    """What is said of a post that was public once: since when it is not, and why. Never its content."""
    at = kept.notice.at if kept.notice else kept.updated_at
    return rendered("gone.html", site, kept=kept, since=shown_time(at, site.zone, site.language))


def search_page(site: Site, given: PostList, departments: tuple[Department, ...]) -> str:
    """Searching: the form, the filters in use, what was found."""
    return rendered(
        "search.html",
        site,
        shown=shown_list(site, given),
        filters=given.filters,
        since=_form_date(site, given.filters.since),
        until=_form_date(site, given.filters.until),
        choices=choices_of(site, "/search", given.filters, departments),
        kept_parameters=kept_parameters(given.filters),
        filter_links=filter_links(site, given.filters, {one.slug: one.name for one in departments}),
    )


def error_page(site: Site, status: int, detail: str | None = None) -> str:
    """What went wrong, for people.

    `detail` is an English sentence that may be shown to anybody; it is shown where it helps
    to ask better.
    """
    known = status if status in _ERRORS else 500 if status >= _OURS else _REFUSED
    return rendered("error.html", site, status=status, known=known, detail=detail if known == _REFUSED else None)


def _accounts_of(department: Department, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
    return tuple(
        one for one in accounts if one.department == department.slug and one.status is not AccountStatus.RETIRED
    )


def _form_date(site: Site, moment: datetime | None) -> str:
    """What `<input type=date>` takes."""
    return moment.astimezone(site.zone).date().isoformat() if moment else ""
