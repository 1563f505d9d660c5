"""The builder: from a webmaster's choices to what they paste into their site."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from feedhub.accounts.account import Department
from feedhub.accounts.kinds import Kind
from feedhub.views.messages import LANGUAGES, speaker
from feedhub.views.page_links import query
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered, static_version
from feedhub.views.widget_list import Layout, Theme
from feedhub.views.widget_look import ENOUGH_CONTRAST, contrast, rule
from feedhub.views.widget_versions import NEWEST, RELEASED

MOST = 50  # posts in an element
USUALLY = 5
# What the accent stands on where nobody chose a surface: the sheet's own.
_SURFACES = {Theme.DARK: "#1a222c"}
_WHITE = "#ffffff"
# rem that a row of posts takes at most, so that a host can keep room for it.
_ROOM = {Layout.LIST: 10.5, Layout.GRID: 8, Layout.HEADLINES: 5, Layout.AGENDA: 5.5, Layout.ALERT: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was chosen. `look` are custom properties; `language` None = that of the page around it."""

    departments: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    layout: Layout = Layout.LIST
    theme: Theme = Theme.NONE
    look: tuple[tuple[str, str], ...] = ()
    limit: int = USUALLY
    language: str | None = None
    all_path: str = "/"

    def filters(self) -> list[tuple[str, str]]:
        """The filters and the layout, as an address and as attributes say them."""
        said = [
            ("department", ",".join(self.departments)),
            ("kind", ",".join(self.kinds)),
            ("layout", "" if self.layout is Layout.LIST else self.layout.value),
            ("theme", self.theme.value),
        ]
        return [*((name, value) for name, value in said if value), ("limit", str(self.limit))]

    def address(self) -> str:
        """The query of the frame."""
        return query(
            [*self.filters(), *((name.removeprefix("--feedhub-"), value.strip("#px")) for name, value in self.look)]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Something to paste. `name` is its id and the end of its words' keys."""

    name: str
    code: str


def builder_page(site: Site, chosen: Choices, departments: tuple[Department, ...]) -> str:
    """`/widget`."""
    look = dict(chosen.look)
    accent = look.get("--feedhub-accent")
    ground = look.get("--feedhub-surface") or _SURFACES.get(chosen.theme, _WHITE)
    ratio = contrast(accent, ground) if accent else None
    return rendered(
        "widget.html",
        site,
        chosen=chosen,
        look={name.removeprefix("--feedhub-"): value for name, value in look.items()},
        departments=departments,
        layouts=tuple(Layout),
        themes=tuple(Theme),
        languages=LANGUAGES,
        snippets=snippets(site, chosen),
        statements=[(one, speaker(one)("widget_statement", publisher=site.publisher.name)) for one in LANGUAGES],
        preview=site.path("/widget/preview" + _preview_query(chosen)),
        frame=site.path("/embed" + chosen.address()),
        ratio=ratio,
        is_enough=ratio is None or ratio >= ENOUGH_CONTRAST,
        newest=NEWEST,
        script=site.path(f"/static/builder.js?v={static_version('builder.js')}"),
    )


def preview_page(site: Site, chosen: Choices) -> str:
    """`/widget/preview`: a page with nothing but the element, as a host would hold it."""
    return rendered(
        "widget_preview.html",
        site,
        attributes=_attributes(chosen),
        theme=chosen.theme,
        script=site.path(f"/widget/{NEWEST}/feedhub.js"),
        sheet=site.path("/widget/preview.css" + _preview_query(chosen)),
        all_url=site.url(chosen.all_path),
    )


def preview_sheet(look: dict[str, str]) -> str:
    """What stands around the element in its preview, and its colours."""
    return "html { font: 100%/1.5 system-ui, sans-serif; }\nbody { margin: 1rem; }\n" + rule(look, "feedhub-feed")


def snippets(site: Site, chosen: Choices) -> tuple[Snippet, ...]:
    """Everything that can be pasted, each for a kind of site."""
    moving = f'<script src="{site.url("/widget/v1/feedhub.js")}" async></script>'
    pinned = (
        f'<script src="{site.url(f"/widget/{NEWEST}/feedhub.js")}"\n'
        f'  integrity="{RELEASED[NEWEST]}" crossorigin="anonymous" async></script>'
    )
    own = '<script src="/js/feedhub.js" async></script>'
    element, frame = _element(site, chosen), site.url("/embed" + chosen.address())
    host = "{0.scheme}://{0.netloc}".format(urlsplit(site.public_url))
    return (
        Snippet(name="element", code=f"{moving}\n{element}"),
        Snippet(name="style", code=_style(chosen)),
        Snippet(name="pinned", code=f"{pinned}\n{element}"),
        Snippet(name="iframe", code=_iframe(site, frame)),
        Snippet(name="wordpress", code=frame),
        Snippet(name="joomla", code=f"{moving}\n{element}"),
        Snippet(name="include", code=_php(site.url("/fragment" + query(chosen.filters())))),
        Snippet(name="csp", code=f"script-src {host}; connect-src {host}; img-src {host}; frame-src {host}"),
        Snippet(name="own", code=f"{own}\n{_element(site, chosen, hub=site.public_url + '/')}"),
    )


def _attributes(chosen: Choices, *, hub: str = "") -> list[tuple[str, str]]:
    language = [("language", chosen.language)] if chosen.language else []
    return [*([("hub", hub)] if hub else []), *chosen.filters(), *language]


def _element(site: Site, chosen: Choices, *, hub: str = "") -> str:
    said = " ".join(f'{name}="{escape(value)}"' for name, value in _attributes(chosen, hub=hub))
    words = escape(speaker(site.language)("embed_all", publisher=site.publisher.name))
    link = f'  <a href="{escape(site.url(chosen.all_path))}">{words}</a>'
    return f"<feedhub-feed {said}>\n{link}\n</feedhub-feed>"


def _style(chosen: Choices) -> str:
    """The host's own style: room for the posts before they come, and the colours."""
    room = {"display": "block"}
    if rem := _ROOM[chosen.layout] * chosen.limit:
        room["min-block-size"] = f"{rem + 3.5:g}rem"
    return rule(room | dict(chosen.look), "feedhub-feed").rstrip()


def _iframe(site: Site, url: str) -> str:
    title = escape(speaker(site.language)("embed_all", publisher=site.publisher.name))
    return (
        f'<iframe src="{escape(url)}" title="{title}"\n  width="100%" height="600" loading="lazy" referrerpolicy="no-referrer"\n'
        '  sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


def _php(url: str) -> str:
    return (
        f"<?php echo @file_get_contents(\n  '{url}', false,\n  stream_context_create(['http' => ['timeout' => 3]])); ?>"
    )


def _preview_query(chosen: Choices) -> str:
    language = [("language", chosen.language)] if chosen.language else []
    pairs = [*chosen.filters(), *language]
    return query([*pairs, *((name.removeprefix("--feedhub-"), value.strip("#px")) for name, value in chosen.look)])
