"""Content codings undone with a bound: a bomb never grows beyond what we take."""

import zlib
from collections.abc import Callable, Generator, Iterator

import zstandard

from feedhub.failures import BadAnswer, TooLarge

ACCEPTED = "gzip, deflate, zstd"

_STEP = 256 * 1024  # bytes that one step may make
_MAX_PARTS = 1000  # gzip members or zstd frames in one body
_ZSTD_MAX_WINDOW = 8 * 1024 * 1024  # RFC 9659 section 3
# A zstd block of 4 bytes may make 128 KiB and its decoder takes no bound: one bite makes at most 8 MiB.
_ZSTD_BITE = 256
# Words that servers write although nothing was encoded.
_NOTHING = frozenset({"", "identity", "none", "utf-8", "utf8", "8bit", "binary"})
_GZIP_MAGIC = b"\x1f\x8b"


def coding_of(content_encoding: str | None) -> str | None:
    """The one content coding of a body, or None when there is none. Raises BadAnswer.

    >>> coding_of("x-GZip"), coding_of("identity"), coding_of(None)
    ('gzip', None, None)
    """
    words = [word.strip().lower().removeprefix("x-") for word in (content_encoding or "").split(",")]
    codings = [word for word in words if word not in _NOTHING]
    if len(codings) > 1:
        raise BadAnswer(f"The answer is encoded more than once ({', '.join(codings)[:80]}), which only a bomb needs.")
    if codings and codings[0] not in _CODINGS:
        raise BadAnswer(f"The answer is encoded as {codings[0][:40]!r}, which FeedHub did not ask for.")
    return codings[0] if codings else None


def decoded(body: bytes, coding: str | None, *, max_bytes: int) -> bytes:
    """The whole body without its coding. Raises TooLarge beyond `max_bytes` and BadAnswer if it is broken.

    >>> decoded(zlib.compress(b"feed"), "deflate", max_bytes=4)
    b'feed'
    """
    made = bytearray()
    for piece in _pieces(body, coding):
        made += piece
        if len(made) > max_bytes:
            raise TooLarge(f"The answer unpacks to more than {max_bytes} bytes.")
    return bytes(made)


def decoded_start(body: bytes, coding: str | None, *, max_bytes: int) -> bytes:
    """As much of a body's beginning as can be had; never raises for what the body holds."""
    made = bytearray()
    try:
        for piece in _pieces(body, coding):
            made += piece
            if len(made) >= max_bytes:
                break
    except BadAnswer:
        pass  # the rest is broken or did not come; what was read so far is what was asked for
    return bytes(made[:max_bytes])


def _pieces(body: bytes, coding: str | None) -> Iterator[bytes]:
    if coding is None or not body:
        yield body
        return
    try:
        yield from _CODINGS[coding](body)
    except (zlib.error, zstandard.ZstdError) as error:
        raise BadAnswer(f"The answer's {coding} encoding is broken.") from error


def _gzip_pieces(body: bytes) -> Iterator[bytes]:
    for _ in range(_MAX_PARTS):
        body = yield from _zlib_pieces(body, zlib.MAX_WBITS | 16)
        if not body.startswith(_GZIP_MAGIC):  # what follows the last member is padding
            return
    raise BadAnswer(f"The answer is cut into more than {_MAX_PARTS} gzip members.")


def _deflate_pieces(body: bytes) -> Iterator[bytes]:
    # RFC 9110 section 8.4.1.2 wants a zlib header; some servers send raw deflate all the same.
    has_header = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
    yield from _zlib_pieces(body, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _zlib_pieces(body: bytes, wbits: int) -> Generator[bytes, None, bytes]:
    """One zlib stream in steps; returns the bytes behind it."""
    stream = zlib.decompressobj(wbits)
    while not stream.eof:
        piece = stream.decompress(body, _STEP)
        if not piece and not stream.unconsumed_tail and not stream.eof:
            raise BadAnswer("The answer's compressed body stops in the middle.")
        yield piece
        body = stream.unconsumed_tail
    return stream.unused_data


def _zstd_pieces(body: bytes) -> Iterator[bytes]:
    for _ in range(_MAX_PARTS):
        body = yield from _zstd_frame(body)
        if not body:
            return
    raise BadAnswer(f"The answer is cut into more than {_MAX_PARTS} zstd frames.")


def _zstd_frame(body: bytes) -> Generator[bytes, None, bytes]:
    """One frame in bites; returns the bytes behind it."""
    frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW).decompressobj()
    for start in range(0, len(body), _ZSTD_BITE):
        yield frame.decompress(body[start : start + _ZSTD_BITE])
        if frame.eof:
            return frame.unused_data + body[start + _ZSTD_BITE :]
    raise BadAnswer("The answer's compressed body stops in the middle.")


_CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip_pieces,
    "deflate": _deflate_pieces,
    "zstd": _zstd_pieces,
}
