"""The frame's style sheet: the element's own, read out of its script, with the colours that were asked for."""

import re
from collections.abc import Mapping
from typing import Final

from feedhub.views.page_template import static_file

# What an address may set, and the property of the element that it stands for.
COLOURS: Final = {
    name: f"--feedhub-{name}" for name in ("accent", "text", "surface", "background", "border", "emergency")
}
MOST_RADIUS: Final = 32  # pixels
# Below this, WCAG calls text hard to read.
ENOUGH_CONTRAST: Final = 4.5

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_SHEET = re.compile(r"const STYLE = `(.*?)`;", re.DOTALL)
_HOST = re.compile(r"^\s*:host.*\n", re.MULTILINE)
_AROUND = "html { font: 100%/1.5 system-ui, sans-serif; }\nbody { margin: 0; }\n.feed { padding: 2px; }\n"


def looks(query: Mapping[str, str]) -> dict[str, str]:
    """The custom properties that a query asks for; what is no colour is left out.

    >>> looks({"accent": "00529B", "text": "red", "radius": "8"})
    {'--feedhub-accent': '#00529b', '--feedhub-radius': '8px'}
    """
    asked = {
        property: f"#{found[1].lower()}"
        for name, property in COLOURS.items()
        if (found := _HEX.fullmatch(query.get(name, "").strip()))
    }
    radius = query.get("radius", "").strip()
    if radius.isascii() and radius.isdigit() and len(radius) < 3 and int(radius) <= MOST_RADIUS:  # noqa: PLR2004  # digits of the most
        asked["--feedhub-radius"] = f"{int(radius)}px"
    return asked


def rule(asked: Mapping[str, str], selector: str) -> str:
    """The properties as one rule of CSS, or nothing."""
    if not asked:
        return ""
    said = "".join(f"  {property}: {value};\n" for property, value in asked.items())
    return f"{selector} {{\n{said}}}\n"


def frame_sheet(asked: Mapping[str, str]) -> str:
    """`/widget/frame.css`."""
    found = _SHEET.search(static_file("feedhub.js").decode())
    own = _HOST.sub("", found[1]) if found else ""
    return _AROUND + own + rule(asked, ":root")


def contrast(one: str, other: str) -> float:
    """How far two colours (`#rrggbb`) are apart, from 1 to 21 (WCAG 2.2, contrast ratio).

    >>> round(contrast("#000000", "#ffffff"), 1), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]  # noqa: PLR2004  # sRGB's own figures
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
