"""Choosing departments, kinds and areas by plain links."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from feedhub.accounts.account import Department
from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.views.messages import speaker
from feedhub.views.page_links import page_path, parameters
from feedhub.views.page_search import filter_words
from feedhub.views.page_site import Site

T = TypeVar("T")

# "All of them" and one more: nothing to choose from.
_NO_CHOICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One link that adds a value to the choice, or takes it off where it `is_chosen`."""

    name: str
    href: str
    is_chosen: bool
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What can be chosen of one sort, "all of them" first. `key` names the words above it."""

    key: str
    chips: tuple[Chip, ...]
    chosen: int


def choices_of(
    site: Site, path: str, filters: Filters, departments: Sequence[Department], *more: tuple[str, str]
) -> tuple[Choice, ...]:
    """The choices of the page at `path`, kinds first; `more` are parameters that stay as they are.

    A sort of which there is at most one is no choice.
    """
    say = speaker(site.language)

    def at(chosen: Filters) -> str:
        return site.path(page_path(path, chosen, *more))

    def choice(
        key: str, taken: tuple[T, ...], named: dict[T, str], chosen: Callable[[tuple[T, ...]], Filters]
    ) -> Choice:
        every = Chip(name=say("choice_every"), href=at(chosen(())), is_chosen=not taken)
        chips = [
            Chip(
                name=name,
                href=at(chosen(_toggled(taken, one, named))),
                is_chosen=one in taken,
                kind=one if isinstance(one, Kind) else None,
            )
            for one, name in named.items()
        ]
        return Choice(key=key, chips=(every, *chips), chosen=len(taken))

    names, kinds = {one.slug: one.name for one in departments}, {kind: say(kind.value) for kind in Kind}
    groups, areas = _same(one.group for one in departments), _same(one.area for one in departments)
    found = (
        choice("kinds", filters.kinds, kinds, lambda some: replace(filters, kinds=some)),
        choice("departments", filters.departments, names, lambda some: replace(filters, departments=some)),
        choice("choice_groups", filters.groups, groups, lambda some: replace(filters, groups=some)),
        choice("choice_areas", filters.areas, areas, lambda some: replace(filters, areas=some)),
    )
    return tuple(one for one in found if len(one.chips) > _NO_CHOICE or one.chosen)


def chosen_words(site: Site, filters: Filters, departments: Sequence[Department]) -> str:
    """What is chosen, in words; nothing where it is everything."""
    names = {one.slug: one.name for one in departments}
    asked = [(name, value) for name, value in parameters(filters) if name != "limit"]
    return " · ".join(filter_words(site, name, value, names) for name, value in asked)


def _toggled(taken: tuple[T, ...], one: T, order: Iterable[T]) -> tuple[T, ...]:
    """The values with `one` added or taken off, in the order of the list, so that one choice has one address."""
    wanted = {*taken, one} if one not in taken else {*taken} - {one}
    return tuple(each for each in order if each in wanted)


def _same(names: Iterable[str | None]) -> dict[str, str]:
    return {name: name for name in sorted({name for name in names if name})}
