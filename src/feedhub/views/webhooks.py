"""What webhooks carry: events by Standard Webhooks, each a type, a time and what it tells."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.views.api_changes import change_json
from feedhub.views.channel import rfc3339

EVENTS = ("post.published", "post.updated", "post.corrected", "post.withdrawn")
ALWAYS = EVENTS[2:]  # nobody may choose not to hear of these
CHALLENGE, TEST = "webhook.challenge", "webhook.test"


def change_event(type: str, kept: KeptPost, *, publisher: Publisher, public_url: str) -> bytes:
    """An event of a post; `data` is the change as followers of `/api/v1/changes` get it."""
    change = change_json(kept, publisher=publisher, public_url=public_url)
    return orjson.dumps({"type": type, "timestamp": change["at"], "data": change})


def challenge_event(webhook: UUID, challenge: str, *, at: datetime, publisher: Publisher) -> bytes:
    """What a new receiver must answer with the challenge."""
    return _event(CHALLENGE, {"webhook": str(webhook), "challenge": challenge}, at=at, publisher=publisher)


def trial_event(webhook: UUID, *, at: datetime, publisher: Publisher) -> bytes:
    """What is sent only to see that it arrives."""
    return _event(TEST, {"webhook": str(webhook)}, at=at, publisher=publisher)


def _event(type: str, told: dict[str, str], *, at: datetime, publisher: Publisher) -> bytes:
    return orjson.dumps({"type": type, "timestamp": rfc3339(at, ZoneInfo(publisher.time_zone)), "data": told})
