"""The templates, and the one way to fill them."""

from hashlib import sha256
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from feedhub.accounts.account import Department
from feedhub.accounts.kinds import Kind
from feedhub.views.messages import speaker
from feedhub.views.page_head import plain_card
from feedhub.views.page_site import Site, plain_url
from feedhub.views.tokens import theme_colors

STATIC: Final = {
    "feed.css": "text/css; charset=utf-8",
    "builder.js": "text/javascript; charset=utf-8",
    "embed.js": "text/javascript; charset=utf-8",
    "feedhub.css": "text/css; charset=utf-8",
    "feedhub.js": "text/javascript; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml",
}


def static_file(name: str) -> bytes:
    """What `/static/{name}` sends. Raises KeyError for a name that is not in STATIC."""
    return _FILES[name]


def static_version(name: str) -> str:
    """Eight hex digits of the file's content: the `v` by which it may be kept for ever."""
    return sha256(_FILES[name]).hexdigest()[:8]


def rendered(template: str, site: Site, **context: object) -> str:
    """The page as HTML. A name that the template needs and nobody gave is an error."""
    return _TEMPLATES.get_template(template).render(
        site=site,
        t=speaker(site.language),
        kinds=tuple(Kind),
        css=site.path(f"/static/feedhub.css?v={static_version('feedhub.css')}"),
        icon_href=site.path(f"/static/favicon.svg?v={static_version('favicon.svg')}"),
        static=lambda name: site.path(f"/static/{name}?v={static_version(name)}"),
        theme_colors=theme_colors(),
        **{"link_card": plain_card(site), **context},
    )


def monogram(department: Department) -> str:
    """Two or three letters that stand for a department.

    >>> monogram(Department(slug="dlh", name="Dinas Lingkungan Hidup")), monogram(Department(slug="x", name="Bagian Umum"))
    ('DLH', 'BU')
    """
    short = department.short_name or ""
    if short.isupper() and len(short) <= _MONOGRAM:
        return short
    words = [word for word in department.name.split() if word[0].isupper()] or [department.name]
    return "".join(word[0] for word in words).upper()[:_MONOGRAM]


_MONOGRAM: Final = 3
_FILES: Final = {name: (files("feedhub.views") / "static" / name).read_bytes() for name in STATIC}
_TEMPLATES: Final = Environment(
    loader=PackageLoader("feedhub.views"),
    # Letters as plain text are no HTML.
    autoescape=select_autoescape(disabled_extensions=("txt",), default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.filters["plain_url"] = plain_url
_TEMPLATES.filters["monogram"] = monogram
