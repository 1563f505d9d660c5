"""Letters to departments' private contacts, by a real SMTP server on loopback: each occasion once, until it arrives."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, text, update

from feedhub.accounts.credential import Credential
from feedhub.errors import SettingRefused
from feedhub.posts.filters import Filters
from feedhub.store.credentials import keep_credential
from feedhub.store.letters import unsent_letters
from feedhub.store.lists import latest_posts
from feedhub.store.sealing import Keyring
from feedhub.store.search import drop_from_index
from feedhub.store.secrets import made_signing_key
from feedhub.store.tables import posts
from feedhub.store.tables_desk import letters
from feedhub.store.times import to_ms
from feedhub.sync.expiring import warn
from feedhub.wires.mail import mailer_of
from feedhub.wires.telling import deliver_letters, write_letters
from standins import answer, standin
from walked import keep, posts_in, register_of, rss, walk, webfeed
from web.newsroom import serving

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)


@dataclass
class Postbox:
    """An SMTP server's memory. `refuses`: it takes nothing just now."""

    came: list[tuple[list[str], str]] = field(default_factory=list)
    refuses: bool = False

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  # aiosmtpd's name
        if self.refuses:
            return "451 Try again later"
        self.came.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@contextmanager
def post_office() -> Iterator[tuple[Postbox, object]]:
    box = Postbox()
    with socket.socket() as door:  # the controller knocks at its own port, so it has to know it
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, mailer_of(f"smtp://127.0.0.1:{port}", "feedhub@kota.example")
    finally:
        controller.stop()


async def city(store, account, *, contacts=("admin@dinkes.example",)):
    register = register_of([account])
    departments = tuple(replace(one, contacts=contacts) for one in register.departments)
    await keep(store, replace(register, departments=departments))


async def tell(store, mailer, *, now=NOW, secret=b"k", public_url="https://kabar.example") -> int:
    await warn(store, now=now)
    await write_letters(store, public_url=public_url, secret=secret, now=now)
    return await deliver_letters(store, mailer, now=now)


async def add_token(store, account, *, ends: datetime) -> None:
    keyring = Keyring((await store.write(made_signing_key),))
    credential = Credential(
        platform=account.platform, account=account.id, token="a-token-of-twenty-letters", expires_at=ends
    )
    await store.write(keep_credential, credential, keyring, at=NOW - timedelta(days=50))


async def test_a_token_that_ends_is_told_of_at_each_threshold_once(store):
    account = webfeed("https://dinkes.example/feed")
    await city(store, account)
    await add_token(store, account, ends=NOW + timedelta(days=20))
    with post_office() as (box, mailer):
        for days in (0, 7, 8, 12, 13.5, 19.2, 19.5, 21):
            await tell(store, mailer, now=NOW + timedelta(days=days))
    assert len(box.came) == 3
    to, said = box.came[0]
    assert to == ["admin@dinkes.example"]
    assert "dinkes.example/feed" in said
    assert "a-token-of" not in said


async def test_departments_without_contacts_get_no_letters(store):
    account = webfeed("https://dinkes.example/feed")
    await city(store, account, contacts=())
    await add_token(store, account, ends=NOW + timedelta(days=2))
    with post_office() as (box, mailer):
        assert await tell(store, mailer) == 0
    assert box.came == []


async def test_a_letter_is_tried_until_it_arrives(store):
    account = webfeed("https://dinkes.example/feed")
    await city(store, account)
    await add_token(store, account, ends=NOW + timedelta(days=2))
    with post_office() as (box, mailer):
        box.refuses = True
        assert await tell(store, mailer) == 0
        assert await deliver_letters(store, mailer, now=NOW + timedelta(minutes=1)) == 0
        assert await store.read(unsent_letters, now=NOW + timedelta(minutes=1)) == ()
        box.refuses = False
        assert await deliver_letters(store, mailer, now=NOW + timedelta(minutes=6)) == 1
        assert await deliver_letters(store, mailer, now=NOW + timedelta(hours=9)) == 0
    assert len(box.came) == 1
    row = await store.read(lambda session: session.row(select(letters)))
    assert (row.letter, row.fault) == ("{}", None)


async def test_an_account_that_is_strangely_quiet_is_told_of_once(store):
    items = [(chr(97 + n) + "x", f"Kabar {n}", "Isi.") for n in range(12)]
    async with standin(answer(body=rss(*items))) as base:
        account = webfeed(base + "/feed")
        await city(store, account)
        await walk(store, account)
    newest = max(kept.published_at for kept in await posts_in(store))
    later = newest + timedelta(days=6)

    def answered(session) -> None:
        session.run(update(posts).values(backfill=False))
        session.run(text("UPDATE account SET last_success_at = :at"), {"at": to_ms(later)})

    await store.write(answered)
    with post_office() as (box, mailer):
        await tell(store, mailer, now=newest + timedelta(days=1))
        assert box.came == []
        await tell(store, mailer, now=later)
        await tell(store, mailer, now=later + timedelta(hours=2))
    assert len(box.came) == 1


async def test_what_a_rule_caught_is_told_of_with_a_link_that_can_only_stop(store):
    async with standin(answer(body=rss(("c", "Vaksin", "Gratis."), ("b", "Judi slot", "Klik.")))) as base:
        account = webfeed(base + "/feed")
        await city(store, account)
        await walk(store, account)
    caught = next(kept for kept in await store.read(latest_posts, Filters()) if kept.post.title == "Judi slot")

    def hold(session) -> None:
        held = update(posts).where(posts.c.id == caught.id)
        session.run(held.values(status="held", listed=False, held_for="links", held_since=to_ms(caught.published_at)))
        drop_from_index(session, [caught.order_key])

    await store.write(hold)
    async with serving(store.database_url, public_url="https://kabar.example", secret_key="k") as client:
        with post_office() as (box, mailer):
            assert await tell(store, mailer, now=datetime.now(UTC)) == 1
            assert await tell(store, mailer, now=datetime.now(UTC)) == 0
        said = box.came[0][1].replace("=\n", "").replace("=\r\n", "").replace("=3D", "=")
        path = re.search(r"https://kabar\.example(/stop/[\w-]+)", said)[1]
        page = await client.get(path)
        assert page.status_code == 200
        assert 'method="post"' in page.text
        assert len(await posts_in(store)) == 1  # a mail program that opens links stops nothing
        assert (await client.get(path[:-3] + "abc")).status_code == 404
        done = await client.post(path)
        assert done.status_code == 200
        assert done.headers["cache-control"] == "no-store"
    assert await posts_in(store) == ()


@pytest.mark.parametrize(
    ("url", "sender"), [("ftp://mail.example", "a@b"), ("smtp://", "a@b"), ("smtp://mail.example", "nobody")]
)
def test_a_mail_setting_that_can_not_be_used_is_named(url, sender):
    with pytest.raises(SettingRefused, match="FEEDHUB_"):
        mailer_of(url, sender)


def test_a_mailers_password_is_never_shown():
    assert "geheim" not in repr(mailer_of("smtps://desk:geheim@mail.example", "a@b.example"))
