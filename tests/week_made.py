"""The week that developers replay: every public change of the demo city in seven invented days, one a line.

`make contract` writes it anew; tests/test_kit.py holds it against the code.
Everything in it is the demo's own: its register, its words, its pictures' names. Nothing was recorded from a platform.
"""

import gzip
import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from feedhub.accounts.account import Account, Platform, Register, Via
from feedhub.accounts.register_file import read_register
from feedhub.posts.acts import OPERATOR, ActName, ActWanted
from feedhub.posts.compare import Change
from feedhub.posts.decisions import decide, post_id
from feedhub.posts.normal import by_bridge, normal_post, with_kinds
from feedhub.posts.post import Event, Media, MediaType, Post, PostType
from feedhub.posts.seen import seen_post
from feedhub.store.acting import carry_out
from feedhub.store.changes import changes_after
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import hide_for_good, hide_gone
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.migrations import migrate
from feedhub.store.register_keeping import import_register
from feedhub.store.session import WriteSession, open_store
from feedhub.store.times import to_ms
from feedhub.views.api import Fragments
from feedhub.views.api_changes import change_document
from feedhub_demo.articles import WIB, Article, first_articles
from feedhub_demo.departments import SITES
from feedhub_demo.platforms.writing import Picture, Speaker, Written
from feedhub_demo.register import demo_register, handle_of
from feedhub_demo.standin import StandIn
from feedhub_demo.voices import InboxVoice, PlatformVoice, SiteVoice, Told, Voice
from feedhub_demo.words import Composer

FILE: Final = Path(__file__).parents[1] / "kit/week/changes.ndjson.gz"
HERE: Final = "https://kabar.tirtasari.example"
BEGIN: Final = datetime(2026, 11, 16, 6, tzinfo=WIB)  # a Monday
DAYS: Final = 7
ROOTS: Final = {site.slug: f"https://{site.slug}.tirtasari.example" for site in SITES}
REGISTER: Final[Register] = read_register(demo_register(ROOTS), name="register.toml")

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_HOURS = (6, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 11, 12, 13, 13, 14, 14, 15, 16, 17, 18, 19, 20)
_STANDING, _ARTICLES = 2, 6  # posts of an account, and of a site, when the week begins
# How often what happens, by chance, in the whole week
_PLAN = {
    "speak": 210,
    "edit": 34,
    "take_back": 12,
    "flicker": 4,
    "renew": 8,
    "mend": 12,
    "correct": 5,
    "withdraw": 7,
    "call_off": 2,
    "reinstate": 2,
    "redact": 1,
    "erase": 1,
}
# The account whose token comes on Wednesday, and the one that is broken into on Thursday
_LATE, _BROKEN_INTO = "x:x.com/dishub_tirtasari", Platform.LINKEDIN
_SPAM = ("Slot gacor malam ini, bonus seratus persen", "Pinjaman cair lima menit, tanpa syarat, klik tautan")
_WRONG = (
    "Jam yang disebut keliru; yang benar ada dalam kabar ini sekarang.",
    "Nama tempatnya keliru dan sudah kami perbaiki.",
    "Jumlahnya keliru; angka yang benar ada dalam kabar ini sekarang.",
    "Tanggal yang kami sebut semula tidak tepat.",
)
_BACK = (
    "Kabar ini terbit sebelum diperiksa; tunggu kabar berikutnya.",
    "Isinya tidak benar. Mohon tidak disebarkan lagi.",
    "Kabar ini salah alamat: layanan itu bukan milik dinas ini.",
)


@dataclass(kw_only=True)
class Week:
    """The city between two acts. `lines` are its changes so far, `shown` the newest of each post."""

    session: WriteSession
    chance: Random = field(default_factory=lambda: Random(20261116))
    now: datetime = BEGIN
    through: int = 0
    lines: list[bytes] = field(default_factory=list)
    shown: dict[UUID, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.through = take_clock(self.session)
        self._fragments, self._ticks = Fragments(), count()
        self._later: list[tuple[datetime, int, Callable[[], None]]] = []
        composer = Composer(self.chance)
        self.voices = {one.key: self._voice(one, composer) for one in REGISTER.accounts}
        self._said: dict[UUID, tuple[Voice, Article | Written]] = {}

    def live(self) -> None:
        """Seven days, in order."""
        for key, voice in self.voices.items():
            if key != _LATE:
                self.visit(voice, is_first=True)
        for name, times in _PLAN.items():
            # There must be something first that can be looked at.
            early = 0 if name == "speak" else 5
            for _ in range(times):
                self.at(self._moment(early), getattr(self, name))
        self.at(BEGIN + timedelta(days=2, hours=4), self.begin_late)
        self.at(BEGIN + timedelta(days=3, hours=11), self.break_in)
        while self._later:
            self.now, _, act = heappop(self._later)
            act()

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        heappush(self._later, (moment, next(self._ticks), act))

    # What departments do

    def speak(self) -> None:
        voice = self._anybody()
        voice.speak(now=self.now)
        self.visit(voice)

    def edit(self) -> Told | None:
        voice = self._anybody()
        told = voice.edit(self.chance, now=self.now)
        self.visit(voice)
        return told

    def take_back(self) -> None:
        """Its department deletes a post: by its own word at once, else hidden at the first word and gone at the second."""
        voice = self._anybody()
        told = voice.delete(self.chance, now=self.now)
        if told is None:
            return self.take_back()
        post = post_id(voice.account.id, _native(voice, told.post))
        self._said.pop(post, None)
        if isinstance(voice, InboxVoice):
            return self._hide(post, for_good=True)
        self._hide(post)
        return self.at(self.now + 65 * _MINUTE, lambda: self._hide(post))

    def flicker(self) -> None:
        """A platform says that a post is gone, and half an hour later that it is not."""
        post = self._any()
        self._hide(post)
        voice, said = self._said[post]
        self.at(self.now + 30 * _MINUTE, lambda: self._keep(voice, [said]))

    def renew(self) -> None:
        """The address of a picture comes to its end: a change without a version."""
        post = self._any(lambda one: one["media"] and one["account"]["platform"] == "instagram")
        self._keep(*self._picture_moved(post), change=Change.RENEWED)

    def begin_late(self) -> None:
        """An account's token comes: all that it said before is old news."""
        self.visit(self.voices[_LATE], is_first=True)

    # What the desk does

    def mend(self) -> None:
        """Its department corrects a post, and the desk says so a little later."""
        told = self.edit()
        if told is None:
            return
        post = post_id(told.account.id, _native(self.voices[told.account.key], told.post))
        soon = self.now + self.chance.randrange(4, 40) * _MINUTE
        self.at(soon, lambda: self._act(ActName.CORRECT, post, self.chance.choice(_WRONG)))

    def correct(self) -> None:
        self._act(ActName.CORRECT, self._any(), self.chance.choice(_WRONG))

    def redact(self) -> None:
        post = self._any(lambda one: one["version"] > 1)
        self._act(
            ActName.CORRECT, post, "Nomor telepon pribadi seorang warga telah dihapus dari kabar ini.", redact=True
        )

    def withdraw(self) -> None:
        self._act(ActName.WITHDRAW, self._any(), self.chance.choice(_BACK))

    def call_off(self) -> None:
        """An event that does not take place."""
        reason = "Acara ini batal karena cuaca. Jadwal baru akan diumumkan."
        self._act(ActName.WITHDRAW, self._any(lambda one: one["event"]), reason)

    def reinstate(self) -> None:
        """What was withdrawn by mistake comes back."""
        post = self._any()
        self._act(ActName.WITHDRAW, post, "Sedang diperiksa.")
        back = self.now + 3 * _HOUR
        self.at(back, lambda: self._act(ActName.REINSTATE, post, "Sudah diperiksa; isinya benar."))

    def erase(self) -> None:
        self._act(ActName.ERASE, self._any(), "Memuat data pribadi yang tidak boleh terbit.")

    def break_in(self) -> None:
        """An account is broken into: what it says is taken back, all of it is stopped, and later goes on."""
        voice = next(one for one in self.voices.values() if one.account.platform is _BROKEN_INTO)
        assert isinstance(voice, PlatformVoice)
        since, spam = self.now, [voice.speaker.write(text, at=self.now) for text in _SPAM]
        self.visit(voice)
        found = [post_id(voice.account.id, _native(voice, one)) for one in spam]
        for place, post in enumerate(found):
            self._said.pop(post)
            later = self.now + (20 + place) * _MINUTE
            self.at(later, lambda post=post: self._act(ActName.WITHDRAW, post, "Bukan dari dinas: akun ini diretas."))
        stop, before = "Akun ini diretas; kabarnya kami tahan.", since - 48 * _HOUR
        self.at(since + 25 * _MINUTE, lambda: self._act(ActName.STOP, voice.account.id, stop, since=before))
        self.voices.pop(voice.account.key)
        lift = "Akun sudah kembali di tangan dinas."
        self.at(since + 20 * _HOUR, lambda: self._act(ActName.LIFT, voice.account.id, lift))
        self.at(since + 21 * _HOUR, lambda: self.voices.update({voice.account.key: voice}))

    # How it is kept

    def visit(self, voice: Voice, *, is_first: bool = False) -> None:
        """Keep whatever the account shows now that is new or not as it was."""
        found = {post_id(voice.account.id, _native(voice, one)): one for one in _shown_by(voice)}
        fresh = [one for post, one in found.items() if post not in self._said or self._said[post][1] != one]
        self._keep(voice, fresh, is_first=is_first)

    def _keep(
        self,
        voice: Voice,
        said: list[Article | Written],
        *,
        is_first: bool = False,
        change: Change | None = None,
    ) -> None:
        number, now, account = take_clock(self.session), self.now, voice.account
        by_id = {post_id(account.id, _native(voice, one)): one for one in said}
        held, decisions = held_posts(self.session, list(by_id)), []
        for mine, one in by_id.items():
            seen = seen_post(self._read(voice, one), payload=f"{one!r}"[:40])
            found = decide(held.get(mine), seen, post=mine, now=now, is_first_visit=is_first)
            if change:
                found = replace(found, change=change, version=held[mine].version)
            decisions.append(found)
            self._said[mine] = voice, one
        newest = keep_decisions(self.session, account, decisions, number=number, now=now)
        set_clock(self.session, newest, at=to_ms(now))
        self._tell()

    def _hide(self, post: UUID, *, for_good: bool = False) -> None:
        number = take_clock(self.session)
        if for_good:
            number += 1
            hide_for_good(self.session, post, change=number, at=self.now)
        else:
            number = hide_gone(self.session, [post], number=number, at=self.now)
        set_clock(self.session, number, at=to_ms(self.now))
        self._tell()

    def _act(self, name: ActName, id: UUID, reason: str, **more: object) -> None:
        shown = self.shown.get(id)
        if name is ActName.CORRECT and shown and shown["state"] == "deleted":
            return  # taken back meanwhile
        carry_out(self.session, ActWanted(name=name, id=id, reason=reason, **more), actor=OPERATOR, at=self.now)
        self._tell()

    def _tell(self) -> None:
        """Write down what the change feed says now that it did not say before."""
        found = changes_after(self.session, self.through, most=1_000)
        for kept in found.posts:
            line = change_document(kept, publisher=REGISTER.publisher, public_url=HERE, fragments=self._fragments)
            self.lines.append(line)
            self.shown[kept.id] = json.loads(line)
        self.through = found.through

    # Who and what

    def _anybody(self) -> Voice:
        return self.voices[self.chance.choice(sorted(self.voices.keys() - {_LATE}))]

    def _any(self, fits: Callable[[dict], object] = bool) -> UUID:
        """A post of the last days that everybody sees, and that is still where it was said."""
        recent = [
            id
            for id, one in self.shown.items()
            if one["post"] and one["notice"] is None and not one["backfill"] and id in self._said and fits(one["post"])
        ]
        return self.chance.choice(recent[-60:])

    def _moment(self, early: int) -> datetime:
        """Some time in the week, by day, and less at its end; `early` hours after its beginning at least."""
        day = self.chance.choice((0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6))
        hour = self.chance.choice(_HOURS) - BEGIN.hour
        hours = max(hour, early) if day == 0 else hour
        return BEGIN + timedelta(days=day, hours=hours, seconds=self.chance.randrange(3_600))

    def _voice(self, account: Account, composer: Composer) -> Voice:
        site = next((one for one in SITES if account.url == ROOTS[one.slug] + one.feed_path), None)
        if site:
            articles = first_articles(site.slug, BEGIN)[:_ARTICLES]
            shown = StandIn(site, root=ROOTS[site.slug], articles=articles, log=deque(maxlen=1), now=lambda: self.now)
            return SiteVoice(account, shown, self.chance)
        owner = next(one for one in REGISTER.departments if one.slug == account.department)
        name = account.handle or "" if account.platform is Platform.INBOX else handle_of(account)
        speaker = Speaker(handle=name, name=owner.short_name or owner.name, number=1, department=account.department)
        told = {"account": account, "speaker": speaker, "composer": composer, "media": f"{HERE}/media"}
        voice = InboxVoice(**told, letters=deque()) if account.platform is Platform.INBOX else PlatformVoice(**told)
        voice.stand(_STANDING if account.key != _LATE else 4 * _STANDING, self.chance, now=BEGIN)
        return voice

    def _read(self, voice: Voice, said: Article | Written) -> Post:
        """The post as a connector would have read it."""
        read = _read_article(voice, said) if isinstance(said, Article) else _read_written(voice, said)
        post = with_kinds(read, REGISTER.kinds, voice.account.kind)
        return by_bridge(post) if voice.account.via is Via.BRIDGE else post

    def _picture_moved(self, post: UUID) -> tuple[Voice, list[Written]]:
        voice, said = self._said[post]
        moved = [replace(one, url=f"{one.url}?v={self.through}") for one in said.pictures]
        return voice, [replace(said, pictures=tuple(moved))]


def _shown_by(voice: Voice) -> Iterator[Article | Written]:
    yield from voice.site.articles if isinstance(voice, SiteVoice) else voice.speaker.posts


def _native(voice: Voice, said: Article | Written) -> str:
    if isinstance(voice, SiteVoice):
        return voice.site.site.id_of(said)
    return voice.native_id(said.number) if isinstance(voice, InboxVoice) else str(said.number)


def _read_article(voice: SiteVoice, said: Article) -> Post:
    root, file = voice.site.root, said.attachment
    kind = MediaType.AUDIO if (file or "").endswith(".wav") else MediaType.DOCUMENT
    return normal_post(
        native_id=_native(voice, said),
        base=root,
        title=said.title,
        html=said.html(root),
        source_url=voice.site.edition.link(said),
        media=[Media(type=kind, url=f"{root}/berkas/{file}")] if file else (),
        tags=said.tags,
        language=said.language,
        published_at=said.published_at,
        edited_at=said.changed_at if said.changed_at != said.published_at else None,
    )


def _read_written(voice: PlatformVoice, said: Written) -> Post:
    account, native, on = voice.account, _native(voice, said), said.occasion
    of = PostType.THREAD if said.answers else PostType.REPLY if said.answers_others else PostType.ORIGINAL
    return normal_post(
        native_id=native,
        title=said.title,
        text=said.text,
        source_url=f"{account.url.rstrip('/')}/{native}" if account.url else None,
        media=[_medium(one) for one in said.pictures],
        tags=said.tags,
        language=said.language,
        published_at=said.published_at,
        edited_at=said.edited_at,
        via=account.via or Via.API,
        type=PostType.REPOST if said.repeats else of,
        in_reply_to=str(said.answers) if said.answers else None,
        event=on and Event(starts_at=on.starts_at, ends_at=on.ends_at, location=on.place, name=on.name),
    )


def _medium(one: Picture) -> Media:
    return Media(
        type=MediaType.VIDEO if one.is_film else MediaType.IMAGE,
        url=one.url,
        alt=one.alt,
        width=one.width,
        height=one.height,
        duration_seconds=one.seconds,
    )


def written_week(database_url: str) -> bytes:
    """The file, unpacked. `database_url`: migrated and empty."""
    store = open_store(database_url)

    def live(session: WriteSession) -> list[bytes]:
        week = Week(session=session)
        week.live()
        return week.lines

    try:
        store.write_now(import_register, REGISTER, retire_missing=False, at=to_ms(BEGIN))
        return b"\n".join([*store.write_now(live), b""])
    finally:
        store.close_now()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/week.sqlite")
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_bytes(gzip.compress(written_week(f"sqlite:///{folder}/week.sqlite"), mtime=0))
