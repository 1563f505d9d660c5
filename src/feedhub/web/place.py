"""Where a follower of the changes stands: after which number, which of them, how many at once."""

from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import QueryParams

from feedhub.accounts.account import Register
from feedhub.errors import QuestionRefused, TooFarAhead
from feedhub.posts.filters import Filters
from feedhub.store.changes import Changes
from feedhub.views.page_links import parameters, query
from feedhub.web.asked import DEFAULT_LIMIT
from feedhub.web.query import read_known_filters, refuse_unknown

MOST_CHANGES: Final = 1_000  # in one answer
LONGEST_WAIT: Final = 25  # seconds
# A process that read the clock a little earlier than another knows fewer numbers; this many more are no mistake.
MOST_AHEAD: Final = 1_000

OF_ACCOUNTS: Final = ("department", "account", "platform")
_LARGEST = 2**62
_DIGITS = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a follower asks for. `filters` narrow by departments, accounts and platforms only."""

    after: int = 0
    limit: int = DEFAULT_LIMIT
    wait: int = 0  # seconds
    filters: Filters = field(default_factory=Filters)
    as_ninjs: bool = False

    def query(self, after: int) -> str:
        """The query with which it goes on after that number, everything else the same."""
        pairs = [("after", str(after)), *parameters(self.filters)]
        more = (("limit", self.limit, DEFAULT_LIMIT), ("wait", self.wait, 0))
        pairs += [(name, str(value)) for name, value, usual in more if value != usual]
        return query([*pairs, *([("format", "ninjs")] if self.as_ninjs else [])])


def read_place(asked: QueryParams, register: Register) -> Place:
    """What the query of `/api/v1/changes` means. Raises QuestionRefused."""
    refuse_unknown(asked, (*OF_ACCOUNTS, "after", "limit", "wait", "format"))
    return Place(
        after=read_after(asked),
        limit=whole_number(asked, "limit", usual=DEFAULT_LIMIT, least=1, most=MOST_CHANGES),
        wait=whole_number(asked, "wait", usual=0, least=0, most=LONGEST_WAIT),
        filters=read_narrowing(asked, register),
        as_ninjs=is_ninjs(asked),
    )


def read_after(asked: QueryParams) -> int:
    """The number after which the changes are asked for; the first one where none is said."""
    return whole_number(asked, "after", usual=0, least=0, most=_LARGEST)


def read_narrowing(asked: QueryParams, register: Register) -> Filters:
    """The departments, accounts and platforms that are asked for."""
    pairs = [(name, value) for name, value in asked.multi_items() if name in OF_ACCOUNTS]
    return read_known_filters(QueryParams(pairs), register)


def is_ninjs(asked: QueryParams) -> bool:
    """Whether posts are to be written as ninjs."""
    said = set(asked.getlist("format"))
    if len(said) > 1 or not said <= {"json", "ninjs"}:
        raise QuestionRefused("format", f"format must be json or ninjs, not {', '.join(sorted(said))[:80]!r}.")
    return "ninjs" in said


def whole_number(asked: QueryParams, name: str, *, usual: int, least: int, most: int) -> int:
    """A parameter that is a whole number, said once at most.

    >>> whole_number(QueryParams("wait=20"), "wait", usual=0, least=0, most=25)
    20
    """
    values = list(dict.fromkeys(asked.getlist(name)))
    if not values:
        return usual
    text = values[0]
    is_number = len(values) == 1 and text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not is_number or not least <= int(text) <= most:
        bounds = f"from {least} to {most}" if most != _LARGEST else "of a change"
        raise QuestionRefused(name, f"{name} must be one whole number {bounds}, not {', '.join(values)[:80]!r}.")
    return int(text)


def refuse_far_ahead(after: int, found: Changes) -> None:
    """Tell whoever comes from another database, or from before an older one was restored, to start again."""
    if after > found.latest + MOST_AHEAD:
        raise TooFarAhead(after, latest=found.latest)
