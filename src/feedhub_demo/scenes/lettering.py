"""Words in pictures: the cards that departments publish, and the titles on films."""

from functools import cache

from PIL import Image, ImageDraw, ImageFont

from feedhub_demo.scenes.canvas import mixed

INKS = {
    "bpbd": "#b3431e",
    "damkar": "#a3262a",
    "dinkes": "#0b6a55",
    "rsud": "#0b6a55",
    "puskesmas-sendang-arum": "#0b6a55",
    "dinsos": "#6a3d7a",
    "disdik": "#9a5a16",
    "dlh": "#3f6b2f",
    "perpustakaan": "#6b432a",
}
_INK = "#1d4f73"  # everybody else's
_PAPER = "#f7f0e1"
_LINES = 5


def card(picture: Image.Image, title: str, speaker: str, *, department: str) -> Image.Image:
    """A card: the picture above, a sheet with the title below, the city's mark and name."""
    wide, high = picture.size
    ink, edge = INKS.get(department, _INK), round(min(wide, high) * 0.07)
    image = Image.new("RGB", picture.size, _PAPER)
    upper = round(high * (0.5 if high >= wide else 0.42))
    image.paste(picture.crop((0, high - upper - round(high * 0.04), wide, high - round(high * 0.04))), (0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, upper, wide, upper + round(high * 0.012)), fill=ink)
    draw.rectangle((0, high - round(high * 0.1), wide, high), fill=ink)
    crest(draw, edge + round(high * 0.03), high - round(high * 0.05), round(high * 0.034))
    draw.text(
        (edge + high * 0.085, high - high * 0.05), speaker.upper(), _PAPER, font(round(high * 0.028)), anchor="lm"
    )
    room = (wide - 2 * edge, round(high * 0.86) - upper - round(high * 0.08))
    lines, size = _set(title, *room)
    y = upper + round(high * 0.07)
    for line in lines:
        draw.text((edge, y), line, mixed(ink, "#101418", 0.6), font(size), stroke_width=max(1, size // 40))
        y += round(size * 1.22)
    return image


def poster(picture: Image.Image, title: str, speaker: str, *, department: str) -> Image.Image:
    """A film's still: the title in light letters on a darker foot."""
    wide, high = picture.size
    ink, edge, foot = INKS.get(department, _INK), round(wide * 0.05), round(high * 0.5)
    is_tall = high > wide  # what is shown stands low there, and the sky is free
    veil = Image.linear_gradient("L").resize((wide, foot)).point(lambda value: int(value * 0.86))
    veil = veil.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if is_tall else veil
    picture.paste(Image.new("RGB", (wide, foot), mixed(ink, "#0a1014", 0.75)), (0, 0 if is_tall else high - foot), veil)
    draw = ImageDraw.Draw(picture)
    lines, size = _set(title, wide - 2 * edge, round(high * 0.26), most=round(min(wide, high) * 0.1))
    y = round(high * 0.12) if is_tall else high - round(high * 0.06) - round(size * 1.2) * len(lines)
    draw.rectangle((edge, y - round(size * 0.55), edge + round(wide * 0.08), y - round(size * 0.4)), fill="#f2b544")
    for line in lines:
        draw.text((edge, y), line, "#fffaf0", font(size), stroke_width=max(1, size // 36))
        y += round(size * 1.2)
    draw.text((edge, high - round(high * 0.035)), speaker, "#f0dfc0", font(round(min(wide, high) * 0.03)), anchor="lm")
    return picture


def crest(draw: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    """The city's mark: a shield with a hill, water and a star."""
    shield = [(-0.8, -1), (0.8, -1), (0.8, 0.2), (0, 1.1), (-0.8, 0.2)]
    draw.polygon([(x + a * size, y + b * size) for a, b in shield], fill=_PAPER)
    draw.polygon([(x + a * size, y + b * size) for a, b in [(-0.6, 0.1), (-0.1, -0.6), (0.5, 0.1)]], fill="#3f7d5a")
    draw.polygon([(x + a * size, y + b * size) for a, b in [(-0.62, 0.14), (0.62, 0.14), (0, 0.8)]], fill="#2f7d9c")
    draw.ellipse((x + size * 0.2, y - size * 0.8, x + size * 0.5, y - size * 0.5), fill="#e9a93a")


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    loaded = ImageFont.load_default(size=size)
    if isinstance(loaded, ImageFont.FreeTypeFont):
        return loaded
    raise RuntimeError("Pillow was built without FreeType")


def _set(title: str, wide: float, high: float, *, most: float = 96) -> tuple[list[str], int]:
    """The title in lines that fit, as large as they can be."""
    for size in range(round(most), 18, -4):
        lines = _lines(title, font(size), wide)
        if (
            len(lines) <= _LINES
            and len(lines) * size * 1.22 <= high
            and font(size).getlength(max(lines, key=len)) <= wide
        ):
            return lines, size
    return _lines(title, font(20), wide)[:_LINES], 20


def _lines(title: str, letters: ImageFont.FreeTypeFont, wide: float) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        if lines and letters.getlength(f"{lines[-1]} {word}") <= wide:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
