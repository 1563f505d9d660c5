"""Asking TikTok: pages, gaps, what is unchanged, whose token it is, refusals, renewals; held against the stand-in."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.tiktok import connector
from feedhub.failures import (
    BadAnswer,
    CredentialMissing,
    PermissionMissing,
    RateLimited,
    ServerFailed,
    StatusRefused,
    TokenExpired,
    TokenRefused,
)
from feedhub_demo.platforms.tiktok import TikTok
from simulated import credential, serving_all
from standins import answer, standin

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Dinkes:
    """One account of the stand-in, and what a visit to it finds."""

    def __init__(self, http, platform, speaker):
        self.http, self.platform, self.speaker = http, platform, speaker
        self.account = Account(
            key="k", platform=Platform.TIKTOK, department="d", url=platform.account_url(speaker), handle="dinkes"
        )
        self.credential = credential(Platform.TIKTOK, platform.credential(speaker), self.account.id)
        self.cursor = {}

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

    def texts(self, batch):
        split = [one for document in batch.documents for one in connector.split(document).payloads]
        return [connector.read(payload).content_text for payload in split]

    @property
    def lists(self):
        return sum("/list/" in asked.path for asked in self.platform.log)


@asynccontextmanager
async def a_client(**more):
    async with Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more) as http:
        yield http


@pytest.fixture
async def dinkes():
    moment = [NOON]
    platform = TikTok(now=lambda: moment[0])
    platform.moment = moment
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    async with serving_all([platform]) as detours, a_client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker)


async def test_a_first_visit_takes_a_few_pages_and_the_next_ones_the_newest(dinkes):
    for place in range(8):
        dinkes.speaker.write(f"Kabar {place}", at=NOON - timedelta(days=9 - place))
    batch = await dinkes.visit()
    assert dinkes.texts(batch) == [f"Kabar {place}" for place in reversed(range(8))]  # pages of six, as they come
    assert (dinkes.lists, batch.covers_since) == (2, EVERYTHING)
    assert (batch.profile.native_id, batch.profile.name, batch.profile.handle) == (
        "open-1",
        "Dinas Kesehatan",
        "dinkes",
    )
    again = await dinkes.visit()
    assert (again.not_modified, again.documents, dinkes.lists) == (True, (), 1)
    assert again.profile.handle == "dinkes"  # from the address of a video, at no price
    dinkes.speaker.write("Kabar 8", at=NOON)
    newer = await dinkes.visit()
    assert dinkes.texts(newer)[0] == "Kabar 8"
    assert (dinkes.lists, newer.covers_since) == (1, NOON - timedelta(days=6) + timedelta(seconds=1))


async def test_a_gap_is_paged_back_to_the_last_known_video(dinkes):
    dinkes.speaker.write("Dulu", at=NOON - timedelta(days=3))
    await dinkes.visit()
    for place in range(20):
        dinkes.speaker.write(f"Kabar {place}", at=NOON - timedelta(hours=30 - place))
    batch = await dinkes.visit()
    assert len(dinkes.texts(batch)) == 21
    assert dinkes.lists == 4


async def test_what_is_left_out_of_a_lookup_is_gone_and_covers_are_renewed(dinkes):
    kept, dropped = (dinkes.speaker.write(text, at=NOON - HOUR * place) for place, text in ((1, "ada"), (2, "hilang")))
    dinkes.speaker.delete(dropped.number, at=NOON)
    batch = await dinkes.check(kept, dropped)
    assert batch.gone == (dinkes.platform.native_id(dinkes.speaker, dropped),)
    assert "ada" in dinkes.texts(batch)
    (document,) = batch.documents
    assert b"x-expires" in document.body


async def test_without_any_video_to_compare_with_nothing_is_called_gone(dinkes):
    only = dinkes.speaker.write("satu-satunya", at=NOON - HOUR)
    dinkes.speaker.delete(only.number, at=NOON)
    batch = await dinkes.check(only)
    assert (batch.gone, batch.documents) == ((), ())


async def test_a_token_of_another_account_brings_nothing_in(dinkes):
    other = dinkes.platform.speaker("orang.lain", "Orang Lain")
    other.write("Bukan kabar dinas", at=NOON - HOUR)
    own = dinkes.credential
    dinkes.credential = credential(Platform.TIKTOK, dinkes.platform.credential(other), dinkes.account.id)
    with pytest.raises(TokenRefused, match=r"belongs to @orang\.lain, not to dinkes"):
        await dinkes.visit()
    dinkes.credential = own
    await dinkes.visit()
    dinkes.speaker.handle = "dinkes.baru"  # a rename is no other account
    dinkes.platform.tokens["dinkes.baru"] = dinkes.platform.tokens.pop("dinkes")
    dinkes.platform.speakers["dinkes.baru"] = dinkes.speaker
    dinkes.platform.moment[0] += timedelta(hours=20)
    assert (await dinkes.visit()).profile.handle == "dinkes.baru"


async def test_refresh_tokens_rotate_and_a_token_that_is_over_is_refused(dinkes):
    dinkes.platform.moment[0] += timedelta(hours=25)
    with pytest.raises(TokenRefused):
        await dinkes.visit()
    fresh = await connector.renew(dinkes.http, dinkes.credential, now=dinkes.platform.now())
    assert fresh.refresh_token != dinkes.credential.refresh_token
    assert fresh.expires_at == dinkes.platform.now() + timedelta(days=1)
    assert fresh.id == dinkes.credential.id
    assert all("act." not in asked.query and "rft." not in asked.query for asked in dinkes.platform.log)
    with pytest.raises(TokenExpired):  # the old one is used up
        await connector.renew(dinkes.http, dinkes.credential, now=dinkes.platform.now())
    wrong = replace(fresh, others=fresh.others | {"client_secret": "x"})
    with pytest.raises(TokenRefused, match="FeedHub's app"):
        await connector.renew(dinkes.http, wrong, now=dinkes.platform.now())
    assert await connector.renew(dinkes.http, replace(fresh, refresh_token=None), now=NOON) is None


async def test_without_a_credential_nothing_is_asked(dinkes):
    dinkes.credential = None
    with pytest.raises(CredentialMissing):
        await dinkes.visit()


ENVELOPES = [
    (200, '{"data":{},"error":{"code":"access_token_invalid","message":"x","log_id":"1"}}', TokenRefused),
    (401, '{"data":{},"error":{"code":"access_token_invalid","message":"x","log_id":"1"}}', TokenRefused),
    (
        401,
        '{"data":{},"error":{"code":"scope_not_authorized","message":"The user did not authorize video.list."}}',
        PermissionMissing,
    ),
    (200, '{"data":{},"error":{"code":"scope_permission_missed","message":"Add scope."}}', PermissionMissing),
    (429, '{"data":{},"error":{"code":"rate_limit_exceeded","message":"x"}}', RateLimited),
    (500, '{"data":{},"error":{"code":"internal_error","message":"x"}}', ServerFailed),
    (400, '{"data":{},"error":{"code":"invalid_params","message":"x"}}', StatusRefused),
    (200, '{"data":{},"error":{"code":"something_new"}}', StatusRefused),
    (200, "[]", BadAnswer),
    (200, '{"data":{"videos":"x"},"error":{"code":"ok"}}', BadAnswer),
    (200, "<html></html>", BadAnswer),
    (502, "", ServerFailed),
]


@pytest.mark.parametrize(("status", "body", "failure"), ENVELOPES)
async def test_refusals_are_named(status, body, failure):
    held = Credential(platform=Platform.TIKTOK, token="act.secret-9999")
    asked = Account(key="k", platform=Platform.TIKTOK, department="d", handle="dinkes")
    async with (
        standin(answer(status, body=body.encode())) as base,
        a_client(detours={"https://open.tiktokapis.com": base}) as http,
    ):
        with pytest.raises(failure) as refused:
            await connector.fetch(http, asked, {"day": "2026-11-02"}, credential=held, now=NOON)
    assert "secret" not in f"{refused.value.reason} {refused.value.remedy}"
    if failure is RateLimited:
        assert refused.value.retry_at == NOON + timedelta(minutes=1)
