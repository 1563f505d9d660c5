"""The feeds that the hub tells of: which one an address means, and what a reader gets there now."""

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from starlette.datastructures import QueryParams

from feedhub.accounts.account import Register
from feedhub.accounts.kinds import kind_named
from feedhub.errors import NotKnown, QuestionRefused, StoreBusy
from feedhub.posts.filters import Filters
from feedhub.views.formats import FORMATS
from feedhub.web.addresses import feed_address
from feedhub.web.asked import FILTERS, canonical_query
from feedhub.web.feeds import department_named
from feedhub.web.headers import STALE
from feedhub.web.inside import Answered, Asking
from feedhub.web.query import read_filters

_NO_FEED = "hub.topic must be the address of a feed of this site, as its rel=self link has it."
_MOVES = 3
_NONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY)  # a department or an account left


def topic_of(url: str, known: Register, *, public_url: str) -> tuple[str, Filters]:
    """The path and query of the one feed that `url` means, and its filters.

    Raises:
        QuestionRefused: it is no feed of ours, or a filter of it means nothing.
    """
    asked, ours = urlsplit(url), urlsplit(public_url)
    path = asked.path.removeprefix(ours.path) if asked.path.startswith(ours.path + "/") else ""
    if (asked.scheme.lower(), asked.netloc.lower()) != (ours.scheme.lower(), ours.netloc.lower()) or asked.fragment:
        raise QuestionRefused("hub.topic", _NO_FEED)
    place, _, name = unquote(path).rpartition("/feed.")
    if name not in FORMATS:
        raise QuestionRefused("hub.topic", _NO_FEED)
    filters = _filters(place, QueryParams(canonical_query(asked.query.encode("utf-8", "replace"))), known)
    return feed_address(filters, name), filters


async def topic_answer(ask: Asking, topic: str, *, change: int = 0) -> Answered | None:
    """What a reader of a feed gets once `change` is in it; None where there is no such feed. One that has moved is followed.

    Raises:
        StoreBusy: it can't be told just now.
    """
    for _ in range(_MOVES):
        answered = await ask(topic, change)
        if answered.status == HTTPStatus.OK and STALE not in answered.fields:
            return answered
        if answered.status in _NONE:
            return None
        if answered.status != HTTPStatus.PERMANENT_REDIRECT:
            raise StoreBusy(f"The feed {topic} can't be told just now.")
        moved = urlsplit(answered.fields["location"])
        topic = f"{moved.path}?{moved.query}" if moved.query else moved.path
    return None


def _filters(place: str, query: QueryParams, known: Register) -> Filters:
    match place.split("/"):
        case [""]:
            return read_filters(query, known, FILTERS)
        case ["", "departments", slug]:
            rest = read_filters(query, known, FILTERS - {"department"})
            try:
                return replace(rest, departments=(department_named(known, slug).slug,))
            except NotKnown as error:
                raise QuestionRefused("hub.topic", str(error)) from error
        case ["", "kinds", alias] if (kind := kind_named(alias)) is not None:
            return replace(read_filters(query, known, FILTERS - {"kind"}), kinds=(kind,))
    raise QuestionRefused("hub.topic", _NO_FEED)
