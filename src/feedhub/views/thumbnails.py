"""Thumbnails: whatever picture some bytes are becomes small upright JPEGs and WebPs that tell nothing else. Pure."""

from io import BytesIO
from warnings import catch_warnings

from PIL import Image, ImageCms, UnidentifiedImageError
from PIL.Image import Resampling, Transpose

from feedhub.posts.picture_copies import FORMATS, Rendition, Thumbnails, Unusable, widths_of

# What is decoded; told by the content alone, whatever a server or an ending says.
READ = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
MOST_PIXELS = 50_000_000
_TOO_MANY = f"It has more than the {MOST_PIXELS} pixels that FeedHub decodes at most."
# A picture thinner than this is a line; one smaller than that is a spacer.
_MOST_RATIO = 10
_LEAST_SIDE = 8  # pixels

_JPEG_QUALITY, _WEBP_QUALITY = 80, 75
# A reduced picture is first shrunk by whole numbers to this many times its size: fast, and nobody sees it.
_REDUCING_GAP = 3.0
_ORIENTATION = 0x0112  # the Exif tag
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_LYING = frozenset({5, 6, 7, 8})
# How what is refused begins, and what it is called. SVG is a program; the others are no pictures for a page.
_REFUSED = (
    (b"%PDF", "a PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"II*\x00", "a TIFF"),
    (b"MM\x00*", "a TIFF"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"BM", "a BMP"),
)
_LOOKED_AT = 4096  # bytes


def thumbnails(content: bytes) -> Thumbnails | Unusable:
    """The thumbnails of a picture. Decoding strangers' bytes: run it where it can be stopped."""
    if (called := _called(content)) is not None:
        return Unusable(reason=f"It is {called}, of which FeedHub makes no pictures.")
    try:
        # What a decoder warns of, we say ourselves or need not know.
        with catch_warnings(action="ignore"), Image.open(BytesIO(content), formats=READ) as image:
            return _fault(image) or _made(image)
    except Image.DecompressionBombError:
        return Unusable(reason=_TOO_MANY)
    except UnidentifiedImageError:
        return Unusable(reason=f"It is no picture of a kind that FeedHub reads ({', '.join(READ)}).")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a decoder may raise anything over a broken picture
        return Unusable(reason=f"The picture is broken ({type(error).__name__}: {error}).")


def _called(content: bytes) -> str | None:
    start = content[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    named = next((name for beginning, name in _REFUSED if start.startswith(beginning)), None)
    if named is not None or not start.startswith(b"<"):
        return named
    return "an SVG" if b"<svg" in start.lower() else "a page of text"


def _fault(image: Image.Image) -> Unusable | None:
    """Why a picture is not worth decoding, by what it says of itself."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        return Unusable(reason=_TOO_MANY)
    if min(width, height) < _LEAST_SIDE:
        return Unusable(reason=f"It has {width} x {height} pixels: too few to show anything.")
    if max(width, height) > _MOST_RATIO * min(width, height):
        return Unusable(reason=f"It has {width} x {height} pixels: a line rather than a picture.")
    return None


def _made(image: Image.Image) -> Thumbnails:
    orientation = _orientation(image)
    width, height = image.size[::-1] if orientation in _LYING else image.size
    widths = widths_of(width)
    largest = widths[-1], max(1, round(height * widths[-1] / width))
    shown = _upright(image, orientation, largest)
    renditions = [_rendition(shown, one, format) for one in widths for format in FORMATS]
    red, green, blue = _flat(shown).resize((1, 1), Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]  # three, as in RGB
    return Thumbnails(
        width=width, height=height, color=f"#{red:02x}{green:02x}{blue:02x}", renditions=tuple(renditions)
    )


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  # whatever is wrong with what a camera wrote, the picture can be shown
        return 1


def _upright(image: Image.Image, orientation: int, size: tuple[int, int]) -> Image.Image:
    """The picture in `size`, in the colours of sRGB, as RGB or RGBA, without anything that it says of itself."""
    lying = size[::-1] if orientation in _LYING else size
    image.draft(None, lying)  # a JPEG is decoded no larger than need be
    profile = image.info.get("icc_profile")
    shown = _resizable(image).resize(lying, Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)
    if orientation in _UPRIGHT:
        shown = shown.transpose(_UPRIGHT[orientation])
    shown = _in_srgb(shown, profile)
    shown.info.clear()
    return shown


def _resizable(image: Image.Image) -> Image.Image:
    """Pixels between which there are others: no palettes, no more than 8 bits a channel."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"RGB", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a profile for another kind of pixels, or none at all: shown as if it were not there
        if converted is not None:
            return converted
    return image.convert(mode)


def _rendition(shown: Image.Image, width: int, format: str) -> Rendition:
    size = width, max(1, round(shown.height * width / shown.width))
    sized = shown if size == shown.size else shown.resize(size, Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)
    written = BytesIO()
    if format == "webp":
        sized.save(written, "WEBP", quality=_WEBP_QUALITY, method=4)
    else:
        _flat(sized).save(written, "JPEG", quality=_JPEG_QUALITY, progressive=True, optimize=True)
    return Rendition(width=width, format=format, content=written.getvalue())


def _flat(image: Image.Image) -> Image.Image:
    """On white where one could see through it."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
