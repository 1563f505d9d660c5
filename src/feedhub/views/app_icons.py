"""The site's icon as pixels, for phones that put it among their apps."""

from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from feedhub.views.tokens import color

# What `/icons/{name}` has: the side in pixels, and whether a phone may cut any shape out of it.
ICONS: Final = {"180.png": (180, True), "192.png": (192, False), "512.png": (512, False), "maskable.png": (512, True)}

_GRID = 32  # the favicon's own
_FINE = 4  # drawn so many times larger, then made smaller, for smooth edges
_HORN = [(7, 13.5), (7, 18.5), (11, 18.5), (21, 24), (21, 8), (11, 13.5), (7, 13.5)]
# A part of this circle, its stroke within it, and where the part ends.
_SOUND = (15.45, 10.3, 26.85, 21.7)
_SOUND_ENDS = [(24.5, 13), (24.5, 19)]
_ANGLE = 42  # degrees to each side
_STROKE = 2.4
_SAFE = 0.76  # of the side: what stays of an icon cut into a circle, with room around it


@cache
def icon_png(name: str) -> bytes:
    """One of ICONS as PNG. Raises KeyError for another name."""
    side, is_whole = ICONS[name]
    image = Image.new("RGBA", (side * _FINE, side * _FINE))
    draw = ImageDraw.Draw(image)
    radius = 0 if is_whole else side * _FINE * 7 // _GRID
    draw.rounded_rectangle((0, 0, *(length - 1 for length in image.size)), radius, fill=color("accent"))
    _draw_mark(draw, side * _FINE / _GRID)
    kept = BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def paste_mark(image: Image.Image, at: tuple[int, int], side: int) -> None:
    """Lay the icon on `image`, its upper left corner `at`, `side` pixels wide."""
    icon = Image.open(BytesIO(icon_png("192.png"))).resize((side, side), Image.Resampling.LANCZOS)
    image.paste(icon, at, icon)


def _draw_mark(draw: ImageDraw.ImageDraw, unit: float) -> None:
    """The megaphone, `unit` pixels to a step of the grid; even cut into a circle nothing of it is lost."""
    half = _STROKE * unit / 2
    draw.line([(x * unit, y * unit) for x, y in _HORN], "white", round(2 * half))
    draw.arc([one * unit for one in _SOUND], -_ANGLE, _ANGLE, "white", round(2 * half))
    for x, y in [*_HORN, *_SOUND_ENDS]:
        draw.ellipse((x * unit - half, y * unit - half, x * unit + half, y * unit + half), "white")
