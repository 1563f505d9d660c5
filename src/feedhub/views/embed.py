"""The posts as a small page for an `<iframe>` on somebody else's site, and as a fragment for pages made on servers."""

from typing import Final

from markupsafe import Markup

from feedhub.views.page_links import query
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered, static_version
from feedhub.views.widget_list import Theme, WidgetList

# The element draws the same.
_MARK: Final = Markup(
    '<svg viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="M8 1l1.9 1.4 2.3-.1.7 2.3 1.9 1.4-.8 2.2.8 2.2-1.9 1.4-.7 '
    "2.3-2.3-.1L8 15l-1.9-1.4-2.3.1-.7-2.3-1.9-1.4.8-2.2-.8-2.2 1.9-1.4.7-2.3 2.3.1zM4.9 8.3l2.1 2.1 4.2-4.3-1-1L7 "
    '8.3 5.9 7.2z"/></svg>'
)
_PLAY: Final = Markup(
    '<svg viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="M8 0a8 8 0 100 16A8 8 0 008 0zM6.3 4.6l5.4 3.4-5.4 '
    '3.4z"/></svg>'
)
_SCHEMES: Final = {Theme.NONE: "light", Theme.LIGHT: "light", Theme.DARK: "dark", Theme.AUTO: "light dark"}


def embed_page(site: Site, shown: WidgetList, *, look: list[tuple[str, str]], speaks: bool = False) -> str:
    """The list alone. Its links open a new window, since a frame is no place to read in.

    `speaks`: the page around it may be told how high it is (WordPress's embed protocol); it needs a script for that.
    """
    return rendered(
        "embed.html",
        site,
        shown=shown,
        sheet=site.path("/widget/frame.css" + query([*look, ("v", static_version("feedhub.js"))])),
        script=site.path(f"/static/embed.js?v={static_version('embed.js')}") if speaks else None,
        scheme=_SCHEMES[shown.wanted.theme],
        mark=_MARK,
        play=_PLAY,
    )


def fragment(site: Site, shown: WidgetList) -> str:
    """The list as HTML for another page: no ids, no style, class names of its own."""
    return rendered("fragment.html", site, shown=shown)
