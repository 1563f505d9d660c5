"""The public log as its page shows it, and the page by which somebody says that they read of an act."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from feedhub.posts.acts import ActKind, is_department
from feedhub.posts.chain import Entry, Head, LoggedAct
from feedhub.views.messages import speaker
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import ShownTime, shown_time

_SHORT = 12  # characters of a hash
_ON_ACCOUNTS = frozenset({ActKind.STOP, ActKind.LIFT})


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry. `href` leads to the post or the account, where either is public; `role` ends the key of its word."""

    number: int
    kind: str
    time: ShownTime
    reason: str
    role: str
    department: str
    department_href: str | None
    href: str | None
    told: int
    acknowledged: int
    hash: str
    short: str


def log_page(  # what the page shows
    site: Site,
    acts: Sequence[LoggedAct],
    *,
    head: Head,
    departments: Collection[str],
    older: int | None,
    is_newest: bool,
) -> str:
    """Acts of the desk, newest first. `departments` are the slugs that have a page; `older`: where the next page begins."""
    return rendered(
        "log.html",
        site,
        lines=tuple(_line(site, act, departments) for act in acts),
        head=head,
        older_href=site.path(f"/log?before={older}") if older is not None else None,
        newest_href=None if is_newest else site.path("/log"),
    )


def acknowledge_page(site: Site, act: LoggedAct) -> str:
    """Of which act it is, and one button."""
    say = speaker(site.language)
    words = {
        "title": say("acknowledge_title"),
        "lead": say("acknowledge_lead", act=_named(site, act), reason=act.entry.reason),
        "button": say("acknowledge_button"),
        "hint": say("acknowledge_hint"),
    }
    return rendered("stop.html", site, words=words)


def acknowledged_page(site: Site, act: LoggedAct) -> str:
    """It is noted."""
    say = speaker(site.language)
    return rendered(
        "connected.html",
        site,
        title=say("acknowledge_done"),
        text=say("acknowledge_done_text", act=_named(site, act)),
        detail=None,
    )


def subject_path(entry: Entry) -> str | None:
    """The path of the page of what an act is about; None where it was never public."""
    if entry.kind in _ON_ACCOUNTS:
        return f"/accounts/{entry.subject}"
    return None if entry.change is None else f"/posts/{entry.subject}"


def _named(site: Site, act: LoggedAct) -> str:
    """An act in words: what, of whom, when."""
    moment = shown_time(act.entry.at, site.zone, site.language).words
    return f"{speaker(site.language)('act_' + act.entry.kind)}, {act.department}, {moment}"


def _line(site: Site, act: LoggedAct, departments: Collection[str]) -> LogLine:
    entry, path = act.entry, subject_path(act.entry)
    return LogLine(
        number=entry.number,
        kind=entry.kind,
        time=shown_time(entry.at, site.zone, site.language),
        reason=entry.reason,
        role="department" if is_department(entry.actor) else entry.actor,
        department=act.department,
        department_href=site.path(f"/departments/{entry.department}") if entry.department in departments else None,
        href=site.path(path) if path else None,
        told=act.told,
        acknowledged=act.acknowledged,
        hash=act.hash,
        short=act.hash[:_SHORT],
    )
