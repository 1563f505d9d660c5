"""Asking with credentials: renewed once and kept before use, refused in one sentence, nothing lost, nothing told."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import Batch, Connector, Need
from feedhub.errors import StoreBusy
from feedhub.failures import CredentialMissing, TokenExpired, TokenRefused, Unreachable
from feedhub.logs import set_up_logs
from feedhub.store.credentials import credential_for, keep_credential, kept_credentials, opened
from feedhub.store.hosts import due_accounts
from feedhub.store.sealing import Keyring
from feedhub.store.tables import accounts
from feedhub.store.tables_desk import credentials
from feedhub.store.times import to_ms
from feedhub.store.visits import account_states
from feedhub.sync import asking
from feedhub.sync.asking import ask, credential_of
from feedhub.sync.expiring import warn, warned_days
from feedhub.sync.serving import walking
from feedhub_demo.platforms.tiktok import TikTok
from feedhub_demo.platforms.x import X
from simulated import simulated
from walked import OPTIONS, keep, register_of
from web.newsroom import serving

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACCOUNT = Account(key="tiktok:dinkes", platform=Platform.TIKTOK, department="dinkes", handle="dinkes")
HELD = Credential(
    platform=Platform.TIKTOK,
    account=ACCOUNT.id,
    token="act.old-0000",
    refresh_token="rft.0",
    issued_at=NOW - 20 * HOUR,
    expires_at=NOW + 4 * HOUR,
)
KEYS = (b"the key of these tests",)


class Platformed:
    """A connector that counts, and looks into the store as a visit would find it."""

    def __init__(self, store) -> None:
        self.store, self.renewals, self.used, self.failure = store, 0, [], None
        self.connector = Connector(
            platform=Platform.TIKTOK, fetch=self.fetch, split=None, read=None, need=Need.ACCOUNT, renew=self.renew
        )

    async def renew(self, _http, credential, *, now):
        self.renewals += 1
        await asyncio.sleep(0.05)
        if self.failure is not None:
            raise self.failure
        number = self.renewals
        return replace(
            credential, token=f"act.new-{number:04}", refresh_token=f"rft.{number}", issued_at=now, expires_at=now + DAY
        )

    async def fetch(self, _http, _account, _cursor, *, credential, now):  # noqa: ARG002
        kept = await self.store.read(credential_for, Platform.TIKTOK, ACCOUNT.id)
        assert opened(kept, Keyring(KEYS)).token == credential.token  # kept before it is used
        self.used.append(credential.token)
        if isinstance(self.failure, TokenRefused):
            raise self.failure
        return Batch()


@asynccontextmanager
async def at_work(store, credential=HELD):
    await keep(store, register_of([ACCOUNT]))
    if credential is not None:
        await store.write(keep_credential, credential, Keyring(KEYS), at=NOW - 20 * HOUR)
    async with walking(store, replace(OPTIONS, credential_keys=KEYS), clock=lambda: NOW) as walk:
        yield walk.means, Platformed(store)


async def due(store):
    (found,) = await store.read(due_accounts, ["open.tiktokapis.com"], due=to_ms(NOW + 400 * DAY))
    return found


async def test_visits_at_once_renew_once_and_keep_before_use(store):
    async with at_work(store) as (means, platform):
        one = await due(store)
        await asyncio.gather(*(ask(means, None, platform.connector, one, now=NOW) for _ in range(8)))
        assert (platform.renewals, set(platform.used)) == (1, {"act.new-0001"})
        kept = opened((await store.read(kept_credentials))[0], Keyring(KEYS))
        assert (kept.refresh_token, kept.expires_at) == ("rft.1", NOW + DAY)
        await ask(means, None, platform.connector, one, now=NOW + HOUR)
        assert platform.renewals == 1


async def test_a_renewed_credential_is_kept_though_the_store_is_busy(store, monkeypatch):
    """Where the platform rotates, whatever is not kept is lost: the one before it is dead already."""
    monkeypatch.setattr(asking, "_KEEP_AGAIN", (0.0, 0.0))
    busy = iter([True, True, False])

    def keep_renewed(*args, **named):
        if next(busy):
            raise StoreBusy("busy")
        return kept_renewed(*args, **named)

    kept_renewed = asking.keep_renewed
    monkeypatch.setattr(asking, "keep_renewed", keep_renewed)
    async with at_work(store) as (means, platform):
        await ask(means, None, platform.connector, await due(store), now=NOW)
        assert (platform.renewals, platform.used) == (1, ["act.new-0001"])
        assert opened((await store.read(kept_credentials))[0], Keyring(KEYS)).refresh_token == "rft.1"


async def test_a_renewal_that_fails_costs_nothing_while_the_token_lasts(store):
    async with at_work(store) as (means, platform):
        platform.failure = Unreachable("TikTok can't be reached.")
        one = await due(store)
        await ask(means, None, platform.connector, one, now=NOW)
        assert platform.used == ["act.old-0000"]
        with pytest.raises(Unreachable):
            await ask(means, None, platform.connector, one, now=NOW + 5 * HOUR)
        platform.failure = None
        await ask(means, None, platform.connector, one, now=NOW + 6 * HOUR)
        assert platform.used[-1] == "act.new-0003"


async def test_a_refused_renewal_is_told_without_asking_again_for_an_hour(store):
    async with at_work(store) as (means, platform):
        platform.failure = TokenExpired("TikTok's permission ran out.")
        later = NOW + 5 * HOUR
        for minutes in (0, 20, 40, 59):
            with pytest.raises((TokenExpired, TokenRefused), match="permission ran out"):
                await credential_of(means, None, platform.connector, ACCOUNT, now=later + timedelta(minutes=minutes))
        assert platform.renewals == 1
        with pytest.raises(TokenExpired):
            await credential_of(means, None, platform.connector, ACCOUNT, now=later + HOUR)
        with pytest.raises((TokenExpired, TokenRefused)):
            await credential_of(means, None, platform.connector, ACCOUNT, now=later + HOUR + HOUR / 2)
        assert platform.renewals == 2


async def test_without_a_credential_the_remedy_is_a_link(store):
    async with at_work(store, None) as (means, platform):
        with pytest.raises(CredentialMissing) as missing:
            await credential_of(means, None, platform.connector, ACCOUNT, now=NOW)
        assert f"feedhub credentials link {ACCOUNT.id}" in missing.value.remedy
        shared = replace(HELD, account=None)
        await store.write(keep_credential, shared, Keyring(KEYS), at=NOW)
        with pytest.raises(CredentialMissing):  # another account's token would bring in another's posts
            await credential_of(means, None, platform.connector, ACCOUNT, now=NOW)


async def test_a_key_that_is_lost_is_said_at_the_account(store):
    async with at_work(store) as (means, platform):
        lost = replace(means, keyring=Keyring([b"another key"]))
        with pytest.raises(TokenRefused, match="FEEDHUB_CREDENTIALS_KEY"):
            await credential_of(lost, None, platform.connector, ACCOUNT, now=NOW)


async def test_a_refused_token_is_one_sentence_everywhere_no_traffic_and_no_loss(store):
    async with simulated(store, [X]) as city:
        opened_ = [await city.open(X, handle) for handle in ("dinkes", "dishub", "dinsos")]
        x = city.standins[X]
        await city.live(3 * HOUR)
        x.faults.expired = True
        for place, one in enumerate(opened_):
            one.speaker.write(f"Terlewat {place}", at=city.now())
        await city.live(3 * HOUR)
        states = await store.read(account_states)
        assert {state.outcome for state in states} == {"token_refused"}
        assert len({state.sentence for state in states}) == 1
        x.log.clear()
        await city.live(8 * HOUR)
        assert len(x.log) <= 9  # one try an hour, whoever makes it
        x.faults.expired = False
        await city.live(8 * HOUR)
        await city.hold_against_truth()
        assert {state.outcome for state in await store.read(account_states)} <= {"ok", "not_modified"}


async def test_no_secret_is_in_logs_pages_answers_errors_or_the_database(store, capsys):  # noqa: PLR0915 - one look at all of them
    set_up_logs("json")
    try:
        async with simulated(store, [TikTok, X]) as city:
            secrets = {
                str(said["token"]) for kind in (TikTok, X) for said in [city.standins[kind].credential(None)] if said
            }
            spoken = [await city.open(TikTok, "dinkes"), await city.open(X, "dishub")]
            for one in spoken:
                one.speaker.write("Kabar", at=city.now())
            city.later(30 * HOUR, lambda: setattr(city.standins[TikTok].faults, "expired", True))
            city.later(40 * HOUR, lambda: setattr(city.standins[X].faults, "expired", True))
            for tokens in range(60):
                await city.live(HOUR)
                secrets |= {token for said in city.standins[TikTok].tokens.values() for token in said[:2]}
                secrets |= {"aw-the-citys-secret"} if tokens else set()
            assert city.standins[TikTok].renewals >= 1
            told = json.dumps([report.reason for report in city.reports])
            told += json.dumps([state.as_json() for state in await store.read(account_states)])
            asked = [f"{one.path}?{one.query}" for kind in (TikTok, X) for one in city.standins[kind].log]
        async with serving(store.database_url) as client:
            for path in ("/status", "/metrics", "/api/v1/accounts", "/api/v1/posts", "/openapi.json"):
                told += (await client.get(path)).text
        logs = capsys.readouterr()
    finally:
        structlog.reset_defaults()
    assert len(secrets) > 4
    assert "credential.renewed" in logs.err
    rows = await store.read(lambda session: session.rows(kept_rows()))
    kept = b"".join(bytes(cell) for row in rows for cell in row if isinstance(cell, bytes | memoryview))
    for secret in secrets:
        assert secret not in told
        assert secret not in logs.err + logs.out
        assert not [one for one in asked if secret in one]
        assert secret.encode() not in kept
        if store.database_url.startswith("sqlite"):
            path = store.database_url.removeprefix("sqlite:///")
            for ending in ("", "-wal"):
                with open(path + ending, "rb") as file:  # noqa: ASYNC230, PTH123
                    assert secret.encode() not in file.read()


def kept_rows():
    return credentials.select()


# Warnings


def ending(**more):
    return replace(HELD, refresh_expires_at=NOW + 30 * DAY, **more)


async def test_warnings_come_14_7_and_1_days_before_the_end_once_each(store):
    await keep(store, register_of([ACCOUNT]))
    await store.write(keep_credential, ending(), Keyring(KEYS), at=NOW)
    with structlog.testing.capture_logs() as logs:
        for hours in range(0, 31 * 24, 6):
            await warn(store, now=NOW + hours * HOUR)
    said = [entry for entry in logs if entry["event"] == "credential.expiring"]
    assert [entry["days"] for entry in said] == [14, 7, 1]
    assert {entry["shown"] for entry in said} == {"…0000"}
    assert not [entry for entry in logs if "act.old" in repr(entry)]
    (state,) = await store.read(account_states)
    assert state.credential_ends_at == NOW + 30 * DAY


async def test_what_renews_itself_warns_nobody_unless_renewing_fails(store):
    await keep(store, register_of([ACCOUNT]))
    month = replace(HELD, issued_at=NOW, expires_at=NOW + 60 * DAY)
    await store.write(keep_credential, month, Keyring(KEYS), at=NOW)
    (kept,) = await store.read(kept_credentials)
    warnings = {day: warned_days(kept, NOW + day * DAY) for day in (0, 40, 47, 48, 50, 54, 59, 61)}
    assert warnings == {0: None, 40: None, 47: None, 48: None, 50: 14, 54: 7, 59: 1, 61: None}


async def test_status_metrics_and_page_tell_of_ends_and_of_what_waits(store):
    await keep(store, register_of([ACCOUNT]))
    soon = datetime.now(UTC) + 5 * DAY
    id = await store.write(keep_credential, replace(HELD, refresh_expires_at=soon), Keyring(KEYS), at=NOW)
    await warn(store, now=datetime.now(UTC))
    async with serving(store.database_url) as client:
        page, metrics = (await client.get("/status")).text, (await client.get("/metrics")).text
        assert "Tokennya berakhir pada" in page
        line = next(line for line in metrics.splitlines() if line.startswith("feedhub_credential_expires_seconds{"))
        assert f'credential="{id}"' in line
        assert 0 < float(line.rpartition(" ")[2]) < 5 * 86_400
    await store.write(lambda session: session.run(waits()))
    async with serving(store.database_url) as client:
        page, metrics = await client.get("/status"), await client.get("/metrics")
        assert "Satu token TikTok ditunggu oleh satu akun." in page.text
        assert 'feedhub_accounts_waiting{platform="tiktok"} 1.0' in metrics.text


def waits():
    return accounts.update().values(outcome="no_credential")
