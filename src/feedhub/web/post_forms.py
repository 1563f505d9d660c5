"""In which form posts are asked for: the ending of the path, `format` and `fields`."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from starlette.datastructures import QueryParams

from feedhub.errors import QuestionRefused
from feedhub.views.post_forms import FIELDS, FORMS, PostForm

IDENTITY = "id"  # always there, so that a post can be told from another
POSTS = "/api/v1/posts"


def form_parameters(path: str) -> frozenset[str]:
    """The parameters that say the form; a table has one only.

    >>> sorted(form_parameters("/api/v1/posts.csv"))
    ['fields']
    """
    return frozenset({"fields"} if _ending(path) == ".csv" else {"fields", "format"})


def read_form(path: str, asked: QueryParams) -> tuple[PostForm, tuple[str, ...]]:
    """How posts are to be written, and with which fields.

    Raises:
        QuestionRefused: a format or a field that nobody knows, or one that this form has no place for.
    """
    said = asked.get("format", "")
    form = FORMS.get((_ending(path), "" if said == "json" else said))
    if form is None:
        raise QuestionRefused("format", f"There is no format {said[:80]!r} here; there are json and ninjs.")
    fields = [name for value in asked.getlist("fields") for each in value.split(",") if (name := each.strip())]
    return form, _known(form, fields)


def form_pairs(asked: QueryParams) -> list[tuple[str, str]]:
    """The parameters that ask for the same form again, each once."""
    return [(name, ",".join(asked.getlist(name))) for name in ("fields", "format") if name in asked]


def _known(form: PostForm, fields: Iterable[str]) -> tuple[str, ...]:
    """The fields in the contract's order; every one where none is named."""
    wanted = {*fields}
    if wanted and not form.has_fields:
        raise QuestionRefused("fields", "ninjs has fields of its own; ask for fields or for format=ninjs.")
    for name in sorted(wanted):
        if name not in FIELDS:
            raise QuestionRefused("fields", f"A post has no field {name[:80]!r}.")
        if name in form.without:
            raise QuestionRefused("fields", f"There is no column for {name} in a table.")
    return tuple(name for name in FIELDS if name in wanted | {IDENTITY}) if wanted else FIELDS


def _ending(path: str) -> str:
    return PurePosixPath(path).suffix
