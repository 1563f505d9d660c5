"""Bodies are unpacked with a bound, in time and in memory."""

import gzip
import time
import tracemalloc
import zlib
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from feedhub import failures
from feedhub.connectors.decoding import coding_of, decoded, decoded_start

MEGABYTE = 1024 * 1024
CAP = 2 * MEGABYTE


def raw_deflate(body):
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def zstd_stream(body):
    """Without the frame's size in its head."""
    packer = zstandard.ZstdCompressor(level=3, write_content_size=False).compressobj()
    return packer.compress(body) + packer.flush()


PACKERS = {
    "gzip": ("gzip", gzip.compress),
    "two gzip members": ("gzip", lambda body: gzip.compress(body[:7]) + gzip.compress(body[7:])),
    "gzip and padding": ("gzip", lambda body: gzip.compress(body) + bytes(512)),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "zstd": ("zstd", zstandard.compress),
    "zstd stream": ("zstd", zstd_stream),
    "two zstd frames": ("zstd", lambda body: zstandard.compress(body[:7]) + zstandard.compress(body[7:])),
    "nothing": (None, bytes),
}


@pytest.mark.parametrize("packer", PACKERS)
@given(body=st.binary(max_size=3000))
def test_what_was_packed_is_unpacked(packer, body):
    coding, pack = PACKERS[packer]
    assert decoded(pack(body), coding, max_bytes=len(body)) == body


@pytest.mark.parametrize("packer", PACKERS)
def test_one_byte_too_many_is_too_large(packer):
    coding, pack = PACKERS[packer]
    body = bytes(range(256)) * 4000
    assert decoded(pack(body), coding, max_bytes=len(body)) == body
    with pytest.raises(failures.TooLarge):
        decoded(pack(body), coding, max_bytes=len(body) - 1)


@pytest.mark.parametrize("packer", [name for name, (coding, _) in PACKERS.items() if coding])
def test_a_body_cut_anywhere_is_broken_and_its_start_can_still_be_had(packer):
    coding, pack = PACKERS[packer]
    packed = pack(b"Dinas Kesehatan " * 40)
    # A cut between two parts, or within the sign that the next one begins, can't be told from an end.
    part = len(PACKERS[coding][1](b"Dinas K"))
    whole_parts = {part, part + 1} if packer.startswith("two") else set()
    for end in range(1, len(packed.rstrip(b"\0")) - 8):
        if end not in whole_parts:
            with pytest.raises(failures.BadAnswer):
                decoded(packed[:end], coding, max_bytes=CAP)
        assert b"Dinas Kesehatan ".startswith(decoded_start(packed[:end], coding, max_bytes=16))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
@given(body=st.binary(max_size=300))
def test_any_bytes_are_unpacked_or_broken(coding, body):
    with suppress(failures.BadAnswer, failures.TooLarge):
        decoded(body, coding, max_bytes=CAP)
    assert len(decoded_start(body, coding, max_bytes=10)) <= 10


def zstd_of_repeats(blocks):
    """A frame of RLE blocks: each 4 bytes make 128 KiB."""
    block = ((128 * 1024) << 3 | 1 << 1).to_bytes(3, "little") + b"a"
    head = zstandard.MAGIC_NUMBER.to_bytes(4, "little") + bytes([0, 0x50])  # no size, a window of 1 MiB
    return head + block * blocks


ZEROS = bytes(64 * MEGABYTE)
BOMBS = {
    "gzip": ("gzip", gzip.compress(ZEROS)),
    "gzip in gzip": ("gzip", gzip.compress(gzip.compress(ZEROS) * 4000)),
    "gzip members": ("gzip", gzip.compress(bytes(MEGABYTE)) * 500),
    "deflate": ("deflate", zlib.compress(ZEROS, 9)),
    "raw deflate": ("deflate", raw_deflate(ZEROS)),
    "zstd": ("zstd", zstandard.compress(ZEROS, 19)),
    "zstd repeats": ("zstd", zstd_of_repeats(2_000_000)),
    "zstd frames": ("zstd", zstandard.compress(bytes(MEGABYTE)) * 500),
    "plain": (None, ZEROS),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stays_small(name):
    coding, bomb = BOMBS[name]
    tracemalloc.start()
    try:
        with pytest.raises(failures.TooLarge):
            decoded(bomb, coding, max_bytes=CAP)
        assert len(decoded_start(bomb, coding, max_bytes=1000)) == 1000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(bomb) + 16 * MEGABYTE


DUST = {
    "empty gzip members": ("gzip", gzip.compress(b"") * 200_000),
    "empty zstd frames": ("zstd", zstandard.compress(b"") * 200_000),
    "empty deflate blocks": ("deflate", b"\x00\x00\x00\xff\xff" * 800_000),
}


@pytest.mark.parametrize("name", DUST)
def test_dust_takes_no_time(name):
    coding, dust = DUST[name]
    began = time.process_time()
    with pytest.raises(failures.BadAnswer):
        decoded(dust, coding, max_bytes=CAP)
    assert time.process_time() - began < 1


def zstd_with_window(log):
    parameters = zstandard.ZstdCompressionParameters(window_log=log, write_content_size=False)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packer.compress(b"Dinas Kesehatan") + packer.flush()


def test_a_zstd_window_beyond_eight_megabytes_is_refused():
    assert decoded(zstd_with_window(23), "zstd", max_bytes=CAP) == b"Dinas Kesehatan"
    with pytest.raises(failures.BadAnswer):
        decoded(zstd_with_window(24), "zstd", max_bytes=CAP)


@pytest.mark.parametrize("field", ["gzip, gzip", "gzip,deflate", "deflate, gzip", "zstd, x-gzip", "gzip, br", "br,br"])
def test_more_than_one_coding_is_refused_by_name(field):
    with pytest.raises(failures.BadAnswer, match="more than once"):
        coding_of(field)


@pytest.mark.parametrize("field", ["br", "compress", "exi", "gzip;q=1", "gz ip", "aws-chunked", "\xff"])
def test_a_coding_that_was_not_asked_for_is_refused_by_name(field):
    with pytest.raises(failures.BadAnswer, match="did not ask for"):
        coding_of(field)


@pytest.mark.parametrize("field", [None, "", " ", ",", "identity", "Identity, ,", "none", "UTF-8"])
def test_words_that_mean_nothing_are_no_coding(field):
    assert coding_of(field) is None
