"""What an outbox tells of its actor: posts, boosts, deletions; and whom to believe.

An outbox speaks for its own actor alone. An object is taken from it only where its id has the
actor's origin and it names nobody else as its author; what lives elsewhere must be asked for
at its own origin.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from feedhub.connectors.activity_object import READ
from feedhub.connectors.activity_values import id_of, ids_of, is_public, is_web, kinds, listed, page_of

_MADE = frozenset({"Create", "Update", "Add"})
_COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})
# Lists of what others did: their sizes are counted, their names are none of our business.
_OTHERS = ("replies", "likes", "shares")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one entry of an outbox comes to.

    `post` is an object or an Announce to be read, `gone` the id of what is no more, `elsewhere`
    an address where more must be asked, `refused` why it was left out.
    """

    post: dict[str, Any] | None = None
    gone: str = ""
    elsewhere: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """For whom a document speaks: `actor`, with what lives at the origin of `home`."""

    actor: str
    home: str

    def is_here(self, id: str) -> bool:
        return is_same_origin(id, self.home)

    def is_author(self, said: Mapping[str, Any]) -> bool:
        """Whether an object names the actor as its author; at the actor's own origin it need not."""
        authors = ids_of(said.get("attributedTo"))
        return self.actor in authors if authors else self.is_here(self.actor)


NOTHING = Told()
_PRIVATE = Told(refused="not addressed to everybody")
_STRANGE = Told(refused="not this actor's")


def told(entry: object, voice: Voice) -> Told:
    """What an entry of an outbox comes to."""
    if isinstance(entry, str):
        return Told(elsewhere=entry) if is_web(entry) else NOTHING
    if not isinstance(entry, dict):
        return NOTHING
    meant = {*kinds(entry)}
    if meant & READ:
        return _object(entry, entry, voice)
    return _gone(id_of(entry), voice) if "Tombstone" in meant else _act(entry, voice)


def entries_in(collection: object) -> list[Any]:
    """The entries of a collection or one of its pages, newest first; those of a first page within it, too."""
    if not isinstance(collection, dict) or not _COLLECTIONS & {*kinds(collection)}:
        return []
    found = listed(collection.get("orderedItems")) or listed(collection.get("items"))
    first = collection.get("first")
    return found or (entries_in(first) if isinstance(first, dict) else [])


def is_collection(value: object) -> bool:
    return bool(_COLLECTIONS & {*kinds(value)})


def gone_in(entries: Iterable[object], voice: Voice) -> tuple[str, ...]:
    """What was deleted and is not there again; the newest entry has the last word."""
    words: dict[str, bool] = {}
    for entry in entries:
        said = told(entry, voice)
        if said.gone:
            words.setdefault(said.gone, True)
        elif said.post is not None:
            words.setdefault(id_of(said.post), False)
    return tuple(id for id, is_gone in words.items() if is_gone)


def is_same_origin(address: str, other: str) -> bool:
    """Whether two addresses have scheme, host and port in common.

    >>> is_same_origin("https://a.example/1", "https://A.example:443/2"), is_same_origin("https://a.example", "tag:a")
    (True, False)
    """
    return is_web(address) and _origin(address) == _origin(other)


def slim(said: Mapping[str, Any]) -> dict[str, Any]:
    """An object as its post needs it: the same however it came, without the names of those who answered."""
    counted = {
        name: {"totalItems": said[name].get("totalItems")} for name in _OTHERS if isinstance(said.get(name), dict)
    }
    return {name: value for name, value in said.items() if name not in {"@context", *_OTHERS}} | counted


def _act(activity: dict[str, Any], voice: Voice) -> Told:
    meant, acting = {*kinds(activity)}, ids_of(activity.get("actor"))
    if acting and voice.actor not in acting:
        return _STRANGE
    if meant & _MADE:
        return _made(activity, voice)
    if "Announce" in meant:
        return _boost(activity, voice)
    return _undone(activity, voice) if meant & {"Delete", "Undo"} else NOTHING


def _made(activity: dict[str, Any], voice: Voice) -> Told:
    made = next(iter(listed(activity.get("object"))), None)
    if isinstance(made, str):
        return Told(elsewhere=made) if is_web(made) else NOTHING
    if not isinstance(made, dict) or not READ & {*kinds(made)}:
        return NOTHING
    return _object(made, activity, voice)


def _object(said: dict[str, Any], activity: dict[str, Any], voice: Voice) -> Told:
    id = id_of(said) or page_of(said)
    addressed = said if "to" in said or "cc" in said else activity
    if not is_public(addressed):
        return _PRIVATE
    if not voice.is_here(id):
        return Told(elsewhere=id) if is_web(id) and voice.actor in ids_of(said.get("attributedTo")) else _STRANGE
    if not voice.is_author(said):
        return _STRANGE
    inherited = {name: addressed[name] for name in ("to", "cc") if name in addressed}
    dated = {"published": activity["published"]} if "published" in activity else {}
    return Told(post=slim(dated | said | inherited))


def _boost(activity: dict[str, Any], voice: Voice) -> Told:
    """Of what is repeated only the address is kept; Lemmy wraps it into the activity that made it."""
    repeated = next(iter(listed(activity.get("object"))), None)
    if isinstance(repeated, dict) and {*kinds(repeated)} & _MADE:
        repeated = next(iter(listed(repeated.get("object"))), None)
    if not is_public(activity):
        return _PRIVATE
    shown = {name: repeated[name] for name in ("id", "url") if name in repeated} if isinstance(repeated, dict) else {}
    named = shown or id_of(repeated)
    if not voice.is_here(id_of(activity)) or not named:
        return _STRANGE
    return Told(post=slim(activity) | {"object": named})


def _undone(activity: dict[str, Any], voice: Voice) -> Told:
    """Delete takes an object away, Undo an Announce."""
    undone = next(iter(listed(activity.get("object"))), None)
    is_act = "Undo" in kinds(activity)
    if is_act and isinstance(undone, dict) and "Announce" not in kinds(undone):
        return NOTHING  # a like or a follow, no post
    return _gone(id_of(undone), voice)


def _gone(id: str, voice: Voice) -> Told:
    return Told(gone=id) if voice.is_here(id) and id != voice.actor else _STRANGE


def _origin(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return address, "", None
    return parts.scheme, (parts.hostname or "").lower(), port
