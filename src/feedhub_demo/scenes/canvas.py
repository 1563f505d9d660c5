"""A sheet to draw a scene on: measures of its own, gradients, soft light, haze, grain."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw

Point = tuple[float, float]

_FINER = 1.5  # drawn so many times larger, then brought down: smooth edges
_WIDEST = 1.3  # units that every sheet shows from left to right, at least
_TALLEST = 0.6  # of the height; on a sheet that is taller, the sides are cut
_QUALITY = 84  # of the JPEG
_GRAIN = 128  # pixels, side of the tile
_SOFT = 128  # pixels, side of the soft spot


class Canvas:
    """Units: y goes up from the lower edge, x from the middle; 1 = the height, or less on a narrow sheet.

    What matters stands within x ±0.62 and y 0..0.9, so that one drawing suits every shape;
    `side` and `top` are where the sheet ends.
    """

    def __init__(self, width: int, height: int, *, chance: Random) -> None:
        self.chance = chance
        self._size = (width, height)
        self._wide, self._high = int(width * _FINER), int(height * _FINER)
        self._unit = min(self._high, max(self._wide / _WIDEST, self._high * _TALLEST))
        self.side, self.top = self._wide / self._unit / 2, self._high / self._unit
        self._image = Image.new("RGB", (self._wide, self._high))
        self._draw = ImageDraw.Draw(self._image)

    def shape(self, points: Sequence[Point], colour: str, to: str | None = None) -> None:
        """A filled outline; `to` is the colour at its foot."""
        placed = [self._at(point) for point in points]
        if to is None:
            self._draw.polygon(placed, fill=colour)
            return
        left, right = min(x for x, _ in placed), max(x for x, _ in placed)
        upper, lower = min(y for _, y in placed), max(y for _, y in placed)
        box = self._within(left, upper, right, lower)
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        ImageDraw.Draw(mask).polygon([(x - box[0], y - box[1]) for x, y in placed], fill=255)
        self._image.paste(_gradient(colour, to).resize(mask.size), box[:2], mask)

    def box(self, x: float, y: float, wide: float, high: float, colour: str, *, round: float = 0) -> None:
        """A box by its lower left corner."""
        (left, lower), (right, upper) = self._at((x, y)), self._at((x + wide, y + high))
        if right - left >= 1 and lower - upper >= 1:
            self._draw.rounded_rectangle((left, upper, right, lower), radius=round * self._unit, fill=colour)

    def wall(self, x: float, y: float, wide: float, high: float, colour: str, to: str) -> None:
        """A box whose colour changes towards its foot."""
        self.shape([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], colour, to)

    def oval(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        """An oval by its middle and its half axes."""
        (left, lower), (right, upper) = self._at((x - wide, y - high)), self._at((x + wide, y + high))
        self._draw.ellipse((left, upper, right, lower), fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        placed = [self._at(point) for point in points]
        self._draw.line(placed, fill=colour, width=max(1, round(width * self._unit)), joint="curve")

    def spot(self, x: float, y: float, wide: float, high: float, colour: str, strength: float) -> None:
        """A soft spot: light where `colour` is bright, shadow where it is dark. `strength` from 0 to 1."""
        (left, lower), (right, upper) = self._at((x - wide, y - high)), self._at((x + wide, y + high))
        size = (max(1, int(right - left)), max(1, int(lower - upper)))
        mask = _soft().resize(size).point(lambda value: int(value * strength))
        self._image.paste(Image.new("RGB", size, colour), (int(left), int(upper)), mask)

    def sky(self, colour: str, to: str, *, horizon: float = 0.3) -> None:
        """The whole sheet; the lower colour from the horizon down."""
        self.ground(horizon, to, to)
        self.shape(
            [(-self.side, horizon), (self.side, horizon), (self.side, self.top), (-self.side, self.top)], colour, to
        )

    def ground(self, y: float, colour: str, to: str) -> None:
        """From `y` down to the lower edge."""
        self.shape([(-self.side, 0), (self.side, 0), (self.side, y), (-self.side, y)], colour, to)

    def haze(self, y: float, high: float, colour: str, strength: float) -> None:
        """A veil that is thickest at `y` and gone `high` above it."""
        (_, lower), (_, upper) = self._at((0, y)), self._at((0, y + high))
        size = (self._wide, max(1, int(lower - upper)))
        mask = Image.linear_gradient("L").resize(size).point(lambda value: int(value * strength))
        self._image.paste(Image.new("RGB", size, colour), (0, int(upper)), mask)

    def ridge(self, y: float, high: float, colour: str, to: str, *, rough: float = 0.5, down: float = 0) -> None:
        """A line of hills from edge to edge."""
        heights = _broken(self.chance, rough)
        step = 2 * self.side / (len(heights) - 1)
        line = [(-self.side + place * step, y + high * one) for place, one in enumerate(heights)]
        self.shape([(-self.side, down), *line, (self.side, down)], colour, to)

    def finished(self, tint: str, *, grain: float = 0.1) -> Image.Image:
        """The sheet in its size, in the light of `tint` (white changes nothing), with grain and darker corners."""
        image = self._image.resize(self._size, Image.Resampling.BICUBIC)
        if ImageColor.getrgb(tint) != (255, 255, 255):
            image = ImageChops.multiply(image, Image.new("RGB", self._size, tint))
        return Image.blend(image, ImageChops.overlay(image, _paper(self._size)), grain * 5)

    def _at(self, point: Point) -> Point:
        return self._wide / 2 + point[0] * self._unit, self._high - point[1] * self._unit

    def _within(self, left: float, upper: float, right: float, lower: float) -> tuple[int, int, int, int]:
        """The part that lies on the sheet, at least a pixel."""
        near_x, near_y = min(max(int(left), 0), self._wide - 1), min(max(int(upper), 0), self._high - 1)
        return (
            near_x,
            near_y,
            max(min(int(right) + 1, self._wide), near_x + 1),
            max(min(int(lower) + 1, self._high), near_y + 1),
        )


def as_jpeg(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#7f7f7f'
    """
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{int(a + (b - a) * share):02x}" for a, b in pairs)


def _gradient(colour: str, to: str) -> Image.Image:
    strip = Image.new("RGB", (2, 32))
    strip.putdata([ImageColor.getrgb(mixed(colour, to, place // 2 / 31)) for place in range(64)])
    return strip


def _broken(chance: Random, rough: float) -> list[float]:
    """Heights from 0 to 1, by halving steps again and again."""
    heights = [chance.random() * 0.6 for _ in range(5)]
    spread = rough * 0.5
    for _ in range(5):
        middles = [(a + b) / 2 + chance.uniform(-spread, spread) for a, b in pairwise(heights)]
        heights = [one for pair in zip(heights, middles, strict=False) for one in pair] + heights[-1:]
        spread *= 0.5
    least, most = min(heights), max(heights)
    return [(one - least) / (most - least or 1) for one in heights]


@cache
def _soft() -> Image.Image:
    return Image.radial_gradient("L").resize((_SOFT, _SOFT)).point(lambda value: max(0, 255 - int(value * 1.42)))


@cache
def _paper(size: tuple[int, int]) -> Image.Image:
    """Grain, and corners that are a little darker, around middle grey."""
    chance = Random(1)
    tile = Image.frombytes("L", (_GRAIN, _GRAIN), bytes(chance.randrange(96, 160) for _ in range(_GRAIN * _GRAIN)))
    paper = Image.new("L", size)
    for x in range(0, size[0], _GRAIN):
        for y in range(0, size[1], _GRAIN):
            paper.paste(tile, (x, y))
    corners = Image.radial_gradient("L").resize(size).point(lambda value: 152 - value // 5)
    return Image.blend(paper, corners, 0.6).convert("RGB")
