"""The page of the monthly files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from feedhub.posts.months import month_name
from feedhub.views.messages import speaker
from feedhub.views.page_prose import Listed, prose, sections
from feedhub.views.page_site import Site, plain_url
from feedhub.views.page_template import rendered
from feedhub.views.page_times import month_words

_SECTIONS: Final[tuple[Listed, ...]] = (
    ("data_what", ("data_what_text", "data_what_gone"), ()),
    ("data_use", ("data_use_text", "data_use_more"), ()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """One file as it is listed."""

    words: str
    href: str
    name: str
    is_running: bool


def months_page(site: Site, months: Iterable[date], *, at: datetime) -> str:
    """Every month that has a file, newest first, and what is in one."""
    say, now = speaker(site.language), at.astimezone(site.zone).date().replace(day=1)
    license = site.publisher.license
    lines = tuple(
        MonthLine(
            words=month_words(month, site.language),
            href=site.path(f"/data/{month_name(month)}.ndjson.gz"),
            name=f"{month_name(month)}.ndjson.gz",
            is_running=month >= now,
        )
        for month in months
    )
    licensed = ("about_license_named" if license else "about_license_unnamed",)
    values = {"publisher": site.publisher.name, "license": plain_url(license), "license_href": license or ""}
    return rendered(
        "data.html",
        site,
        lead=prose(site, say("data_lead", **values)),
        months=lines,
        sections=sections(site, (*_SECTIONS, ("about_license", licensed, ())), values),
    )
