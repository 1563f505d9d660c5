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
_SOUND = (18.6, 11.5, 27.6, 20.5)  # the circle of which a part is seen
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
    _draw_mark(draw, side * _FINE, _SAFE if is_whole else 1.0)
    kept = BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def paste_mark(image: Image.Image, at: tuple[int, int], side: int) -> None:
    """Lay the icon on `image`, its upper left corner `at`, `side` pixels wide."""
    icon = Image.open(BytesIO(icon_png("192.png"))).resize((side, side), Image.Resampling.LANCZOS)
    image.paste(icon, at, icon)


def _draw_mark(draw: ImageDraw.ImageDraw, side: int, share: float) -> None:
    """The megaphone, in the middle of a square of `side` pixels, on `share` of it."""
    unit = side / _GRID * share
    edge = side * (1 - share) / 2
    width = round(_STROKE * unit)
    points = [(edge + x * unit, edge + y * unit) for x, y in _HORN]
    draw.line(points, "white", width)
    for x, y in points:
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), "white")
    draw.arc([edge + one * unit for one in _SOUND], -50, 50, "white", width)
