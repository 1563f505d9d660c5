"""Posts by mail: only who confirmed gets them, one click ends them, and what is taken back is told of."""

import re
import smtplib
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from feedhub.accounts.kinds import Kind
from feedhub.errors import TooManyLetters
from feedhub.store.mail_lists import Cadence, MailWish, ask_for_mail
from feedhub.store.tables_wires import subscriptions
from feedhub.wires.engine import Engine
from feedhub.wires.mail import mail_fault, mailer_of
from feedhub.wires.mailing import AlertWire, DigestWire, Letters
from web.newsroom import NOW, RESCUE, Newsroom, numbered, open_newsroom, serving
from wires.post_office import Office, post_office
from wires.wired import Hours

SECRET = "a-secret-of-the-tests"
LINK = re.compile(r"http[^\s>]+/mail/(?:confirm|stop)/[\w=-]+")


@dataclass
class City:
    """A newsroom that mails."""

    newsroom: Newsroom
    office: Office
    engine: Engine
    hours: Hours

    async def ask(self, **form: str):
        said = {"email": "warga@contoh.id", "cadence": "daily", "department": "", "language": "id", **form}
        return await self.newsroom.client.post("/mail", data=said)

    async def confirm(self, address: str = "warga@contoh.id") -> None:
        await self.engine.once()
        link = link_in(self.office.to(address)[-1], "confirm")
        assert (await self.newsroom.client.get(link)).status_code == 200
        assert (await self.newsroom.client.post(link)).status_code == 200

    async def subscriptions(self) -> int:
        counted = select(func.count().label("many")).select_from(subscriptions)
        return (await self.newsroom.store.read(lambda session: session.row(counted))).many


def link_in(message, act: str) -> str:
    found = [link for link in LINK.findall(message.get_body(("plain",)).get_content()) if f"/mail/{act}/" in link]
    return found[0].removeprefix("https://kabar.example")


@asynccontextmanager
async def mailing(database_url, store, office, *, alerting=("bpbd",)):
    await open_newsroom(store)
    settings = {"smtp_url": office.url, "mail_from": "kabar@kota.example", "alert_departments": ",".join(alerting)}
    async with serving(database_url, secret_key=SECRET, **settings) as client:
        hours = Hours(at=datetime.now(UTC) + timedelta(minutes=1))  # the web has a clock of its own
        letters = Letters(
            store=store,
            mailer=mailer_of(office.url, "kabar@kota.example"),
            public_url="https://kabar.example",
            secret=SECRET.encode(),
            now=hours,
        )
        wires = [AlertWire(letters=letters, departments=frozenset(alerting)), DigestWire(letters=letters)]
        engine = Engine(store=store, wires=wires, public_url="https://kabar.example", now=hours)
        yield City(newsroom=Newsroom(store=store, client=client), office=office, engine=engine, hours=hours)


@pytest.fixture
def office():
    with post_office() as opened:
        yield opened


def alarm(number: int, **changes):
    return replace(numbered(number), kinds=(Kind.EMERGENCY,), **changes)


async def test_nobody_gets_anything_but_the_question_before_they_confirm(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        assert "lewat surel" in (await city.newsroom.client.get("/privacy")).text
        assert (await city.ask(cadence="now")).status_code == 200
        await city.engine.once()
        await city.newsroom.publish(alarm(1), account=RESCUE)
        await city.engine.once()
        assert [message["Subject"] for _, message in office.came] == ["Konfirmasi langganan kabar Kota Contoh"]
        await city.confirm()
        await city.newsroom.publish(alarm(2), account=RESCUE)
        await city.engine.once()
        subjects = [message["Subject"] for _, message in office.came]
        assert subjects[1:] == ["DARURAT, Badan Penanggulangan Bencana Daerah: Kabar 2"]


async def test_an_alert_goes_out_only_for_emergencies_of_departments_that_may_and_never_for_old_ones(
    database_url, store, office
):
    async with mailing(database_url, store, office) as city:
        await city.ask(cadence="now")
        await city.confirm()
        old = replace(alarm(3), published_at=NOW - timedelta(days=9))
        await city.newsroom.publish(alarm(1))  # of a department that may not alert
        await city.newsroom.publish(replace(numbered(2), kinds=(Kind.NEWS,)), old, account=RESCUE)
        await city.engine.once()
        assert len(office.came) == 1
        assert (await city.ask(cadence="now", department="dinkes")).status_code == 422


async def test_who_was_alarmed_is_told_when_the_alarm_is_taken_back_and_never_what_it_said(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        for address in ("satu@contoh.id", "dua@contoh.id"):
            await city.ask(email=address, cadence="now")
            await city.confirm(address)
            if address == "satu@contoh.id":
                await city.newsroom.publish(alarm(1, content_text="Tsunami dalam satu jam."), account=RESCUE)
                await city.engine.once()
        await city.newsroom.withdraw(alarm(1), account=RESCUE, reason="Peringatan itu keliru.")
        await city.engine.once()
        ends = [(to, one) for to, one in office.came if one["Subject"].startswith("DITARIK")]
        assert [to for to, _ in ends] == ["satu@contoh.id"]
        assert "Peringatan itu keliru." in ends[0][1].get_body(("plain",)).get_content()
        assert "Tsunami" not in ends[0][1].as_string()


async def test_a_digest_gathers_a_day_into_one_letter_without_what_was_taken_back(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        await city.ask(department="dinkes")
        await city.confirm()
        first, second, other = numbered(1), numbered(2), numbered(3)
        await city.newsroom.publish(first, second)
        await city.newsroom.publish(other, account=RESCUE)
        await city.engine.once()
        assert len(office.came) == 1  # only the question: it is not seven in the morning
        await city.newsroom.withdraw(second)
        city.hours.pass_by(days=1)
        await city.engine.once()
        await city.engine.once()
        [digest] = office.to("warga@contoh.id")[1:]
        text, html = (digest.get_body((form,)).get_content() for form in ("plain", "html"))
        assert digest["Subject"] == "Kabar hari ini, Dinas Kesehatan: 1 kiriman"
        for said in (text, html):
            assert "Kabar 1" in said
            assert "Kabar 2" not in said
            assert "Kabar 3" not in said
        city.hours.pass_by(days=1)
        await city.engine.once()
        assert len(office.came) == 2  # nothing new, no letter


async def test_one_click_of_a_mail_program_ends_it_and_forgets_the_address(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        await city.ask()
        await city.confirm()
        await city.newsroom.publish(numbered(1))
        city.hours.pass_by(days=1)
        await city.engine.once()
        letter = office.to("warga@contoh.id")[-1]
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = letter["List-Unsubscribe"].strip("<>").removeprefix("https://kabar.example")
        assert (await city.newsroom.client.get(address)).status_code == 200
        assert await city.subscriptions() == 1  # looking ends nothing
        body = {"List-Unsubscribe": "One-Click"}
        assert (await city.newsroom.client.post(address, data=body)).status_code == 200
        assert await city.subscriptions() == 0
        assert (await city.newsroom.client.post(address, data=body)).status_code == 404


async def test_an_address_that_never_confirms_or_refuses_mail_is_forgotten(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        await city.ask()
        city.hours.pass_by(days=3)
        await city.engine.once()
        assert await city.subscriptions() == 0
        office.answer = "550 No such mailbox"
        await city.ask(email="tiada@contoh.id")
        await city.engine.once()
        office.answer = None
        city.hours.pass_by(days=3)
        await city.engine.once()
        assert await city.subscriptions() == 0
        assert office.came == []


async def test_a_letter_that_does_not_arrive_is_tried_again(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        await city.ask()
        office.answer = "451 Later"
        await city.engine.once()
        assert office.came == []
        office.answer = None
        city.hours.pass_by(minutes=1)
        await city.engine.once()
        assert len(office.came) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"email": "nobody"},
        {"email": "a@b.id\r\nBcc: x@y.id"},
        {"email": "a@b.id, c@d.id"},
        {"email": "a@b.id,x"},
        {"email": "a@b.id>"},
        {"cadence": "hourly"},
        {"department": "no-such"},
    ],
    ids=[
        "no address",
        "a header",
        "two addresses",
        "a name beside it",
        "a bracket",
        "an unknown cadence",
        "an unknown department",
    ],
)
async def test_what_can_not_be_sent_is_refused_in_a_sentence(database_url, store, office, form):
    async with mailing(database_url, store, office) as city:
        answer = await city.ask(**form)
        assert answer.status_code == 422
        assert await city.subscriptions() == 0


async def test_nobody_can_have_strangers_written_to_again_and_again(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        asked = [
            (await city.ask(cadence=cadence, department=department)).status_code
            for cadence, department in [
                ("daily", ""),
                ("daily", ""),
                ("weekly", ""),
                ("daily", "dinkes"),
                ("weekly", "dinkes"),
            ]
        ]
        await city.engine.once()
        assert asked == [200, 200, 200, 200, 429]
        assert len(office.came) == 3


async def test_one_mailbox_is_asked_for_few_confirmations_however_it_is_written(database_url, store, office):
    async with mailing(database_url, store, office) as city:
        for address in ("warga@contoh.id", "Warga@contoh.id", "warga+1@contoh.id"):
            assert (await city.ask(email=address)).status_code == 200
        assert (await city.ask(email="war.ga+2@CONTOH.id")).status_code == 429


async def test_who_does_not_answer_is_asked_three_times_and_then_left_alone(store):
    begun = datetime.now(UTC)
    wish = MailWish(address="warga@contoh.id", cadence=Cadence.DAILY, department=None, language="id")
    written = set()
    for minutes in range(0, 24 * 60, 11):
        await store.write(ask_for_mail, wish, at=begun + timedelta(minutes=minutes))
        written |= {row.id for row in await store.read(lambda session: session.rows(select(subscriptions.c.id)))}
    assert len(written) == 3


async def test_made_up_addresses_that_refuse_letters_count_like_all_others(store):
    now = datetime.now(UTC)
    for number in range(300):
        wish = MailWish(address=f"x{number}@contoh.id", cadence=Cadence.DAILY, department=None, language="id")
        await store.write(ask_for_mail, wish, at=now)
    await store.write(lambda session: session.run(update(subscriptions).values(state="disabled")))
    with pytest.raises(TooManyLetters):
        await store.write(ask_for_mail, replace(wish, address="lain@contoh.id"), at=now)


def test_no_address_stands_in_a_fault():
    refusals = {
        smtplib.SMTPRecipientsRefused({"warga@contoh.id": (550, b"<warga@contoh.id>: unknown")}): "550",
        smtplib.SMTPDataError(554, b"spam for warga@contoh.id"): "554",
        smtplib.SMTPSenderRefused(451, b"warga@contoh.id", "kabar@kota.example"): "451",
        ConnectionRefusedError(111, "Connection refused"): "Connection refused",
    }
    for error, said in refusals.items():
        assert ("contoh.id" in mail_fault(error), said in mail_fault(error)) == (False, True)


async def test_without_a_mail_server_mail_is_neither_offered_nor_taken(database_url, store):
    await open_newsroom(store)
    async with serving(database_url) as client:
        assert "email" not in (await client.get("/follow")).text
        assert "lewat surel" not in (await client.get("/privacy")).text
        said = {"email": "warga@contoh.id", "cadence": "daily"}
        assert (await client.post("/mail", data=said)).status_code == 422
