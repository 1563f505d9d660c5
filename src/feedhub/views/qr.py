"""QR codes of our own addresses, for phones that are held to a poster or a screen."""

import re
from dataclasses import dataclass
from io import BytesIO

import segno

# A quarter of it may be hidden by a scratch or a logo, and a phone still reads it.
_ERROR = "m"
# Modules of white around it, as ISO/IEC 18004 wants.
_QUIET = 4
_PNG_SCALE = 16
_PATH = re.compile(r'<svg viewBox="0 0 (\d+) \d+">.* d="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr:
    """A code as a page draws it: black lines of width 1 on a white square of `size`."""

    size: int
    lines: str


def qr_of(address: str) -> Qr:
    """The code of an address, with its quiet zone.

    >>> qr_of("https://kabar.example/").size
    33
    """
    drawn = _PATH.search(_made(address).svg_inline(border=_QUIET, omitsize=True, svgclass=None, lineclass=None))
    if drawn is None:
        raise AssertionError("segno draws one path in a square")
    return Qr(size=int(drawn[1]), lines=drawn[2])


def qr_svg(address: str) -> bytes:
    """The code as a file for whoever designs a poster."""
    drawn = BytesIO()
    _made(address).save(drawn, kind="svg", border=_QUIET, light="#fff", scale=_PNG_SCALE, title=address, nl=False)
    return drawn.getvalue()


def qr_png(address: str) -> bytes:
    """The same for programs that know no SVG."""
    drawn = BytesIO()
    _made(address).save(drawn, kind="png", border=_QUIET, scale=_PNG_SCALE)
    return drawn.getvalue()


def _made(address: str) -> segno.QRCode:
    return segno.make_qr(address, error=_ERROR)
