"""The city's corrections and withdrawals as the page of them shows them."""

from dataclasses import dataclass

from feedhub.posts.acts import Act, ActKind
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import ShownTime, shown_time


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """One act. `href` leads to the post; a withdrawn post's page holds its notice alone."""

    kind: ActKind
    time: ShownTime
    reason: str
    department: str
    department_href: str
    href: str


def corrections_page(site: Site, acts: tuple[Act, ...], *, older: int | None, is_newest: bool) -> str:
    """Corrections and withdrawals; `older` is the change number before which the next page begins."""
    return rendered(
        "corrections.html",
        site,
        lines=_lines(site, acts),
        older_href=site.path(f"/corrections?before={older}") if older is not None else None,
        newest_href=None if is_newest else site.path("/corrections"),
    )


def _lines(site: Site, acts: tuple[Act, ...]) -> tuple[ActLine, ...]:
    return tuple(
        ActLine(
            kind=act.kind,
            time=shown_time(act.at, site.zone, site.language),
            reason=act.reason,
            department=act.department.name,
            department_href=site.path(f"/departments/{act.department.slug}"),
            href=site.path(f"/posts/{act.post}"),
        )
        for act in acts
    )
