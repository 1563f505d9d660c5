"""Kept credentials: bound to their account or platform, replaced, renewed, refused, sealed anew; on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.errors import CredentialRefused
from feedhub.store.connecting import keep_connected
from feedhub.store.credentials import (
    credential_for,
    keep_credential,
    keep_renewed,
    kept_app,
    kept_credentials,
    mark_credential,
    opened,
    remove_credentials,
    seal_anew,
    serving_credentials,
    warn_of,
)
from feedhub.store.sealing import Keyring
from feedhub.store.visits import account_states
from feedhub.store.waiting import waiting_accounts
from walked import keep, register_of

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
RING = Keyring([b"a key"])
ONE, TWO = (Account(key=f"x:{name}", platform=Platform.X, department="d", handle=name) for name in ("satu", "dua"))
SHARED = Credential(platform=Platform.X, token="shared-token-0001", others={"user_id": "7"})
OWN = Credential(
    platform=Platform.X,
    account=ONE.id,
    token="own-token-0002",
    refresh_token="refresh-0003",
    issued_at=NOW,
    expires_at=NOW + timedelta(days=60),
    refresh_expires_at=NOW + timedelta(days=365),
)


@pytest.fixture
async def desk(store):
    await keep(store, register_of([ONE, TWO]))
    return store


async def test_an_accounts_own_credential_goes_before_its_platforms(desk):
    shared = await desk.write(keep_credential, SHARED, RING, at=NOW)
    own = await desk.write(keep_credential, OWN, RING, at=NOW)
    found = [await desk.read(credential_for, Platform.X, account.id) for account in (ONE, TWO)]
    assert [one.id for one in found] == [own, shared]
    assert await desk.read(credential_for, Platform.TIKTOK, ONE.id) is None
    assert opened(found[0], RING) == replace(OWN, id=own)
    assert opened(found[1], RING) == replace(SHARED, id=shared, issued_at=NOW)
    serving = await desk.read(serving_credentials)
    assert {id: kept.id for id, kept in serving.items()} == {ONE.id: own, TWO.id: shared}


async def test_a_new_one_takes_the_old_ones_place_under_a_new_id(desk):
    ids = [await desk.write(keep_credential, replace(OWN, token=f"own-token-{n}"), RING, at=NOW) for n in range(3)]
    (kept,) = await desk.read(kept_credentials)
    assert kept.id == ids[-1]
    assert len(set(ids)) == 3
    # A renewal that was under way for the old one ends in nothing.
    await desk.write(keep_renewed, replace(OWN, id=ids[0], token="late-renewal"), RING, at=NOW)
    (kept,) = await desk.read(kept_credentials)
    assert opened(kept, RING).token == "own-token-2"


async def test_renewing_brings_a_refused_and_warned_credential_back_to_life(desk):
    id = await desk.write(keep_credential, OWN, RING, at=NOW)
    await desk.write(warn_of, id, days=7)
    await desk.write(mark_credential, id, fault="X does not accept it\n any more.", at=NOW)
    (kept,) = await desk.read(kept_credentials)
    assert (kept.dead_since, kept.fault, kept.warned) == (NOW, "X does not accept it any more.", 7)
    assert "refused" in kept.state(NOW)
    later = NOW + timedelta(days=48)
    fresh = replace(OWN, id=id, token="fresh-token-0004", issued_at=later, expires_at=later + timedelta(days=60))
    await desk.write(keep_renewed, fresh, RING, at=later)
    (kept,) = await desk.read(kept_credentials)
    assert (kept.dead_since, kept.fault, kept.warned, kept.shown) == (None, None, None, "…0004")
    assert opened(kept, RING) == fresh


async def test_a_row_moved_to_another_account_or_platform_does_not_open(desk):
    id = await desk.write(keep_credential, OWN, RING, at=NOW)
    for change in ("platform = 'threads'", "account_id = NULL", f"account_id = '{TWO.id.hex}'"):
        moved = change.replace(TWO.id.hex, str(TWO.id)) if desk.database_url.startswith("postgresql") else change
        await desk.write(lambda session, sql: session.run(text(sql)), f"UPDATE credential SET {moved}")
        (kept,) = await desk.read(kept_credentials)
        with pytest.raises(CredentialRefused, match="changed or moved"):
            opened(kept, RING)
        await desk.write(keep_credential, OWN, RING, at=NOW)
        await desk.write(remove_credentials, [kept.id])
    assert id


async def test_everything_is_sealed_anew_or_nothing(desk):
    for credential in (SHARED, OWN, Credential(platform=Platform.X, token="", is_app=True, others={"client_id": "1"})):
        await desk.write(keep_credential, credential, RING, at=NOW)
    both, new = Keyring([b"new", b"a key"]), Keyring([b"new"])
    assert await desk.write(seal_anew, both) == 3
    assert await desk.write(seal_anew, both) == 0
    assert {opened(kept, new).token for kept in await desk.read(kept_credentials)} == {SHARED.token, OWN.token, ""}
    with pytest.raises(CredentialRefused):
        await desk.write(seal_anew, Keyring([b"third"]))
    assert all(new.is_newest(kept.sealed) for kept in await desk.read(kept_credentials))


async def test_our_app_is_nobodys_credential(desk):
    app = Credential(
        platform=Platform.X, token="", is_app=True, others={"client_id": "app-id-00055", "client_secret": "s"}
    )
    await desk.write(keep_credential, app, RING, at=NOW)
    assert await desk.read(credential_for, Platform.X, ONE.id) is None
    assert await desk.read(serving_credentials) == {}
    kept = await desk.read(kept_app, Platform.X)
    assert (kept.is_app, kept.shown, opened(kept, RING).others["client_secret"]) == (True, "…0055", "s")
    await desk.write(keep_credential, SHARED, RING, at=NOW)
    assert len(await desk.read(kept_credentials)) == 2


async def test_a_link_keeps_one_credential(desk):
    made_at, at = NOW, NOW + timedelta(hours=1)
    await desk.write(keep_connected, OWN, RING, made_at=made_at, at=at)
    with pytest.raises(CredentialRefused, match="used already"):
        await desk.write(keep_connected, replace(OWN, token="another-one"), RING, made_at=made_at, at=at)
    (kept,) = await desk.read(kept_credentials)
    assert opened(kept, RING).token == OWN.token
    newer = replace(OWN, token="another-one")
    await desk.write(keep_connected, newer, RING, made_at=at + timedelta(minutes=1), at=at + timedelta(hours=2))


async def test_waiting_accounts_are_counted_by_the_act_that_unlocks_them(desk):
    def end(session, outcome):
        session.run(text("UPDATE account SET outcome = :outcome"), {"outcome": outcome})

    assert await desk.read(waiting_accounts, shared={Platform.X}) == ()
    await desk.write(end, "no_credential")
    (one,) = await desk.read(waiting_accounts, shared={Platform.X})
    assert (one.is_shared, set(one.accounts)) == (True, {ONE.id, TWO.id})
    await desk.write(keep_credential, OWN, RING, at=NOW)
    shared, own = await desk.read(waiting_accounts, shared={Platform.X})
    assert (shared.accounts, own.accounts) == ((TWO.id,), (ONE.id,))
    (each,) = await desk.read(waiting_accounts, shared=set())
    assert each.sentence == "A X token each: 2 accounts wait for theirs."
    await desk.write(end, "server_error")
    assert await desk.read(waiting_accounts, shared={Platform.X}) == ()


async def test_a_near_end_is_noted_at_every_account_that_is_asked_by_it(desk):
    ends = NOW + timedelta(days=5)
    id = await desk.write(keep_credential, replace(SHARED, expires_at=ends), RING, at=NOW)
    assert {state.note for state in await desk.read(account_states)} == {None}
    await desk.write(warn_of, id, days=7)
    states = await desk.read(account_states)
    assert {state.credential_ends_at for state in states} == {ends}
    assert {state.note for state in states} == {"Its credential ends on 2026-11-07; give FeedHub a new one before."}
    assert {state.as_json()["credential_ends_at"] for state in states} == {"2026-11-07T12:00:00Z"}
