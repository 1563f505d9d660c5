"""Small documents and sounds that some articles carry, made when they are asked for."""

import math
import struct
import wave
from functools import cache
from io import BytesIO

_RATE = 8000  # samples a second
_CHIME = (523.25, 659.25, 783.99, 659.25, 523.25)  # Hz, 0.3 s each
_FONTS = "/Font << /F1 5 0 R >>"


@cache
def attachment(name: str) -> tuple[bytes, str]:
    """The bytes and the media type of an attachment: a sound for `.wav`, a document for `.pdf`."""
    if name.endswith(".wav"):
        return _chime(), "audio/wav"
    return _one_page(name.removesuffix(".pdf").replace("-", " ").capitalize()), "application/pdf"


def _chime() -> bytes:
    length = int(_RATE * 0.3)
    samples = [
        int(9000 * math.exp(-3 * step / length) * math.sin(2 * math.pi * pitch * step / _RATE))
        for pitch in _CHIME
        for step in range(length)
    ]
    sound = BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(_RATE)
        writer.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return sound.getvalue()


def _one_page(title: str) -> bytes:
    """One A4 page that says its title (ISO 32000-1, 7.5: header, objects, cross-reference, trailer)."""
    drawing = f"BT /F1 22 Tf 72 760 Td ({title}) Tj 0 -36 Td /F1 12 Tf (Pemerintah Kota Tirtasari) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {_FONTS} >> >>",
        f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    page, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(page))
        page += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count, start = len(objects) + 1, len(page)
    page += f"xref\n0 {count}\n0000000000 65535 f \n{table}"
    page += f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return page.encode("ascii")
