"""The colours of the style sheet, for what can't read it: icons, cards, the browser's own bar."""

import re
from importlib.resources import files
from typing import Final

_SHEET: Final = (files("feedhub.views") / "static" / "feedhub.css").read_text("utf-8")
_SCHEMES: Final[list[dict[str, str]]] = [
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\n\s*\}", _SHEET, re.DOTALL)
]


def color(token: str) -> str:
    """A token of the light scheme, `#rrggbb`. Raises KeyError: there is no such token."""
    return _SCHEMES[0][token]


def theme_colors() -> tuple[tuple[str, str], ...]:
    """The ground of the site's header in each scheme, for the bar above it."""
    return ("light", _SCHEMES[0]["surface"]), ("dark", _SCHEMES[1]["surface"])
