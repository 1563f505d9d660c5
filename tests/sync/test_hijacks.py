"""How many hijacks the hold rules stop, and how much of an ordinary year they disturb."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest

from feedhub.posts.compare import Change
from feedhub.posts.decisions import Decision, Held, decide
from feedhub.posts.habits import Habits, Shown, approved, plain_name, with_links, with_profile
from feedhub.posts.holding import PROFILE, Watched, judge
from feedhub.posts.link_domains import is_anybodys, is_well_known, official_endings
from feedhub.posts.post import Media, MediaType, Post, PostStatus
from feedhub.posts.seen import Seen, seen_post
from hijacks import CITY, HIJACKS, NOW, Look, Said, ordinary_city

ROOM = UUID(int=7)
DAY = timedelta(days=1)


@dataclass
class Account:
    """An account as the store would keep it, in memory. `elsewhere`: sites that the city's other accounts led to."""

    key: str
    kind: str
    elsewhere: set[str] = field(default_factory=set)
    siblings: set[str] = field(default_factory=set)  # sites that its department's accounts led to
    registered: str = ""
    habits: Habits = field(default_factory=Habits)
    kept: dict[int, Held] = field(default_factory=dict)
    waiting: dict[int, tuple[str, ...]] = field(default_factory=dict)  # held, with the sites that it leads to
    held_for: str | None = None
    is_first: bool = True
    last_at: datetime | None = None

    def visit(self, look: Look) -> dict[int, str]:
        """What this visit's look leads to; the rule that holds each number it holds."""
        decisions = {said.number: self.decision(said, look.at) for said in look.said}
        gone = [number for number in look.gone if number in self.public()]
        judgement = judge(
            self.watched(decisions.values(), look.at), list(decisions.values()), gone=len(gone), shown=shown(look)
        )
        found = {}
        for number, decided in zip(decisions, judgement.decisions, strict=True):
            if decided.held_for and (decided.status is PostStatus.HELD or decided.held_back):
                found[number] = decided.held_for
                self.waiting[number] = decided.seen.domains
            self.keep(number, decided, look.at)
        if judgement.gone_kept is None:
            for number in gone:
                del self.kept[number]
        elif gone:
            found[-1] = "mass"
        self.learn(judgement.decisions, look)
        self.is_first, self.last_at = False, look.at
        return found

    def approve(self) -> None:
        """A person looks, and lets everything go; what was let go teaches."""
        self.held_for = None
        self.habits = with_links(approved(self.habits), self.waiting.values(), at=self.last_at)
        for number in [number for number in self.waiting if number in self.kept]:
            held = self.kept[number]
            shows = held.pending_fingerprint or held.fingerprint
            self.kept[number] = replace(
                held, status=PostStatus.LIVE, held_for=None, pending=None, pending_fingerprint=None, fingerprint=shows
            )
        self.elsewhere |= set(self.habits.domains)
        self.siblings |= set(self.habits.domains)
        self.waiting.clear()

    def decision(self, said: Said, at: datetime) -> Decision:
        id = uuid5(ROOM, f"{self.key} {said.number}")
        return decide(self.kept.get(said.number), seen(said), post=id, now=at, is_first_visit=self.is_first)

    def watched(self, decisions: Iterable[Decision], at: datetime) -> Watched:
        told = {found.id for found in decisions if found.held is None}
        times = [held.published_at for held in self.kept.values() if held.id not in told]
        public = self.public()
        wanted = {site for found in decisions for site in found.seen.domains}
        return Watched(
            habits=self.habits,
            is_first=self.is_first,
            held_for=self.held_for,
            known=frozenset(site for site in wanted if self.knows(site)),
            published=tuple(held.published_at for held in public.values() if held.published_at > at - 56 * DAY),
            recent=tuple(time for time in times if time > at - 4 * DAY),
            public=len(public),
            last_success_at=self.last_at,
            registered=frozenset({plain_name(self.registered)}),
        )

    def knows(self, site: str) -> bool:
        if site in self.habits.domains or is_well_known(site):
            return True
        own = frozenset({CITY})
        if is_anybodys(site):
            return site in self.siblings
        return site in own | self.elsewhere or site.endswith(official_endings(own))

    def public(self) -> dict[int, Held]:
        return {number: held for number, held in self.kept.items() if held.status is PostStatus.LIVE}

    def keep(self, number: int, found: Decision, at: datetime) -> None:
        held = found.held
        if held is not None and found.change is Change.SAME:
            if found.held_back:
                self.kept[number] = replace(
                    held, pending="p", pending_fingerprint=found.seen.fingerprint, held_for=found.held_for
                )
            return
        self.kept[number] = Held(
            id=found.id,
            status=found.status,
            version=found.version,
            fingerprint=found.seen.fingerprint,
            payload=found.seen.payload,
            order_key=found.order_key,
            published_at=found.published_at,
            published_is_made=found.published_is_made,
            collected_at=found.collected_at,
            updated_at=at,
            backfill=found.backfill,
            held_for=found.held_for,
        )

    def learn(self, decisions: Sequence[Decision], look: Look) -> None:
        public = [
            found.seen.domains
            for found in decisions
            if found.change is not Change.SAME and found.status is PostStatus.LIVE
        ]
        self.habits = with_links(self.habits, public, at=look.at)
        self.elsewhere |= set(self.habits.domains)
        self.siblings |= set(self.habits.domains)
        before = self.habits.changed
        self.habits = with_profile(self.habits, shown(look), registered=frozenset({plain_name(self.registered)}))
        if self.habits.changed not in {None, before}:
            self.held_for = PROFILE


def shown(look: Look) -> Shown | None:
    if not (look.name or look.handle or look.native_id):
        return None
    return Shown(native_id=look.native_id, name=look.name, handle=look.handle)


def seen(said: Said) -> Seen:
    media = (
        (Media(type=MediaType.IMAGE, url="https://cdn.example/1.jpg", alt=said.alt),) if said.alt is not None else ()
    )
    post = Post(
        native_id=str(said.number),
        title=said.text[:60],
        title_is_made=True,
        content_text=said.text,
        content_html="",
        published_at=said.at,
        links=tuple(link for link in said.links),
        media=media,
    )
    return seen_post(post, payload=f"{said.number} {said.text} {said.links}")


def with_a_past(hijack) -> Account:
    """An account that FeedHub has followed for a while: a post a day, half of it found by the first visit."""
    account = Account(key=hijack.name, kind=hijack.kind, elsewhere={CITY, "kompas.com"})
    past = [
        Said(
            number=number,
            text=f"Kabar {number}",
            at=NOW - DAY * (hijack.past - number),
            links=(f"https://dinkes.{CITY}/{number}", *(f"https://{site}/{number}" for site in hijack.habits)),
        )
        for number in range(hijack.past)
    ]
    profile = {"name": "Dinas Dinkes Kota", "handle": "dinkes.kota", "native_id": "42"}
    told = profile if hijack.kind == "platform" else {}
    half = len(past) // 2
    account.visit(Look(at=past[half].at + timedelta(hours=1), said=tuple(past[: half + 1]), **told))
    for said in past[half + 1 :]:
        account.visit(Look(at=said.at + timedelta(hours=1), said=(said,), **told))
    assert account.waiting == {}
    return account


def is_held(hijack) -> bool:
    """Whether the first harm of a hijack stays from the public until a person looks."""
    account = with_a_past(hijack)
    found: dict[int, str] = {}
    for look in hijack.looks:
        found |= account.visit(look)
    return hijack.harm <= found.keys()


KNOWN_TO_PASS = {
    "words alone, once",
    "words alone, slowly",
    "by the shortener that it uses",
    "by a form",
    "three posts rewritten in words",
}


@pytest.mark.parametrize("hijack", HIJACKS, ids=lambda hijack: hijack.name)
def test_a_hijack_is_held_before_the_public_sees_it(hijack):
    """What the rules can't see is named here, so that nobody believes otherwise."""
    assert is_held(hijack) == (hijack.name not in KNOWN_TO_PASS)


def test_nine_of_ten_hijacks_are_held():
    held = sum(is_held(hijack) for hijack in HIJACKS)
    print(f"\nhijacks: {held} of {len(HIJACKS)} held before their first harm was public")  # noqa: T201  # the figure is asked for
    assert len(HIJACKS) >= 50
    assert held >= 0.9 * len(HIJACKS)


def test_an_ordinary_year_is_hardly_disturbed():
    """Each look of each account in the order of time; a person approves what is held once a day."""
    accounts, looks = {}, []
    elsewhere, departments = {CITY}, {}
    for place, year in enumerate(ordinary_city()):
        accounts[place] = Account(
            key=f"{year.department} {year.kind}",
            kind=year.kind,
            elsewhere=elsewhere,
            siblings=departments.setdefault(year.department, set()),
            registered=f"Dinas {year.department.title()} Kota",
        )
        looks += [(look.at, place, look) for look in year.looks]
    posts, held, rules, day = 0, 0, {}, None
    for at, place, look in sorted(looks, key=lambda one: one[:2]):
        if day != at.date():
            day = at.date()
            for account in accounts.values():
                if account.waiting or account.held_for:
                    account.approve()
        account = accounts[place]
        posts += 0 if account.is_first else sum(said.number not in account.kept for said in look.said)
        for rule in account.visit(look).values():
            held += 1
            rules[rule] = rules.get(rule, 0) + 1
    print(f"\nordinary: {held} of {posts} posts of {len(accounts)} accounts held ({held / posts:.2%}): {rules}")  # noqa: T201  # the same
    assert posts >= 2_000
    assert len(accounts) >= 40
    assert held <= 0.01 * posts
