"""Posts as a table for spreadsheets and programs: the API's fields, each member of a nested one in its own column."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args, get_type_hints

from typing_extensions import is_typeddict  # as in api_shapes

from feedhub.views.api_shapes import PostJson
from feedhub.views.status_csv import guarded

MEDIA_TYPE: Final = "text/csv; charset=utf-8; header=present"
# Markup is no use in a cell, and the text is there.
WITHOUT: Final = frozenset({"content_html"})
_BETWEEN: Final = " | "  # the values of one cell


def posts_csv(posts: Iterable[Mapping[str, object]], fields: Iterable[str]) -> bytes:
    """RFC 4180 in UTF-8, with a header; what a spreadsheet would run as a formula is made text."""
    columns = {name: _MEMBERS[name] for name in fields if name not in WITHOUT}
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(
        [f"{name}_{member}" if member else name for name, members in columns.items() for member in members or ("",)]
    )
    for post in posts:
        table.writerow([cell for name, members in columns.items() for cell in _cells(post[name], members)])
    return text.getvalue().encode()


def _members(hint: object) -> tuple[str, ...]:
    """The members of a nested field; none of a plain one."""
    shapes = [part for part in (hint, *get_args(hint)) if is_typeddict(part)]
    return tuple(get_type_hints(shapes[0])) if shapes else ()


_MEMBERS: Final = {name: _members(hint) for name, hint in get_type_hints(PostJson).items()}


def _cells(value: Any, members: tuple[str, ...]) -> list[str]:  # noqa: ANN401  # any field of a post
    if not members:
        return [_cell(value)]
    if isinstance(value, list):
        return [_cell([one[member] for one in value]) for member in members]
    return [_cell(value[member] if value else None) for member in members]


def _cell(value: object) -> str:
    """One value; several are joined, so that the first of `media_url` and of `media_alt` belong together.

    >>> _cell("=1+1"), _cell(-7.5), _cell(None), _cell(True), _cell(["a", None, "c"]), _cell({"likes": 3})
    ("'=1+1", '-7.5', '', 'true', 'a |  | c', 'likes=3')
    """
    match value:
        case str():
            return guarded(value)
        case bool() | None:
            return {True: "true", False: "false", None: ""}[value]
        case list():
            return guarded(_BETWEEN.join("" if one is None else str(one) for one in value))
        case dict():
            return guarded(_BETWEEN.join(f"{name}={count}" for name, count in value.items()))
        case _:
            return str(value)
