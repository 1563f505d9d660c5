"""What the fediverse asks of our actors, once it is known who asks: following, and following no more.

The web keeps signed requests as they come; here their signers' keys are fetched and the signatures held against them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

import orjson

from feedhub.accounts.account import Register
from feedhub.connectors.activity_follows import Act, AskedByActor, Stranger, asked_by_actor
from feedhub.errors import SignatureRefused
from feedhub.failures import AccountGone, AccountUnsupported, AddressRefused, VisitFailed
from feedhub.logs import logger
from feedhub.store.followers import (
    Follower,
    Incoming,
    add_follower,
    drop_incoming,
    follows_of,
    note_answer,
    put_off_incoming,
    remove_follower,
    take_incoming,
    unanswered_followers,
)
from feedhub.store.message_signatures import Claim, SignedRequest, claim_of
from feedhub.store.register import kept_register
from feedhub.views.activity import acceptance
from feedhub.views.activity_actor import CITY, actor_url
from feedhub.wires.activity_signing import FORMS, Signer

_AT_ONCE = 20
_PATIENCE = 20.0  # seconds for one server
_KEYS_LAST, _KEYS_AT_LEAST = timedelta(days=1), timedelta(minutes=5)
_MOST_KEYS = 5_000  # actors whose keys are remembered
# A server that can't be asked now is asked again, three times within the hours that a signature lasts.
_AGAIN = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=2))
_FIRST_ANSWER, _ANSWERS = timedelta(seconds=10), 12  # doubled each time: eleven hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What came in and what is owed for it."""

    signer: Signer
    _known: dict[str, tuple[datetime, Stranger]] = field(default_factory=dict)

    async def look(self, now: datetime) -> None:
        """Look at what came; what one server sent in its order, servers beside each other."""
        waiting = await self.signer.store.write(take_incoming, now=now, most=_AT_ONCE)
        groups: dict[str, list[Incoming]] = defaultdict(list)
        for one in waiting:
            groups[one.origin].append(one)
        await asyncio.gather(*(self._look_at(group, now) for group in groups.values()))

    async def answer(self, now: datetime) -> None:
        """Tell those who asked to follow that they do."""
        owed = await self.signer.store.read(unanswered_followers, now=now, most=_AT_ONCE)
        await asyncio.gather(*(self._accept(one, now) for one in owed))

    async def _look_at(self, group: Sequence[Incoming], now: datetime) -> None:
        for one in group:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._take(one, now)
            except (SignatureRefused, AccountUnsupported, AddressRefused, AccountGone) as error:
                # Who it is that follows, or claims to, is nobody's business.
                logger().info("activity.refused", at=one.origin, reason=type(error).__name__)
            except (VisitFailed, TimeoutError) as error:
                logger().info("activity.waits", at=one.origin, reason=type(error).__name__)
                if one.tries < len(_AGAIN):
                    until = now + _AGAIN[one.tries]
                    await self.signer.store.write(put_off_incoming, one.digest, tries=one.tries + 1, until=until)
                    continue
            await self.signer.store.write(drop_incoming, one.digest)

    async def _take(self, one: Incoming, now: datetime) -> None:
        asked = asked_by_actor(one.body)
        if asked is None:
            return
        store, register = self.signer.store, await self.signer.store.read(kept_register)
        if asked.act is Act.DELETE:
            await self._forget(asked, now)
        elif asked.act is Act.UNDO:
            await self._signed(one, asked.actor, now)
            await self._undo(asked)
        elif (wanted := _name_in(asked.whom, self.signer.public_url)) in _names(register):
            who = await self._signed(one, asked.actor, now)
            told_at = who.shared_inbox or who.inbox
            await store.write(
                add_follower, actor=who.id, topic=wanted, inbox=who.inbox, told_at=told_at, follow=asked.follow, at=now
            )
            logger().info("activity.followed", topic=wanted, at=urlsplit(told_at).hostname)

    async def _undo(self, asked: AskedByActor) -> None:
        """By the name that was followed, even if the department has another one by now; else by the Follow's id."""
        store = self.signer.store
        topics: tuple[str, ...] = (_name_in(asked.whom, self.signer.public_url),)
        if not asked.whom:
            topics = await store.read(follows_of, asked.actor, follow=str(asked.follow.get("id")))
        for topic in topics:
            await store.write(remove_follower, actor=asked.actor, topic=topic)

    async def _forget(self, asked: AskedByActor, now: datetime) -> None:
        """An actor that says it was deleted has no key any more: its server's word is asked for instead."""
        try:
            await self.signer.stranger(asked.actor, now=now)
        except AccountGone:
            await self.signer.store.write(remove_follower, actor=asked.actor)

    async def _signed(self, one: Incoming, actor: str, now: datetime) -> Stranger:
        """Who signed it, if that is the actor that it names.

        Raises:
            SignatureRefused: it is not.
            VisitFailed: its server could not be asked.
        """
        # The time was held against the clock when it came; what waited since is not too old for that.
        request = SignedRequest(method="POST", url=self._url(one.path), headers=one.headers, body=one.body)
        claim = claim_of(request, now=one.at)
        fetched_at, who = self._known.get(actor, (now - 2 * _KEYS_LAST, None))
        if who is not None and now - fetched_at < _KEYS_LAST and _fits(claim, who):
            return who
        if (
            who is None or now - fetched_at >= _KEYS_AT_LEAST
        ):  # a key may have been changed; strangers can't make us ask often
            who = await self.signer.stranger(actor, now=now)
            if len(self._known) >= _MOST_KEYS:
                self._known.clear()
            self._known[actor] = now, who
        if not _fits(claim, who):
            raise SignatureRefused(f"{actor} did not sign what was said in its name.")
        return who

    async def _accept(self, one: Follower, now: datetime) -> None:
        actor = actor_url(self.signer.public_url, one.topic)
        body = orjson.dumps(acceptance(one.follow, actor=actor))
        for form in FORMS:
            try:
                answer = await self.signer.post(one.inbox, body, name=one.topic, form=form, now=now)
            except VisitFailed:
                break
            if 200 <= answer.status < 300:  # noqa: PLR2004  # success
                await self.signer.store.write(note_answer, one, accepted_at=now, again_at=None)
                return
            if answer.status not in {401, 403}:
                break
        again_at = now + _FIRST_ANSWER * 2**one.tries if one.tries < _ANSWERS else None
        await self.signer.store.write(note_answer, one, accepted_at=None, again_at=again_at)

    def _url(self, path: str) -> str:
        return self.signer.public_url + path


def _name_in(id: str, public_url: str) -> str:
    """The name in the id of an actor of ours; "" where it is nobody's."""
    root = f"{public_url}/ap/"
    return unquote(id.removeprefix(root)) if id.startswith(root) else ""


def _names(register: Register) -> frozenset[str]:
    return frozenset({CITY, *(one.slug for one in register.departments)})


def _fits(claim: Claim, who: Stranger) -> bool:
    return claim.key in who.keys and claim.fits(who.keys[claim.key])
