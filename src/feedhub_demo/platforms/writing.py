"""What a department wrote on a platform: the truth that a stand-in shows and a simulation holds against the store."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture or film of a post. `alt`: None = none given, "" = decorative. `seconds`: a film's length."""

    url: str
    alt: str | None = None
    width: int = 1280
    height: int = 853
    seconds: float | None = None

    @property
    def is_film(self) -> bool:
        return self.seconds is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a post invites to."""

    name: str
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One post as its author wrote it. `number` counts up from 1 for each speaker, and never comes again.

    `answers` is the number of the speaker's own post that this one continues (a thread);
    `answers_others`: it answers somebody else; `repeats`: it only passes on what somebody else said.
    `version` counts edits from 1.
    """

    number: int
    text: str
    published_at: datetime
    title: str | None = None
    link: str | None = None
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    language: str = "id"
    occasion: Occasion | None = None
    edited_at: datetime | None = None
    version: int = 1
    answers: int | None = None
    answers_others: bool = False
    repeats: bool = False

    @property
    def changed_at(self) -> datetime:
        return self.edited_at or self.published_at


@dataclass(slots=True, kw_only=True)
class Speaker:
    """An account on a platform, and what it wrote. `number` is its place among its platform's speakers, from 1.

    `posts` are what stands there now, oldest first; `deleted` what was taken away, by number, with its time;
    `edits` when each was changed.
    `suspended`: the platform took the account down.
    """

    handle: str
    name: str
    number: int
    department: str = ""
    posts: list[Written] = field(default_factory=list)
    deleted: dict[int, datetime] = field(default_factory=dict)
    edits: dict[int, list[datetime]] = field(default_factory=dict)
    suspended: bool = False
    token: str | None = None  # what the platform would accept for this account, where each has its own
    _written: int = 0

    def write(self, text: str, *, at: datetime, **more: object) -> Written:
        """Say something new."""
        self._written += 1
        written = Written(number=self._written, text=text, published_at=at, **more)  # type: ignore[arg-type]  # Written's own fields, by name
        self.posts.append(written)
        self.posts.sort(key=lambda post: (post.published_at, post.number))
        return written

    def edit(self, number: int, *, at: datetime, **changed: object) -> Written:
        """Change what was said."""
        place = next(place for place, post in enumerate(self.posts) if post.number == number)
        old = self.posts[place]
        self.edits.setdefault(number, []).append(at)
        self.posts[place] = replace(old, edited_at=at, version=old.version + 1, **changed)  # type: ignore[arg-type]  # the same
        return self.posts[place]

    def delete(self, number: int, *, at: datetime) -> None:
        """Take away what was said."""
        self.posts = [post for post in self.posts if post.number != number]
        self.deleted[number] = at

    def newest(self, most: int, *, matching: Callable[[Written], bool] = lambda _post: True) -> list[Written]:
        """The newest posts, newest first."""
        return [post for post in reversed(self.posts) if matching(post)][:most]
