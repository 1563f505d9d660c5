"""Each platform's stand-in is followed through a simulated week: pages, limits, outages, edits, deletions."""

from datetime import timedelta
from random import Random

import pytest

from feedhub.accounts.account import Platform
from feedhub_demo.platforms import STANDINS
from simulated import City, Opened, simulated

HOUR = timedelta(hours=1)
TEXTS = ("Imunisasi gratis di puskesmas", "Jalan Suroyo ditutup sementara", "Bansos cair pekan ini", "Pasar murah")


# Both databases follow two days of every platform at once (test_city_week.py); alone, and for
# a whole week, these are followed on one of them, and all on both in long runs.
ALONE = {
    "sqlite": frozenset({Platform.WORDPRESS, Platform.TELEGRAM, Platform.WEBPAGE}),
    "postgresql": frozenset({Platform.MASTODON, Platform.INSTAGRAM}),
}
WEEKS = [
    pytest.param(
        database,
        kind,
        id=f"{database}-{kind.platform}",
        marks=[] if kind.platform in ALONE[database] else pytest.mark.long,
    )
    for database in ("sqlite", "postgresql")
    for kind in STANDINS
]


@pytest.fixture
def kind(request):
    return request.param


@pytest.mark.parametrize(("database_url", "kind"), WEEKS, indirect=True)
async def test_a_week_is_followed_to_the_letter(store, kind):
    chance = Random(kind.platform)
    async with simulated(store, [kind]) as city:
        accounts = [await city.open(kind, handle) for handle in ("dinkes", "dishub")]
        for opened in accounts:
            write_old_posts(city, opened)
            plan_a_week(city, opened, chance)
        plan_faults(city, accounts[0])
        await city.live(timedelta(days=7))
        city.standins[kind].faults.down = False
        await city.live(4 * HOUR)
        await city.hold_against_truth()
        assert any(opened.speaker.deleted for opened in accounts)


def write_old_posts(city: City, opened: Opened) -> None:
    """What stood there before FeedHub came: more than a page of most platforms."""
    for place in range(12):
        opened.speaker.write(f"Kabar lama {place}", at=city.moment - timedelta(days=60 - place))


def plan_a_week(city: City, opened: Opened, chance: Random) -> None:
    """Three posts a day; some are edited hours later, some deleted."""
    speaker = opened.speaker

    def write(place: int) -> None:
        written = speaker.write(f"{chance.choice(TEXTS)} {place}", at=city.now() - timedelta(minutes=3))
        if place % 4 == 1 and kind_edits(opened):
            city.later(5 * HOUR, lambda: edit(written.number, 1))
        if place % 8 == 5 and kind_edits(opened):
            city.later(11 * HOUR, lambda: edit(written.number, 2))
        if place % 6 == 2:
            city.later(7 * HOUR, lambda: speaker.delete(written.number, at=city.now()))

    def edit(number: int, times: int) -> None:
        old = next(post for post in speaker.posts if post.number == number)
        speaker.edit(number, at=city.now(), text=f"{old.text} (ralat {times})")

    for place in range(19):
        city.later(timedelta(hours=4 + 8 * place, minutes=chance.randrange(60)), lambda place=place: write(place))


def kind_edits(opened: Opened) -> bool:
    """Whether people can edit on this platform at all."""
    return getattr(opened.standin, "edits", True)


def plan_faults(city: City, opened: Opened) -> None:
    """The platform is down for three hours, limits us for one, and (for a while) refuses our token."""
    faults = opened.standin.faults

    def limit() -> None:
        faults.left, faults.limited_until = 2, city.now() + HOUR

    city.later(30 * HOUR, lambda: setattr(faults, "down", True))
    city.later(33 * HOUR, lambda: setattr(faults, "down", False))
    city.later(60 * HOUR, limit)
    if opened.standin.credential(opened.speaker) or opened.standin.credential(None):
        city.later(90 * HOUR, lambda: setattr(faults, "expired", True))
        city.later(94 * HOUR, lambda: setattr(faults, "expired", False))
