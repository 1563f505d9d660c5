"""What a department's contacts are told: its token ends, it has gone strangely quiet, a rule caught something.

Pure: what is known comes in, letters come out. Each says what happened, what to do, and
carries a link that can only stop the account.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from feedhub.accounts.account import Account, Department
from feedhub.store.credentials import KeptCredential
from feedhub.store.letters import HeldPosts, Letter

# Fewer posts tell no rhythm.
_FEWEST_POSTS = 8
_LEAST_SILENCE = timedelta(days=5)
# An account that pauses three times as long as nine in ten of its pauses is strangely quiet.
_TIMES_USUAL, _USUAL = 3, 0.9
_RULES = {
    "links": ("tautan ke situs yang belum pernah dipakai akun ini", "links to a site that it never linked to"),
    "profile": ("nama atau profil akun yang berubah", "a changed name or profile"),
    "burst": ("jauh lebih banyak kiriman daripada biasanya", "far more posts than usual"),
    "mass": ("banyak kiriman diubah atau dihapus sekaligus", "many posts changed or deleted at once"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A reason to write. `name` is the same as long as it is the same occasion."""

    topic: str
    name: str
    account: Account
    department: Department
    letter: Letter


Owners = Mapping[UUID, tuple[Account, Department]]
LinkOf = Callable[[UUID, datetime], str]


def occasions(
    owners: Owners,
    *,
    credentials: Sequence[KeptCredential],
    rhythms: Mapping[UUID, Sequence[datetime]],
    held: Sequence[HeldPosts],
    now: datetime,
    link_of: LinkOf,
) -> Iterator[Occasion]:
    """Every reason to write to a department that has contacts. `link_of` makes the link that stops an account."""
    for kept in credentials:
        if kept.account is not None and kept.account in owners and (days := _days_left(kept, now)) is not None:
            yield from _told(
                owners,
                kept.account,
                "token",
                f"{kept.id}/{kept.issued_at:%Y%m%d%H%M}/{days}",
                _token(kept),
                now,
                link_of,
            )
    for account, published in rhythms.items():
        if account in owners and is_strangely_quiet(published, now):
            yield from _told(
                owners,
                account,
                "quiet",
                f"{account}/{published[0]:%Y%m%d%H%M%S}",
                _quiet(published[0], now),
                now,
                link_of,
            )
    for caught in held:
        if caught.account in owners:
            name = f"{caught.account}/{caught.rule}/{caught.since:%Y%m%d%H%M%S}"
            yield from _told(owners, caught.account, "held", name, _held(caught), caught.since, link_of)


def is_strangely_quiet(published: Sequence[datetime], now: datetime) -> bool:
    """Whether an account that speaks regularly has been silent for three times its longer pauses.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 30, 12, tzinfo=UTC)
    >>> daily = [noon - timedelta(days=days) for days in range(9, 20)]
    >>> is_strangely_quiet(daily, noon), is_strangely_quiet(daily, noon - timedelta(days=7))
    (True, False)
    """
    if len(published) < _FEWEST_POSTS:
        return False
    pauses = sorted(newer - older for newer, older in pairwise(published))
    usual = pauses[int((len(pauses) - 1) * _USUAL)]
    return now - published[0] > max(usual * _TIMES_USUAL, _LEAST_SILENCE)


def _days_left(kept: KeptCredential, now: datetime) -> int | None:
    """The warning that the walk gave last; who renews itself, or ended already, is not written about."""
    return kept.warned if kept.ends_at is not None and kept.ends_at > now else None


def _told(  # noqa: PLR0913, PLR0917  # what a letter is made of
    owners: Owners, id: UUID, topic: str, name: str, said: tuple[str, str, str], since: datetime, link_of: LinkOf
) -> Iterator[Occasion]:
    account, department = owners[id]
    if not department.contacts:
        return
    subject, indonesian, english = said
    where = account.url or account.handle or account.key
    stop = link_of(id, since)
    body = (
        f"{department.name}\n{account.platform.value}: {where}\n\n{indonesian}\n\n"
        f"Bila bukan Anda yang mengirim, hentikan akun ini di FeedHub (tautan ini hanya dapat menghentikan):\n{stop}\n\n"
        f"--\n{english}\n\nIf it was not you, stop this account in FeedHub (the link can do nothing else):\n{stop}\n"
    )
    letter = Letter(to=department.contacts, subject=f"[FeedHub] {subject}: {where}", body=body)
    yield Occasion(topic=topic, name=name, account=account, department=department, letter=letter)


def _token(kept: KeptCredential) -> tuple[str, str, str]:
    day = f"{kept.ends_at:%Y-%m-%d}" if kept.ends_at else ""
    return (
        "Izin akun segera berakhir",
        (
            f"Izin (token) yang Anda berikan kepada FeedHub berakhir pada {day}. Sesudah itu kiriman akun ini tidak lagi"
            " sampai kepada warga dan media. Mintalah tautan baru kepada pengelola FeedHub, lalu hubungkan lagi akunnya."
        ),
        (
            f"The permission that you gave FeedHub ends on {day}. After that the account's posts no longer reach citizens"
            " and media. Ask FeedHub's operator for a new link and connect the account again."
        ),
    )


def _quiet(newest: datetime, now: datetime) -> tuple[str, str, str]:
    days = (now - newest).days
    return (
        "Akun lebih sepi daripada biasanya",
        (
            f"Sudah {days} hari tidak ada kiriman baru, lebih lama daripada kebiasaan akun ini. FeedHub masih dapat"
            " membacanya. Bila akun memang sedang tidak dipakai, surat ini boleh diabaikan."
        ),
        (
            f"Nothing new for {days} days, longer than this account is used to. FeedHub can still read it. If the account"
            " rests on purpose, you need do nothing."
        ),
    )


def _held(caught: HeldPosts) -> tuple[str, str, str]:
    indonesian, english = _RULES.get(caught.rule, (caught.rule, caught.rule))
    return (
        "Kiriman ditahan untuk diperiksa",
        (
            f"{caught.many} kiriman ditahan dan belum tampil: {indonesian}. Bila kiriman itu benar dari Anda, beri tahu"
            " pengelola FeedHub agar dilepas. Bila bukan, ganti kata sandi akun sekarang."
        ),
        (
            f"{caught.many} posts are held and not shown yet: {english}. If they are yours, tell FeedHub's operator to"
            " release them. If not, change the account's password now."
        ),
    )
