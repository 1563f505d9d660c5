"""The accounts of the demo city: each can say something new, edit and take back, as its platform lets people."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from feedhub.accounts.account import Account, Via
from feedhub_demo.articles import WIB, Article, Draft, edited, new_article, texts_of
from feedhub_demo.pictures import pictured
from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Occasion, Speaker, Written
from feedhub_demo.standin import StandIn
from feedhub_demo.words import Composer, Telling, past_moment

_RECENT = 8  # posts among which one is edited
_LEAST_LEFT = 4  # posts that an account keeps
_THREAD_PAUSE = timedelta(minutes=3)


class Act(StrEnum):
    """What somebody did."""

    SPOKE = "spoke"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who did what to which of its posts; the post as it is now (a deleted one: as it was)."""

    account: Account
    act: Act
    post: Article | Written

    @property
    def text(self) -> str:
        return self.post.text


class Voice(ABC):
    """One account. `can_edit`: whether its platform lets people edit; `can_delete`: whether FeedHub learns of it."""

    account: Account
    can_edit: bool = True
    can_delete: bool = True

    @abstractmethod
    def speak(self, *, now: datetime) -> Told:
        """Say something new."""

    @abstractmethod
    def edit(self, chance: Random, *, now: datetime) -> Told | None:
        """Add to a recent post, first to those that nobody has edited yet; None where there is none."""

    @abstractmethod
    def delete(self, chance: Random, *, now: datetime) -> Told | None:
        """Take a recent post back; None where there is none to spare."""

    def _told(self, act: Act, post: Article | Written) -> Told:
        return Told(account=self.account, act=act, post=post)


class SiteVoice(Voice):
    """A department's site with a feed. What it says comes from its department's reserve, in turn."""

    def __init__(self, account: Account, site: StandIn, chance: Random) -> None:
        self.account, self.site = account, site
        self._chance = chance
        self._turns = _turns(texts_of(account.department).reserve, chance)
        self._number = max(article.number for article in site.articles)

    def speak(self, *, now: datetime) -> Told:
        lap, draft = next(self._turns)
        self._number += 1
        article = new_article(draft, number=self._number, lap=lap, now=now, chance=self._chance)
        self.site.publish(article)
        return self._told(Act.SPOKE, article)

    def edit(self, chance: Random, *, now: datetime) -> Told | None:
        recent = self.site.articles[:_RECENT]
        untouched = [article for article in recent if article.changed_at == article.published_at]
        article = edited(chance.choice(untouched or recent), now=now)
        self.site.replace(article)
        return self._told(Act.EDITED, article)

    def delete(self, chance: Random, *, now: datetime) -> Told | None:  # noqa: ARG002  # a site does not say when
        article = chance.choice(self.site.articles[:_RECENT])
        self.site.remove(article)
        return self._told(Act.DELETED, article)


@dataclass(kw_only=True)
class PlatformVoice(Voice):
    """An account on a platform whose stand-in shows what its speaker wrote."""

    account: Account
    speaker: Speaker
    composer: Composer
    media: str
    standin: PlatformStandIn | None = None

    def __post_init__(self) -> None:
        self.can_edit = getattr(self.standin, "edits", True)
        self.can_delete = self.account.via is not Via.BRIDGE  # nobody believes a bridge that something is gone

    def stand(self, most: int, chance: Random, *, now: datetime) -> None:
        """Say what stands there already when the city wakes."""
        moments = [past_moment(now, place=place, of=most, chance=chance) for place in range(most)]
        for moment in sorted(moments):
            self._write(at=moment)

    def speak(self, *, now: datetime) -> Told:
        return self._told(Act.SPOKE, self._write(at=now.replace(microsecond=0)))

    def edit(self, chance: Random, *, now: datetime) -> Told | None:
        recent = self.speaker.newest(_RECENT, matching=lambda post: not post.repeats)
        untouched = [post for post in recent if post.version == 1]
        if not (self.can_edit and recent):
            return None
        post, moment = chance.choice(untouched or recent), now.replace(microsecond=0)
        text = f"{post.text} Pembaruan pukul {moment.astimezone(WIB):%H.%M.%S} WIB: {self._updates[post.number]}"
        return self._told(Act.EDITED, self.speaker.edit(post.number, at=moment, text=text))

    def delete(self, chance: Random, *, now: datetime) -> Told | None:  # noqa: ARG002  # it is always the newest
        answered = {post.answers for post in self.speaker.posts}
        # People take back what they have just said; some platforms are not asked about older posts every day.
        spare = self.speaker.newest(1, matching=lambda post: post.number not in answered)
        if len(self.speaker.posts) <= _LEAST_LEFT or not (self.can_delete and spare):
            return None
        (post,) = spare
        self.speaker.delete(post.number, at=now.replace(microsecond=0))
        return self._told(Act.DELETED, post)

    _updates: dict[int, str] = field(default_factory=dict)

    def _write(self, *, at: datetime) -> Written:
        """Say something; what follows under it comes a little earlier, so that nothing lies in the future."""
        telling = self.composer.telling(self.account.department, self.account.platform, now=at)
        begun = at - _THREAD_PAUSE * len(telling.thread)
        said = self._said(telling, telling.text, at=begun, above=None)
        for place, text in enumerate(telling.thread, start=1):
            said = self._said(telling, text, at=begun + _THREAD_PAUSE * place, above=said)
        return said

    def _said(self, telling: Telling, text: str, *, at: datetime, above: Written | None) -> Written:
        """Say one part; pictures belong to the first."""
        words = telling.words
        written = self.speaker.write(
            text,
            at=at,
            title=telling.title,
            tags=words.tags,
            language=words.language,
            answers_others=words.how == "answer",
            repeats=words.how == "repost",
            pictures=() if above else pictured(telling, self.account.platform, self.media, self.speaker),
            answers=above.number if above else None,
            occasion=None if above else telling.occasion,
        )
        self._updates[written.number] = words.update
        return written


@dataclass(kw_only=True)
class InboxVoice(PlatformVoice):
    """A department's own system: what it says waits as letters until it can be posted to FeedHub's inbox."""

    letters: deque["Letter"]

    def edit(self, chance: Random, *, now: datetime) -> Told | None:
        told = super().edit(chance, now=now)
        if told:
            self._send(next(post for post in self.speaker.posts if post.number == told.post.number))
        return told

    def delete(self, chance: Random, *, now: datetime) -> Told | None:
        told = super().delete(chance, now=now)
        if told:
            self.letters.append(Letter(account=self.account.key, id=self.native_id(told.post.number), post=None))
        return told

    def native_id(self, number: int) -> str:
        """The id under which its system knows a post."""
        return f"{self.speaker.handle}-{number}"

    def _said(self, telling: Telling, text: str, *, at: datetime, above: Written | None) -> Written:
        written = super()._said(telling, text, at=at, above=above)
        self._send(written)
        return written

    def _send(self, post: Written) -> None:
        said: dict[str, Any] = {
            "account": self.account.key,
            "id": self.native_id(post.number),
            "title": post.title,
            "text": post.text,
            "published_at": post.published_at.isoformat(),
            "edited_at": post.edited_at.isoformat() if post.edited_at else None,
            "language": post.language,
            "tags": list(post.tags),
            "event": _event(post.occasion) if post.occasion else None,
            "media": [
                {"url": one.url, "type": "image", "alt": one.alt, "width": one.width, "height": one.height}
                for one in post.pictures
            ],
        }
        self.letters.append(Letter(account=self.account.key, id=said["id"], post=said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What waits to be posted to the inbox; `post` None = take the post with that id back."""

    account: str
    id: str
    post: dict[str, Any] | None


def _event(occasion: Occasion) -> dict[str, str]:
    times = {"starts_at": occasion.starts_at.isoformat(), "ends_at": occasion.ends_at.isoformat()}
    return {"name": occasion.name, "location": occasion.place, **times}


def _turns(reserve: tuple[Draft, ...], chance: Random) -> Iterator[tuple[int, Draft]]:
    """The reserve, shuffled anew each time it has been told, with how often that was."""
    drafts, lap = list(reserve), 0
    while True:
        chance.shuffle(drafts)
        yield from ((lap, draft) for draft in drafts)
        lap += 1
