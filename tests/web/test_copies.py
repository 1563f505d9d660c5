"""Kept answers stay within their bounds and lose nothing of what they say."""

import gzip

from feedhub.web.asked import Asked
from feedhub.web.copies import Copy, Made, Shelf, new_copy


def a_copy(path: str, body: bytes = b"x" * 1000, *, number: int = 1, before: Copy | None = None) -> Copy:
    made = Made(status=200, headers=[(b"content-type", b"text/plain")], body=body, route=path)
    return new_copy(Asked(path, ""), made, number=number, modified=None, before=before)


def test_the_longest_unused_copy_goes_first():
    shelf = Shelf(most_bytes=3 * (2 * 1000 + 4096))
    for path in ("/a", "/b", "/c"):
        shelf.keep(a_copy(path))
    assert shelf.get(Asked("/a", "")) is not None
    shelf.keep(a_copy("/d"))
    assert [shelf.get(Asked(path, "")) is not None for path in ("/a", "/b", "/c", "/d")] == [True, False, True, True]


def test_a_copy_in_place_of_another_takes_no_more_room():
    shelf = Shelf(most_bytes=2 * (2 * 1000 + 4096))
    for number in range(50):
        shelf.keep(a_copy("/a", number=number))
    shelf.keep(a_copy("/b"))
    assert len(shelf) == 2
    shelf.drop(Asked("/a", ""))
    shelf.drop(Asked("/a", ""))
    assert len(shelf) == 1


def test_a_giant_is_answered_but_not_kept():
    shelf = Shelf()
    shelf.keep(a_copy("/a", b"x" * (5 * 1024 * 1024)))
    assert len(shelf) == 0


async def test_the_same_bytes_are_compressed_once():
    first = a_copy("/a", b"kabar " * 50_000)
    ready = await first.ready_in("gzip")
    second = a_copy("/a", b"kabar " * 50_000, number=2, before=first)
    again = await second.ready_in("gzip")
    assert again.body["body"] is ready.body["body"]
    assert gzip.decompress(ready.body["body"]) == b"kabar " * 50_000
    assert a_copy("/a", b"other", before=first).bodies.keys() == {"identity"}
