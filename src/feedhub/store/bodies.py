"""Bodies and documents as the store holds them: zstd, which halves them for a few microseconds each."""

import threading

import zstandard

_LEVEL = -1


class _Squeezers(threading.local):
    """zstd's contexts are not thread-safe, and dear to make: each thread has its own."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_squeezers = _Squeezers()


def squeezed(body: bytes) -> bytes:
    """The body, squeezed.

    >>> expanded(squeezed(b"kabar " * 100)) == b"kabar " * 100
    True
    """
    return _squeezers.compressor.compress(body)


def expanded(body: bytes) -> bytes:
    """The body as it was."""
    return _squeezers.decompressor.decompress(body)
