"""What an account is used to: the sites it leads to, and how its platform shows it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from unicodedata import category, normalize

# Sites remembered of one account; the least used go first.
_MOST_DOMAINS = 300
# Words that people add to a name and take away again without becoming somebody else.
_ADDED = ("official", "resmi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a platform shows an account. None = it did not say."""

    native_id: str | None = None
    name: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Learned only from what became public, or what a person approved.

    `domains`: for each site, how many posts led there and when the first one did (ms).
    `changed`: a profile that waits for a person.
    """

    domains: dict[str, tuple[int, int]] = field(default_factory=dict)
    profile: Shown | None = None
    changed: Shown | None = None


def with_links(habits: Habits, posts: Iterable[Sequence[str]], *, at: datetime) -> Habits:
    """The habits, with the sites that these posts lead to."""
    moment = int(at.timestamp() * 1000)
    domains = dict(habits.domains)
    for sites in posts:
        for site in sites:
            count, since = domains.get(site, (0, moment))
            domains[site] = (count + 1, since)
    if len(domains) > _MOST_DOMAINS:
        used = sorted(domains, key=lambda site: (-domains[site][0], -domains[site][1]))
        domains = {site: domains[site] for site in used[:_MOST_DOMAINS]}
    return replace(habits, domains=domains)


def with_profile(habits: Habits, shown: Shown | None, *, registered: frozenset[str] = frozenset()) -> Habits:
    """The habits, with a profile that is the known one; another one waits in `changed`."""
    if shown is None:
        return habits
    if change_in(habits.profile, shown, registered=registered) is not None:
        return replace(habits, changed=_joined(habits.profile, shown))
    return replace(habits, profile=_joined(habits.profile, shown))


def approved(habits: Habits) -> Habits:
    """The habits of an account of which a person has said that it is still its own."""
    return replace(habits, profile=habits.changed or habits.profile, changed=None)


def change_in(before: Shown | None, now: Shown | None, *, registered: frozenset[str] = frozenset()) -> str | None:
    """One sentence on how a profile became somebody else's; None where it did not.

    Case, emoji, white space and an added "Official" change nothing, nor does a name by which
    the department is `registered`.

    >>> change_in(Shown(name="Dinkes Kota"), Shown(name="DINKES  KOTA 🏥 Official"))
    >>> change_in(Shown(name="Dinkes Kota"), Shown(name="Tesla Giveaway"))
    'Its name changed from "Dinkes Kota" to "Tesla Giveaway".'
    """
    if before is None or now is None:
        return None
    for part, was, is_now in (
        ("native id", before.native_id, now.native_id),
        ("name", before.name, now.name),
        ("handle", before.handle, now.handle),
    ):
        if not was or not is_now or was == is_now:
            continue
        if part == "native id" or (plain_name(was) != plain_name(is_now) and plain_name(is_now) not in registered):
            return f'Its {part} changed from "{was}" to "{is_now}".'
    return None


def plain_name(name: str) -> str:
    """What of a name makes it another's: letters and digits.

    >>> plain_name("@Dinkes.Kota"), plain_name("DINKES  KOTA 🏥 (Resmi)")
    ('dinkeskota', 'dinkeskota')
    """
    folded = normalize("NFKC", name).casefold()
    words = "".join(sign if category(sign)[0] in "LNM" else " " for sign in folded).split()
    kept = [word for word in words if word not in _ADDED] or words
    return "".join(kept).replace("\ufe0f", "")


def _joined(before: Shown | None, now: Shown) -> Shown:
    """`now`, and what it leaves unsaid as it was."""
    if before is None:
        return now
    return Shown(
        native_id=now.native_id or before.native_id,
        name=now.name or before.name,
        handle=now.handle or before.handle,
    )
