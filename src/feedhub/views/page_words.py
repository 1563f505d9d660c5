"""The pages that explain: about, ethics, privacy, for newsrooms, for webmasters."""

from dataclasses import dataclass
from typing import Final

from feedhub.accounts.account import AccountStatus, Register
from feedhub.posts.acts import ActCounts
from feedhub.posts.facts import Described
from feedhub.posts.picture_copies import PictureMode
from feedhub.posts.verdict import is_official
from feedhub.views.messages import speaker
from feedhub.views.page_prose import Listed, prose, sections
from feedhub.views.page_site import Site, plain_url
from feedhub.views.page_template import rendered

_LICENSED: Final = {True: "about_license_named", False: "about_license_unnamed"}
_REACHABLE: Final = {True: "about_contact", False: "about_contact_departments"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the ethics page counts. `year` is that of `acts`; `silent` and `delivering` count accounts."""

    year: int
    acts: ActCounts
    described: Described
    delivering: int
    silent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What departments owe citizens, how that is enforced, and what is counted."""

    id: str
    heading: str
    duty: str
    enforced: str
    figure: str


_RULES: Final = (
    ("ethics_real", "ethics_real_duty", "ethics_real_enforced", ""),
    ("ethics_official", "ethics_official_duty", "ethics_official_enforced", "ethics_official_figure"),
    ("ethics_current", "ethics_current_duty", "ethics_current_enforced", "ethics_current_figure"),
    ("ethics_corrected", "ethics_corrected_duty", "ethics_corrected_enforced", "ethics_corrected_figure"),
    ("ethics_personal", "ethics_personal_duty", "ethics_personal_enforced", ""),
    ("ethics_described", "ethics_described_duty", "ethics_described_enforced", "ethics_described_figure"),
    ("ethics_respectful", "ethics_respectful_duty", "ethics_respectful_enforced", "ethics_respectful_figure"),
    ("ethics_sourced", "ethics_sourced_duty", "ethics_sourced_enforced", ""),
    ("ethics_kinds", "ethics_kinds_duty", "ethics_kinds_enforced", ""),
)
_KINDS: Final = (
    ("emergency", "ethics_kind_emergency"),
    ("service", "ethics_kind_service"),
    ("assistance", "ethics_kind_assistance"),
    ("event", "ethics_kind_event"),
    ("announcement", "ethics_kind_announcement"),
    ("news", "ethics_kind_news"),
)

# In short, and what becomes of pictures.
_PICTURES: Final = {
    PictureMode.COPIES: ("privacy_short_text", "privacy_here_pictures"),
    PictureMode.LINKS: ("privacy_short_linked", "privacy_here_pictures_linked"),
    PictureMode.NONE: ("privacy_short_text", "privacy_here_pictures_off"),
}
_PRIVACY: Final[tuple[Listed, ...]] = (
    ("privacy_logs", ("privacy_logs_ours", "privacy_logs_errors", "privacy_logs_front"), ()),
    ("privacy_verify", ("privacy_verify_text",), ()),
    ("privacy_posts", ("privacy_posts_source", "privacy_posts_law"), ()),
    ("privacy_rights", ("privacy_rights_text", "privacy_rights_gone"), ()),
    ("privacy_embedded", ("privacy_embedded_text",), ()),
)
_WEBMASTERS: Final[tuple[Listed, ...]] = (
    ("webmasters_widget", ("webmasters_widget_text", "webmasters_widget_frame", "webmasters_widget_safe"), ()),
    ("webmasters_fragment", ("webmasters_fragment_text",), ()),
    ("webmasters_badges", ("webmasters_badges_text",), ()),
    (
        "webmasters_connect",
        ("webmasters_connect_text",),
        ("webmasters_connect_site", "webmasters_connect_network", "webmasters_connect_inbox"),
    ),
    (
        "webmasters_verify",
        ("webmasters_verify_text",),
        ("webmasters_verify_link", "webmasters_verify_send", "webmasters_verify_date"),
    ),
    (
        "webmasters_silent",
        ("webmasters_silent_text",),
        ("webmasters_silent_status", "webmasters_silent_verify", "webmasters_silent_held", "webmasters_silent_old"),
    ),
)
_NEWSROOMS: Final[tuple[Listed, ...]] = (
    ("newsrooms_quote", ("newsrooms_quote_text", "newsrooms_quote_version"), ()),
    ("newsrooms_corrections", ("newsrooms_corrections_text",), ()),
    ("newsrooms_verify", ("newsrooms_verify_text",), ()),
    ("newsrooms_embargo", ("newsrooms_embargo_text",), ()),
    ("newsrooms_systems", ("newsrooms_systems_text",), ()),
    ("newsrooms_forms", ("newsrooms_forms_text",), ()),
    ("newsrooms_more", ("newsrooms_more_text", "newsrooms_developers"), ()),
)


def about_page(site: Site, known: Register, contact: str) -> str:
    """What this is, whose, how it works, who answers for it."""
    license = site.publisher.license
    reach = _REACHABLE[bool(_contact(site, contact))]
    listed: tuple[Listed, ...] = (
        ("about_what", ("about_what_text", "about_what_own"), ()),
        ("about_who", ("about_who_text",), ()),
        ("about_how", ("about_how_text", "about_how_often", "about_how_changed"), ()),
        ("about_run", ("about_run_text", reach), ()),
        ("about_security", ("about_security_text", reach), ()),
        ("about_license", (_LICENSED[license is not None],), ()),
        ("about_software", ("about_software_text", "about_software_more"), ()),
        ("about_access", ("about_access_text", "about_access_lacking", "about_access_tell", reach), ()),
    )
    return _explained(site, "/about", "about_title", "about_lead", listed, _values(site, known, contact))


def privacy_page(site: Site, known: Register, contact: str, pictures: PictureMode, *, mail: bool = False) -> str:
    """What is known about readers (nothing) and about those whom posts mention."""
    reach = _REACHABLE[bool(_contact(site, contact))]
    short, shown = _PICTURES[pictures]
    listed: tuple[Listed, ...] = (
        ("privacy_short", (short,), ()),
        (
            "privacy_here",
            (),
            ("privacy_here_cookies", "privacy_here_shell", shown, "privacy_here_films", "privacy_here_away"),
        ),
        *_PRIVACY,
        *((("privacy_mail", ("privacy_mail_text",), ()),) if mail else ()),
        *((("privacy_fediverse", ("privacy_fediverse_text",), ()),) if site.fediverse else ()),
        ("privacy_ask", (reach,), ()),
    )
    return _explained(site, "/privacy", "privacy_title", "privacy_lead", listed, _values(site, known, contact))


def webmasters_page(site: Site, known: Register, contact: str) -> str:
    """What a department's webmaster needs."""
    reach = _REACHABLE[bool(_contact(site, contact))]
    listed: tuple[Listed, ...] = (*_WEBMASTERS, ("webmasters_ask", (reach,), ()))
    return _explained(site, "/webmasters", "webmasters_title", "webmasters_lead", listed, _values(site, known, contact))


def newsrooms_page(site: Site, known: Register, contact: str) -> str:
    """How to miss, double and misquote nothing."""
    reach = _REACHABLE[bool(_contact(site, contact))]
    say, values = speaker(site.language), _values(site, known, contact)
    steps = ("newsrooms_step_begin", "newsrooms_step_keep", "newsrooms_step_apply", "newsrooms_step_wait")
    return rendered(
        "newsrooms.html",
        site,
        steps=tuple(prose(site, say(key, **values)) for key in steps),
        proof=prose(site, say("newsrooms_proof_text")),
        sections=sections(site, (*_NEWSROOMS, ("newsrooms_ask", (reach,), ())), values),
    )


def ethics_page(site: Site, known: Register, figures: Figures) -> str:
    """What the departments owe citizens, and how each rule is enforced."""
    say = speaker(site.language)
    values = _values(site, known, "") | {
        "year": figures.year,
        "corrections": figures.acts.corrections,
        "withdrawals": figures.acts.withdrawals,
        "held": figures.acts.held,
        "pictures": figures.described.pictures,
        "described": figures.described.described,
        "percent": round(100 * (figures.described.share or 0)),
        "delivering": figures.delivering,
        "silent": figures.silent,
    }
    rules = tuple(
        Rule(
            id=key.replace("_", "-"),
            heading=say(key),
            duty=prose(site, say(duty, **values)),
            enforced=prose(site, say(enforced, **values)),
            figure=prose(site, say(figure, **values)) if figure else "",
        )
        for key, duty, enforced, figure in _RULES
    )
    kinds = tuple((kind, prose(site, say(key))) for kind, key in _KINDS)
    return rendered("ethics.html", site, rules=rules, must=kinds)


def _explained(
    site: Site, path: str, title: str, lead: str, listed: tuple[Listed, ...], values: dict[str, object]
) -> str:
    say = speaker(site.language)
    return rendered(
        "words.html",
        site,
        path=path,
        title=say(title, **values),
        lead=prose(site, say(lead, **values)),
        sections=sections(site, listed, values),
    )


def _values(site: Site, known: Register, contact: str) -> dict[str, object]:
    """What the texts are filled with."""
    accounts = [one for one in known.accounts if one.status is not AccountStatus.RETIRED]
    reach = _contact(site, contact)
    return {
        "publisher": site.publisher.name,
        "departments": len(known.departments),
        "accounts": len(accounts),
        "verified": sum(is_official(one) for one in accounts),
        "license": plain_url(site.publisher.license),
        "license_href": site.publisher.license or "",
        "contact": plain_url(reach) or reach.removeprefix("mailto:"),
        "contact_href": reach,
        "here": site.url("/"),
    }


def _contact(site: Site, contact: str) -> str:
    """Where questions go: the operator's mail or page, else the publisher's own site; empty = nobody said."""
    if "@" in contact and "://" not in contact:
        return f"mailto:{contact.removeprefix('mailto:')}"
    return contact or site.publisher.url or ""
