"""Thumbnails of real pictures: upright, in every width, telling nothing but themselves."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, features

from feedhub.posts.picture_copies import Thumbnails, Unusable, widths_of
from feedhub.views.thumbnails import thumbnails

RED, BLUE = (200, 30, 30), (30, 30, 200)


def drawn(width=1600, height=900, mode="RGB"):
    """The upper half red, the lower half blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, height // 2, width, height))
    return image.convert(mode)


def written(image, format, **options):
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def opened(made, width, format):
    [content] = [one.content for one in made.renditions if (one.width, one.format) == (width, format)]
    return Image.open(BytesIO(content))


def is_like(pixel, color):
    return all(abs(one - other) < 40 for one, other in zip(pixel[:3], color, strict=True))


def exif(orientation, *, gps=False):
    said = Image.Exif()
    said[0x0112] = orientation
    said[0x010F] = "Kamera rahasia"
    if gps:
        said.get_ifd(0x8825)[1] = "S"
        said.get_ifd(0x8825)[2] = (7.0, 45.0, 12.0)
    return said


PICTURES = {
    "jpeg": lambda: written(drawn(), "JPEG"),
    "progressive jpeg": lambda: written(drawn(), "JPEG", progressive=True),
    "grey jpeg": lambda: written(drawn(mode="L"), "JPEG"),
    "cmyk jpeg": lambda: written(drawn(mode="CMYK"), "JPEG"),
    "png": lambda: written(drawn(), "PNG"),
    "palette png": lambda: written(drawn().quantize(16), "PNG"),
    "bilevel png": lambda: written(drawn(mode="1"), "PNG"),
    "png with alpha": lambda: written(drawn(mode="RGBA"), "PNG"),
    "grey png with alpha": lambda: written(drawn(mode="LA"), "PNG"),
    "16-bit png": lambda: written(Image.new("I;16", (1600, 900), 40_000), "PNG"),
    "gif": lambda: written(drawn(), "GIF"),
    "animated gif": lambda: written(drawn(), "GIF", save_all=True, append_images=[Image.new("RGB", (1600, 900))] * 3),
    "webp": lambda: written(drawn(), "WEBP"),
    "animated webp": lambda: written(drawn(), "WEBP", save_all=True, append_images=[Image.new("RGB", (1600, 900))] * 3),
    "avif": lambda: written(drawn(), "AVIF"),
    "jpeg with a broken profile": lambda: written(drawn(), "JPEG", icc_profile=b"no profile" * 30),
    "jpeg with broken exif": lambda: written(drawn(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_of_picture_comes_in_every_width_and_format(kind):
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    made = thumbnails(PICTURES[kind]())
    assert isinstance(made, Thumbnails), made
    assert (made.width, made.height) == (1600, 900)
    assert [(one.width, one.format) for one in made.renditions] == [
        (width, format) for width in (320, 640, 1280) for format in ("jpg", "webp")
    ]
    for one in made.renditions:
        image = opened(made, one.width, one.format)
        assert image.format == {"jpg": "JPEG", "webp": "WEBP"}[one.format]
        assert image.size == (one.width, one.width * 9 // 16)
        if "grey" not in kind and "bit" not in kind and "bilevel" not in kind:
            assert is_like(image.convert("RGB").getpixel((100, 10)), RED)
            assert is_like(image.convert("RGB").getpixel((100, image.height - 10)), BLUE)


@pytest.mark.parametrize(
    ("own", "widths"), [(4000, (320, 640, 1280)), (1080, (320, 640, 1080)), (320, (320,)), (50, (50,))]
)
def test_nothing_is_drawn_larger_than_it_is(own, widths):
    made = thumbnails(written(drawn(own, own), "JPEG"))
    assert tuple(dict.fromkeys(one.width for one in made.renditions)) == widths == widths_of(own)
    assert all(opened(made, width, "webp").size == (width, width) for width in widths)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_pictures_stand_upright_and_tell_nothing(orientation, format):
    turned = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # as a camera held that way writes it
    image = drawn(400, 250)
    if orientation in turned:
        image = image.transpose(turned[orientation])
    made = thumbnails(written(image, format, exif=exif(orientation, gps=True)))
    assert (made.width, made.height) == (400, 250)
    for one in made.renditions:
        shown = opened(made, one.width, one.format)
        assert is_like(shown.convert("RGB").getpixel((10, 10)), RED)
        assert is_like(shown.convert("RGB").getpixel((10, shown.height - 10)), BLUE)
        assert not shown.getexif()
        assert b"rahasia" not in one.content
        assert not {"exif", "icc_profile", "xmp", "comment"} & shown.info.keys()


def test_comments_and_profiles_stay_behind():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = thumbnails(written(drawn(), "JPEG", comment=b"dari rumah saya", icc_profile=profile))
    assert not [one for one in made.renditions if b"rumah" in one.content or b"sRGB" in one.content]


def test_grey_of_16_bits_keeps_its_lightness():
    made = thumbnails(PICTURES["16-bit png"]())
    assert is_like(opened(made, 320, "jpg").convert("RGB").getpixel((5, 5)), (155, 155, 155))
    assert made.color in {"#9b9b9b", "#9c9c9c"}


def test_what_can_be_seen_through_is_white_in_jpeg_and_stays_so_in_webp():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 400, 200))
    for content in (written(image, "PNG"), written(image.quantize(8), "PNG"), written(image, "GIF")):
        made = thumbnails(content)
        assert is_like(opened(made, 320, "jpg").getpixel((10, 300)), (255, 255, 255))
        assert opened(made, 320, "webp").convert("RGBA").getpixel((10, 300))[3] < 20
        assert is_like(opened(made, 320, "webp").convert("RGBA").getpixel((10, 10)), RED)


def test_color_is_the_mean():
    assert thumbnails(written(drawn(), "PNG")).color in {"#731e73", "#731e72", "#721e73"}


def _png(width, height):
    """A PNG that claims a size and is nearly empty."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


REFUSED = {
    "bomb": (lambda: _png(60_000, 60_000), "at most"),
    "a little too large": (lambda: _png(10_000, 5_001), "at most"),
    "truncated": (lambda: written(drawn(), "PNG")[:1000], "broken"),
    "truncated jpeg": (lambda: written(drawn(), "JPEG")[:5000], "broken"),
    "claims more than it has": (lambda: _png(1000, 1000), "broken"),
    "spacer": (lambda: written(drawn(7, 7), "PNG"), "too few"),
    "line": (lambda: written(drawn(1100, 100), "PNG"), "line"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "an SVG"),
    "svg after a declaration": (lambda: b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><SVG/>", "an SVG"),
    "page": (lambda: b"<!doctype html><title>404</title>", "a page of text"),
    "pdf": (lambda: b"%PDF-1.7 ...", "a PDF"),
    "eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript"),
    "tiff": (lambda: written(drawn(), "TIFF"), "a TIFF"),
    "ico": (lambda: written(drawn(64, 64), "ICO"), "an icon"),
    "bmp": (lambda: written(drawn(64, 64), "BMP"), "a BMP"),
    "ppm": (lambda: written(drawn(64, 64), "PPM"), "no picture of a kind"),
    "jpeg 2000": (lambda: b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\0" * 100, "no picture of a kind"),
    "nothing": (lambda: b"", "no picture of a kind"),
    "words": (lambda: b"Not found", "no picture of a kind"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_everything_else_is_refused_by_name(kind):
    made, said = REFUSED[kind]
    found = thumbnails(made())
    assert isinstance(found, Unusable), found
    assert said in found.reason
