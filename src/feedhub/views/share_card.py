"""The picture beside a shared link where a post has none of its own: its title set in type."""

import re
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final
from unicodedata import category, normalize

from PIL import Image, ImageDraw, ImageFont

from feedhub.accounts.account import Department
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.posts.text import one_line, shortened
from feedhub.views.app_icons import paste_mark
from feedhub.views.messages import speaker
from feedhub.views.page_site import Site
from feedhub.views.page_times import day_words
from feedhub.views.tokens import color

SIZE: Final = (1200, 630)
LONGEST: Final = 180  # characters of a title
_SHORT = 90  # of a name
_EDGE = 72
_BAR = 20
_MOST_LINES = 4
_TITLE_SIZES = (76, 66, 58, 50, 44)
# What Pillow's own font has: ASCII and some punctuation. Other letters are set without their accents.
COVERED: Final = re.compile("[ -~©«°±´·»‘’“”…‹›™]")
_DASHES: Final = str.maketrans("–—−‐‑", "-----")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """What a card says. `kind` gives it its colour; None = the city's own."""

    title: str
    above: str
    below: str
    city: str
    kind: Kind | None = None


def words_of_post(site: Site, kept: KeptPost, post: Post) -> CardWords:
    """A live post's card; a title in a script that the font lacks leaves its place to the department's name."""
    department = drawable(kept.department.name) or drawable(site.publisher.name) or ""
    day = day_words(kept.published_at.astimezone(site.zone).date(), site.language)
    kind = post.kinds[0] if post.kinds else None
    title = drawable(post.title)
    return CardWords(
        title=shortened(title or department, LONGEST),
        above=speaker(site.language)(kind.value) if kind else "",
        below=f"{day} · {shortened(department, _SHORT)}" if title else day,
        city=_city(site),
        kind=kind,
    )


def words_of_department(site: Site, department: Department) -> CardWords:
    """The card of everything that a department says."""
    say = speaker(site.language)
    return CardWords(
        title=shortened(drawable(department.name) or "", LONGEST), above="", below=say("tagline"), city=_city(site)
    )


def words_of_city(site: Site) -> CardWords:
    """The card of the site itself."""
    say = speaker(site.language)
    return CardWords(title=_city(site), above="", below=say("tagline"), city=say("latest_title"))


def drawable(text: str) -> str | None:
    """`text` as the font can write it, without emoji and accents; None where letters are missing or nothing is left.

    >>> drawable("Imunisasi gratis – café 🎉"), drawable("صحة")
    ('Imunisasi gratis - cafe', None)
    """
    signs = [sign if COVERED.fullmatch(sign) else _bare(sign) for sign in one_line(text).translate(_DASHES)]
    missing = [sign for sign in "".join(signs) if not COVERED.fullmatch(sign)]
    if any(category(sign)[0] in "LN" for sign in missing):
        return None
    return " ".join("".join(sign if COVERED.fullmatch(sign) else " " for sign in signs).split()) or None


def _bare(sign: str) -> str:
    """A letter without its accents, and nothing for an accent that stands alone."""
    return "".join(part for part in normalize("NFKD", sign) if category(part)[0] != "M")


@lru_cache(maxsize=128)
def card_png(words: CardWords) -> bytes:
    """The card as PNG, 1200 × 630. It takes some 30 ms: not for the event loop."""
    image = Image.new("RGB", SIZE, color("surface"))
    draw = ImageDraw.Draw(image)
    ink = color(words.kind.value) if words.kind else color("accent")
    draw.rectangle((0, 0, _BAR, SIZE[1]), ink)
    paste_mark(image, (_EDGE, 56), 64)
    _line(draw, (_EDGE + 84, 88), _fitting(draw, words.city, 34, SIZE[0] - 2 * _EDGE - 84), 34, color("ink"))
    top = 168
    if words.above:
        _line(draw, (_EDGE, top + 20), words.above.upper(), 28, ink)
        top += 56
    _draw_title(draw, words.title, top, SIZE[1] - 120)
    draw.line((_EDGE, SIZE[1] - 108, SIZE[0] - _EDGE, SIZE[1] - 108), color("line"), 2)
    _line(draw, (_EDGE, SIZE[1] - 62), _fitting(draw, words.below, 30, SIZE[0] - 2 * _EDGE), 30, color("quiet"))
    kept = BytesIO()
    image.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _draw_title(draw: ImageDraw.ImageDraw, title: str, top: int, bottom: int) -> None:
    """The title as large as it fits between `top` and `bottom`."""
    for size in _TITLE_SIZES:
        lines = _wrapped(draw, title, size, SIZE[0] - 2 * _EDGE)
        step = round(size * 1.22)
        if len(lines) <= _MOST_LINES and len(lines) * step <= bottom - top:
            break
    lines = lines[:_MOST_LINES]
    for number, text in enumerate(lines):
        _line(draw, (_EDGE, top + step // 2 + number * step), text, size, color("ink"))


def _wrapped(draw: ImageDraw.ImageDraw, text: str, size: int, width: int) -> list[str]:
    """Lines of words; a word that is wider than a line is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, _font(size)) <= width:
            lines[-1] = longer
        else:
            lines.append(_fitting(draw, word, size, width))
    return [line for line in lines if line]


def _fitting(draw: ImageDraw.ImageDraw, text: str, size: int, width: int) -> str:
    """`text`, cut where it is wider than `width` pixels."""
    if draw.textlength(text, _font(size)) <= width:
        return text
    while text and draw.textlength(f"{text}…", _font(size)) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _line(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, ink: str) -> None:
    # The font comes in one weight; a stroke makes it as heavy as the pages' headings.
    draw.text(at, text, ink, _font(size), anchor="lm", stroke_width=size / 60, stroke_fill=ink)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, which draws its letters.")
    return font


def _city(site: Site) -> str:
    return shortened(drawable(site.publisher.name) or "", _SHORT)
