"""The filters that a search has in use, each with the way to take it off."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedhub.posts.filters import Filters
from feedhub.views.messages import speaker
from feedhub.views.page_links import parameters, query
from feedhub.views.page_site import Site

# The form has a field for each of these; the others travel with it unseen.
_FIELDS = frozenset({"q", "since", "until"})


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One filter in use: what it says, and the search without it."""

    name: str
    href: str


def kept_parameters(filters: Filters) -> list[tuple[str, str]]:
    """The parameters that the form must carry along so that searching again keeps them."""
    return [(name, value) for name, value in parameters(filters) if name not in _FIELDS]


def filter_links(site: Site, filters: Filters, names: Mapping[str, str]) -> tuple[FilterLink, ...]:
    """Every filter but the words themselves. `names` are the departments' by slug."""
    asked = [pair for pair in parameters(filters) if pair[0] != "limit"]
    return tuple(
        FilterLink(
            filter_words(site, name, value, names),
            site.path("/search" + query(pair for pair in asked if pair != (name, value))),
        )
        for name, value in asked
        if name != "q"
    )


def filter_words(site: Site, name: str, value: str, names: Mapping[str, str]) -> str:
    """A filter in use, as people say it."""
    say = speaker(site.language)
    match name:
        case "department":
            return ", ".join(names.get(slug, slug) for slug in value.split(","))
        case "kind":
            return ", ".join(say(kind) for kind in value.split(","))
        case "q":
            return f"“{value}”"
        case "since" | "until":
            return f"{say(f'search_{name}')} {value[:10]}"
        case "tag":
            return f"#{value}"
    return value
