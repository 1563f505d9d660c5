"""Asking LinkedIn: pages by their last change, media by urn, versions, refusals, renewals; held against the stand-in."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.linkedin import PAGE, connector
from feedhub.connectors.linkedin_answers import VERSION, recent_version
from feedhub.failures import (
    BadAnswer,
    NotFound,
    PermissionMissing,
    RateLimited,
    ServerFailed,
    StatusRefused,
    TokenExpired,
    TokenRefused,
)
from feedhub.posts.post import MediaType, PostType
from feedhub_demo.platforms.linkedin import LinkedIn
from feedhub_demo.platforms.writing import Picture
from simulated import credential, serving_all
from standins import answer, standin

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Dinkes:
    """One page of the stand-in, and what a visit to it finds."""

    def __init__(self, http, platform, speaker):
        self.http, self.platform, self.speaker, self.cursor = http, platform, speaker, {}
        url = platform.account_url(speaker)
        self.account = Account(key="k", platform=Platform.LINKEDIN, department="d", url=url, handle="dinkes")
        self.credential = credential(Platform.LINKEDIN, platform.credential(speaker), self.account.id)

    async def visit(self):
        self.platform.log.clear()
        now = self.platform.now()
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=self.credential, now=now)
        self.cursor = batch.cursor
        return batch

    async def check(self, *posts):
        suspects = [Suspect(native_id=self.platform.native_id(self.speaker, post), source_url=None) for post in posts]
        now = self.platform.now()
        return await connector.check(self.http, self.account, suspects, credential=self.credential, now=now)

    @property
    def asked(self):
        return [asked.path.removeprefix("/rest/") for asked in self.platform.log]


def posts_in(batch):
    return [connector.read(one) for document in batch.documents for one in connector.split(document).payloads]


@asynccontextmanager
async def a_client(**more):
    async with Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more) as http:
        yield http


@pytest.fixture
async def dinkes():
    moment = [NOON]
    platform = LinkedIn(now=lambda: moment[0])
    platform.moment = moment
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    async with serving_all([platform]) as detours, a_client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker)


async def test_a_page_is_looked_up_once_and_an_edit_brings_an_old_post_back(dinkes):
    old = dinkes.speaker.write("Lama (sekali)", at=NOON - timedelta(days=90))
    for place in range(PAGE + 5):
        dinkes.speaker.write(f"Kabar {place} #tag_satu", at=NOON - timedelta(days=80) + HOUR * place)
    first = await dinkes.visit()
    assert dinkes.asked == ["organizations", "posts", "posts"]
    assert (len(posts_in(first)), first.covers_since) == (PAGE + 6, EVERYTHING)
    assert (first.profile.name, first.profile.handle) == ("Dinas Kesehatan", "dinkes")
    assert (await dinkes.visit()).not_modified
    assert dinkes.asked == ["posts"]
    dinkes.speaker.edit(old.number, at=NOON, text="Lama, tetapi diperbaiki")
    again = await dinkes.visit()
    assert posts_in(again)[0].content_text == "Lama, tetapi diperbaiki"
    assert posts_in(again)[0].edited_at == NOON
    assert again.covers_since < NOON - timedelta(days=79)
    assert dinkes.asked == ["posts"]


async def test_media_get_the_addresses_that_linkedin_tells(dinkes):
    pictures = (
        Picture(url="https://media.licdn.com/dms/1", alt="Pita"),
        Picture(url="https://media.licdn.com/dms/2", alt=""),
        Picture(url="https://dms.licdn.com/3", seconds=12.5),
    )
    dinkes.speaker.write("Peresmian", at=NOON - HOUR, pictures=pictures)
    (post,) = posts_in(await dinkes.visit())
    assert dinkes.asked == ["organizations", "posts", "images", "videos"]
    assert [one.url.partition("?")[0] for one in post.media] == [picture.url for picture in pictures]
    assert [one.alt for one in post.media] == ["Pita", "", None]
    assert (post.media[2].type, post.media[2].duration_seconds) == (MediaType.VIDEO, 12.5)


async def test_a_404_by_id_while_another_post_is_answered_means_gone(dinkes):
    kept, dropped = (dinkes.speaker.write(text, at=NOON - HOUR * place) for place, text in ((1, "ada"), (2, "hilang")))
    dinkes.speaker.delete(dropped.number, at=NOON)
    batch = await dinkes.check(kept, dropped)
    assert batch.gone == (dinkes.platform.native_id(dinkes.speaker, dropped),)
    assert [post.content_text for post in posts_in(batch)] == ["ada"]
    dinkes.speaker.delete(kept.number, at=NOON)
    assert (await dinkes.check(kept, dropped)).gone == ()  # nothing to compare with


async def test_a_repost_carries_an_address_and_nothing_else(dinkes):
    dinkes.speaker.write("Kata orang lain", at=NOON - HOUR, repeats=True)
    (post,) = posts_in(await dinkes.visit())
    assert (post.type, post.repost_of, post.content_text) == (PostType.REPOST, "urn:li:share:1", "")
    assert post.links == ("https://www.linkedin.com/feed/update/urn:li:share:1/",)


async def test_a_retired_version_is_replaced_by_a_recent_one_and_said(dinkes):
    dinkes.speaker.write("Kabar", at=NOON - HOUR)
    dinkes.platform.versions = frozenset({recent_version(NOON)})
    batch = await dinkes.visit()
    assert batch.cursor["version"] == recent_version(NOON) != VERSION
    assert "update FeedHub" in batch.notes[0]
    dinkes.speaker.write("Lagi", at=NOON)
    await dinkes.visit()
    assert dinkes.asked == ["posts"]  # no question in the retired version any more
    dinkes.platform.versions = frozenset()
    with pytest.raises(StatusRefused, match="no longer speaks"):
        await dinkes.visit()


async def test_a_credential_is_renewed_or_only_by_a_person(dinkes):
    dinkes.platform.moment[0] += timedelta(days=61)
    with pytest.raises(TokenExpired):
        await dinkes.visit()
    fresh = await connector.renew(dinkes.http, dinkes.credential, now=dinkes.platform.now())
    assert fresh.expires_at == dinkes.platform.now() + timedelta(days=60)
    dinkes.credential = fresh
    await dinkes.visit()
    assert await connector.renew(dinkes.http, replace(fresh, refresh_token=None), now=NOON) is None
    for wrong, failure in (
        (replace(fresh, refresh_token="other"), TokenExpired),
        (replace(fresh, others={"client_id": "x"}), TokenRefused),
    ):
        with pytest.raises(failure):
            await connector.renew(dinkes.http, wrong, now=NOON)


async def test_a_page_that_is_not_there_is_said_to_be(dinkes):
    dinkes.account = replace(dinkes.account, handle="tidak-ada", url=None)
    with pytest.raises(NotFound, match="tidak-ada"):
        await dinkes.visit()


async def test_a_page_that_the_login_does_not_serve_wants_permission(dinkes):
    dinkes.credential = replace(dinkes.credential, others={"organization": "urn:li:organization:9"})
    with pytest.raises(PermissionMissing, match="dinkes"):
        await dinkes.visit()


REFUSALS = [
    (401, {"code": "REVOKED_ACCESS_TOKEN", "message": "x"}, TokenRefused),
    (401, {"code": "EXPIRED_ACCESS_TOKEN", "message": "x"}, TokenExpired),
    (403, {"code": "ACCESS_DENIED", "message": "x"}, PermissionMissing),
    (429, {"message": "throttle APPLICATION DAY limit"}, RateLimited),
    (426, {"code": "NONEXISTENT_VERSION", "message": "x"}, StatusRefused),
    (500, {"message": "x"}, ServerFailed),
    (400, {"message": "x"}, StatusRefused),
    (200, [], BadAnswer),
    (200, {"elements": 5}, BadAnswer),
]


@pytest.mark.parametrize(("status", "body", "failure"), REFUSALS)
async def test_refusals_are_named(status, body, failure):
    held = Credential(platform=Platform.LINKEDIN, token="AQX-secret-9999")
    account = Account(key="k", platform=Platform.LINKEDIN, department="d", handle="5001")
    async with (
        standin(answer(status, body=json.dumps(body).encode())) as base,
        a_client(detours={"https://api.linkedin.com": base}) as http,
    ):
        with pytest.raises(failure) as refused:
            await connector.fetch(http, account, {}, credential=held, now=NOON)
    assert "secret" not in f"{refused.value.reason} {refused.value.remedy}"
