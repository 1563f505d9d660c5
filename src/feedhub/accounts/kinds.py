"""The closed list of kinds, and the register's rules that give posts theirs."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a citizen needs a post for. The order is the order in which pages list them."""

    EMERGENCY = "emergency"
    SERVICE = "service"
    ASSISTANCE = "assistance"
    EVENT = "event"
    ANNOUNCEMENT = "announcement"
    NEWS = "news"


ALIASES: dict[str, Kind] = {kind.value: kind for kind in Kind} | {
    "layanan": Kind.SERVICE,
    "bantuan": Kind.ASSISTANCE,
    "agenda": Kind.EVENT,
    "darurat": Kind.EMERGENCY,
    "pengumuman": Kind.ANNOUNCEMENT,
    "berita": Kind.NEWS,
}


def kind_named(name: str) -> Kind | None:
    """The kind that a URL or a file means by `name`, or None.

    >>> kind_named("Bantuan"), kind_named("news"), kind_named("gossip")
    (<Kind.ASSISTANCE: 'assistance'>, <Kind.NEWS: 'news'>, None)
    """
    return ALIASES.get(name.strip().lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """One row of the register's table: any of these words or tags gives a post this kind."""

    kind: Kind
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
