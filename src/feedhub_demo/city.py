"""The demo city: its departments speak on every platform on loopback, with a new post every few seconds."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from random import Random
from types import TracebackType
from typing import Any, Self

from starlette.types import ASGIApp, Receive, Scope, Send

from feedhub.accounts.account import Account, Platform, Register
from feedhub.accounts.credential import Credential
from feedhub.accounts.register_file import read_register
from feedhub.store.session import Store
from feedhub_demo.articles import first_articles
from feedhub_demo.bridge import Bridge
from feedhub_demo.departments import SITES
from feedhub_demo.desk import take_one_back
from feedhub_demo.pictures import pictures_app
from feedhub_demo.platforms import STANDINS
from feedhub_demo.platforms.serving import serving_apps
from feedhub_demo.platforms.standin import PlatformStandIn, at_one_origin, behind_one_origin
from feedhub_demo.platforms.webfeed import WebFeed
from feedhub_demo.platforms.writing import Speaker
from feedhub_demo.posting import post_on
from feedhub_demo.register import channels_of, demo_register, handle_of, origin_of
from feedhub_demo.sites import Site
from feedhub_demo.standin import Asked, StandIn
from feedhub_demo.voices import InboxVoice, Letter, PlatformVoice, SiteVoice, Told, Voice
from feedhub_demo.words import Composer

USUAL_PAUSE = 20.0  # seconds between posts
FAST_PAUSE = 2.0
_EDIT_EVERY = 5  # turns: each fifth edits instead of adding
_DELETE_EVERY = 13  # and each thirteenth takes something back
_STANDING = 7  # posts of an account on a platform when the city wakes
_LOG_LENGTH = 10_000
# Nobody has given FeedHub the token of this one yet.
WAITING = "x:x.com/dishub_tirtasari"


class DemoCity:
    """`async with DemoCity(now=…) as city:` runs sites and platforms; everything stops when it ends.

    `now` is the only clock that the city reads. `pause` is in seconds and overrides `fast`;
    0 = nothing is said until `speak()`, `edit()` or `delete()`. The same `seed` says the same
    things in the same order. `log` holds the newest requests to the sites, oldest first.
    `detours` lead from every address that the register names to loopback. `letters` are what
    the inbox has not been told yet, `happened` what was done of itself.
    """

    register_toml: str
    register: Register
    sites: dict[str, StandIn]
    standins: dict[Platform, PlatformStandIn]
    voices: dict[str, Voice]
    detours: dict[str, str]

    def __init__(
        self, *, now: Callable[[], datetime], fast: bool = False, pause: float | None = None, seed: int = 20
    ) -> None:
        self.log: deque[Asked] = deque(maxlen=_LOG_LENGTH)
        self.happened: deque[Told] = deque(maxlen=_LOG_LENGTH)
        self.letters: deque[Letter] = deque()
        self._now = now
        self._pause = pause if pause is not None else FAST_PAUSE if fast else USUAL_PAUSE
        self._chance = Random(seed)
        self._composer = Composer(self._chance)
        self._tasks: list[asyncio.Task[None]] = []
        self._serving = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.standins = {Platform(kind.platform): kind(now=self._now) for kind in _KINDS}
        known = list(self.standins.values())
        platforms = [behind_one_origin(at_one_origin(one, known)) for one in known]
        sites = [self._by_slug(site) for site in SITES]
        roots = await self._serving.enter_async_context(serving_apps([pictures_app(), *sites, *platforms]))
        media, site_roots, platform_roots = f"{roots[0]}/media", roots[1 : len(sites) + 1], roots[len(sites) + 1 :]
        by_site = {site.slug: root for site, root in zip(SITES, site_roots, strict=True)}
        self.register_toml = demo_register(by_site)
        self.register = read_register(self.register_toml, name="register.toml")
        self.sites = {site.slug: self._stand_in(site, by_site[site.slug]) for site in SITES}
        self.detours = {}
        for standin, root in zip(known, platform_roots, strict=True):
            standin.media = media
            self.detours |= dict.fromkeys(standin.origins, root)
        self.voices = {account.key: self._voice(account, media) for account in self.register.accounts}
        if self._pause:
            self._begin(self._speak_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._serving.aclose()

    def speak(self, voice: Voice | None = None) -> Told:
        """Publish the next post now, on whichever account it is for."""
        return (voice or self._anybody()[0]).speak(now=self._now())

    def edit(self, voice: Voice | None = None) -> Told:
        """Add to a recent post, of somebody who can."""
        chosen = [voice] if voice else self._anybody()
        return next(told for one in chosen if (told := one.edit(self._chance, now=self._now())))

    def delete(self, voice: Voice | None = None) -> Told:
        """Take a recent post back, of somebody who can."""
        chosen = [voice] if voice else self._anybody()
        return next(told for one in chosen if (told := one.delete(self._chance, now=self._now())))

    def credentials(self) -> list[Credential]:
        """What FeedHub has been given: for every platform that wants it, but not for the account that waits.

        X takes one token for all; here each account has it for itself, so that one can lack it.
        """
        given = []
        for platform, standin in self.standins.items():
            if platform is not Platform.X and (said := standin.credential(None)):
                given.append(_credential(platform, said))
        for key, voice in self.voices.items():
            if isinstance(voice, PlatformVoice) and voice.standin and key != WAITING:
                speaker = None if voice.account.platform is Platform.X else voice.speaker
                if said := voice.standin.credential(speaker):
                    is_shared = speaker is None and voice.account.platform is not Platform.X
                    given += [] if is_shared else [_credential(voice.account.platform, said, voice.account)]
        return given

    def post_to(self, public_url: str, *, key: str) -> None:
        """Post what the inbox accounts say to FeedHub from now on."""
        self._begin(post_on(self.letters, public_url=public_url, key=key))

    def take_one_back(self, store: Store) -> None:
        """Let the city's desk withdraw a post as soon as `store` has it."""
        self._begin(take_one_back(store))

    def _anybody(self) -> list[Voice]:
        """Every voice, by chance."""
        return self._chance.sample(list(self.voices.values()), len(self.voices))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _speak_on(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(self._pause)
            turn += 1
            act = self.delete if turn % _DELETE_EVERY == 0 else self.edit if turn % _EDIT_EVERY == 0 else self.speak
            self.happened.append(act())

    def _by_slug(self, site: Site) -> ASGIApp:
        """The site's app, which is made when its address is known."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await self.sites[site.slug].app(scope, receive, send)

        return app

    def _stand_in(self, site: Site, root: str) -> StandIn:
        articles = first_articles(site.slug, self._now())
        channels = channels_of(self.register, site.slug)
        return StandIn(site, root=root, articles=articles, log=self.log, now=self._now, channels=channels)

    def _voice(self, account: Account, media: str) -> Voice:
        if account.url and account.url.startswith(tuple(site.root for site in self.sites.values())):
            return SiteVoice(account, self.sites[account.department], self._chance)
        name = _name_of(self.register, account.department)
        if account.platform is Platform.INBOX:
            speaker = Speaker(handle=account.handle or "", name=name, number=1, department=account.department)
            voice: PlatformVoice = InboxVoice(
                account=account, speaker=speaker, composer=self._composer, media=media, letters=self.letters
            )
        else:
            standin = self.standins[account.platform]
            speaker = standin.speaker(handle_of(account), name, department=account.department)
            voice = PlatformVoice(
                account=account, speaker=speaker, composer=self._composer, media=media, standin=standin
            )
            # Nothing may ask the real platform, not even at the addresses that people see.
            self.detours.setdefault(origin_of(account), self.detours[standin.origins[0]])
        voice.stand(_STANDING, self._chance, now=self._now())
        return voice


# The bridge's feeds stand for all feeds that are no department's own site.
_KINDS: tuple[type[PlatformStandIn], ...] = (*(kind for kind in STANDINS if kind is not WebFeed), Bridge)
_OWN = frozenset({"token", "refresh_token", "expires_at", "refresh_expires_at", "issued_at"})


def _credential(platform: Platform, said: Mapping[str, Any], account: Account | None = None) -> Credential:
    return Credential(
        platform=platform,
        account=account.id if account else None,
        others={name: str(value) for name, value in said.items() if name not in _OWN},
        **{name: value for name, value in said.items() if name in _OWN},
    )


def _name_of(register: Register, slug: str) -> str:
    department = next(one for one in register.departments if one.slug == slug)
    return f"{department.short_name or department.name} Kota Tirtasari"
