"""What the departments' accounts say: texts from data files, told again elsewhere, never twice in the same words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from itertools import cycle
from random import Random
from typing import Literal

import msgspec

from feedhub.accounts.account import Platform
from feedhub_demo.articles import HERE, PLACES, WIB
from feedhub_demo.platforms.writing import Occasion

STREETS = (
    "Jalan Cempaka",
    "Jalan Kenanga",
    "Jalan Mercusuar",
    "Jalan Pahlawan Tani",
    "Jalan Dermaga Lama",
    "Jalan Bukit Sapi",
    "Jalan Pasar Legi",
    "Jalan Kali Bening",
    "Jalan Tugu Nelayan",
    "Jalan Randu Alas",
)
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober"),
    *("November", "Desember"),
)
_DAYS_AHEAD = 6
_GAP = re.compile(r"\{(\w+)\}")
_TRIES = 60
_APART = 3  # texts
# Where people go on under their own post, answer others, pass on what others said.
_THREADED = {Platform.MASTODON, Platform.ACTIVITYPUB, Platform.BLUESKY, Platform.TELEGRAM, Platform.THREADS, Platform.X}
_ANSWERING = _THREADED - {Platform.TELEGRAM}
_REPOSTING = _THREADED | {Platform.FACEBOOK}
_FILMS = {Platform.YOUTUBE, Platform.TIKTOK}
# These can say of an event when and where it is, so they begin with what is on: the calendar is full from the start.
_INVITING = frozenset({Platform.INBOX, Platform.FACEBOOK, Platform.ACTIVITYPUB})
_TITLED = {Platform.WORDPRESS, Platform.WEBPAGE, Platform.WEBFEED, Platform.YOUTUBE, Platform.INBOX}
_FILM_SECONDS = (18, 31, 44, 58, 75, 96, 140)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a text invites to: so many days after it is told, in WIB."""

    days: int
    at: time
    hours: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text of a data file. What stands in braces differs each time it is told.

    `thread` are what follows under it; `film`: it can be a film; `how`: said, an answer to
    somebody, or passed on from somebody else. `update` is what an edit adds.
    """

    title: str
    text: str
    tags: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    film: bool = False
    thread: tuple[str, ...] = ()
    language: str = "id"
    how: Literal["said", "answer", "repost"] = "said"
    event: Invitation | None = None
    update: str = "Informasi ini sudah kami periksa kembali dan masih berlaku."


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Words as one account says them now. `seconds`: the length of a film."""

    words: Words
    heading: str  # the title, also where the platform shows none
    title: str | None
    text: str
    thread: tuple[str, ...]
    occasion: Occasion | None
    seconds: float | None

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.text, *self.thread)


class Composer:
    """Finds what has not been said yet. The same `chance` finds the same."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._told: set[str] = set()
        self._orders: dict[str, list[Words]] = {}
        self._turns: dict[tuple[str, Platform], Iterator[Words]] = {}

    def telling(self, department: str, platform: Platform, *, now: datetime) -> Telling:
        """What a department's account says next."""
        turns = self._turns.get((department, platform)) or self._begun(department, platform)
        for _ in range(_TRIES):
            telling = self._filled(next(turns), platform, now)
            # An invitation stands once in the calendar, whatever its gaps: nobody holds the same festival on two days.
            once = {telling.words.title} if telling.occasion and platform in _INVITING else set()
            if self._told.isdisjoint({*telling.parts, *once}):
                break
        self._told.update(telling.parts, once)
        return telling

    def _begun(self, department: str, platform: Platform) -> Iterator[Words]:
        """Every text that suits, in turn. A department's accounts begin apart, so that they don't say the same at once."""
        if department not in self._orders:
            words = list(words_of(department))
            self._orders[department] = self._chance.sample(words, len(words))
        order = self._orders[department]
        start = _APART * sum(1 for begun, _ in self._turns if begun == department) % len(order)
        said = [one for one in order[start:] + order[:start] if suits(one, platform)]
        if platform in _INVITING:
            said.sort(key=lambda one: one.event is None)
        turns = cycle(said)
        self._turns[department, platform] = turns
        return turns

    def _filled(self, words: Words, platform: Platform, now: datetime) -> Telling:
        gaps = _gaps(self._chance, now.astimezone(WIB))
        begins = _begins(words.event, now.astimezone(WIB)) if words.event else None
        if begins:
            gaps |= {"event_day": _dated(begins), "event_hour": f"{begins:%H.%M}"}

        def filled(text: str) -> str:
            return " ".join(_GAP.sub(lambda gap: gaps[gap[1]], text).split())

        title, text = filled(words.title), filled(words.text)
        is_film = platform in _FILMS or (words.film and platform in {Platform.INSTAGRAM, Platform.FACEBOOK})
        return Telling(
            words=words,
            heading=title,
            title=title if platform in _TITLED else None,
            text=title if platform is Platform.TIKTOK else text,
            thread=tuple(map(filled, words.thread)),
            occasion=_occasion(words.event, begins, title) if words.event and begins else None,
            seconds=self._chance.choice(_FILM_SECONDS) if is_film else None,
        )


def suits(words: Words, platform: Platform) -> bool:
    """Whether people say such a thing on such a platform."""
    if words.thread:
        return platform in _THREADED
    if words.how != "said":
        return platform in (_ANSWERING if words.how == "answer" else _REPOSTING)
    return bool(words.pictures) or platform not in _FILMS | {Platform.INSTAGRAM}


@cache
def words_of(department: str) -> tuple[Words, ...]:
    """A department's data file."""
    body = (HERE / "words" / f"{department}.toml").read_bytes()
    return msgspec.toml.decode(body, type=dict[str, tuple[Words, ...]])["words"]


def past_moment(now: datetime, *, place: int, of: int, chance: Random) -> datetime:
    """When the post was said that is the `place`-th newest of `of`, counted from 0: by day, within three weeks."""
    share = (place + chance.random() * 0.8) / of
    local = (now - timedelta(days=20 * share**1.6, minutes=20)).astimezone(WIB)
    if not 6 <= local.hour < 20:  # noqa: PLR2004  # offices sleep
        local = datetime.combine(local.date(), time(chance.randrange(7, 20), local.minute, local.second), tzinfo=WIB)
    moment = local.replace(microsecond=0).astimezone(now.tzinfo)
    return moment if moment < now else moment - timedelta(days=1)


def _begins(event: Invitation, now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=event.days), event.at, tzinfo=WIB)


def _occasion(event: Invitation, begins: datetime, title: str) -> Occasion:
    return Occasion(name=title, starts_at=begins, ends_at=begins + timedelta(hours=event.hours), place=event.place)


def _dated(day: datetime) -> str:
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]}"


def _gaps(chance: Random, now: datetime) -> dict[str, str]:
    day = now + timedelta(days=chance.randrange(1, _DAYS_AHEAD))
    begin = chance.randrange(7, 14)
    place, other = chance.sample(PLACES, 2)
    return {
        "place": place,
        "other": other,
        "street": chance.choice(STREETS),
        "day": _dated(day),
        "weekday": _DAYS[day.weekday()],
        "hour": f"{begin:02}.{chance.choice(('00', '15', '30'))}",
        "until": f"{begin + chance.randrange(2, 5):02}.{chance.choice(('00', '30'))}",
        "few": str(chance.randrange(3, 30)),
        "number": str(chance.randrange(40, 400, 5)),
        "level": str(chance.randrange(142, 178)),
        "many": f"{chance.randrange(2, 9)}.{chance.randrange(100, 999)}",
    }
