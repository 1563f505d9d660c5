"""The wire to the contacts of keys: a mail for each act that took published content back, until it arrives.

Rows are written with the act itself (store/log.py), so that none is missed; who is written to
is known to nobody but the mail server, and the public log counts them.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from feedhub.errors import StoreBusy
from feedhub.logs import logger
from feedhub.posts.acts import ActKind
from feedhub.store.acknowledge_links import AcknowledgeLink, write_acknowledge_link
from feedhub.store.acknowledging import Telling, are_untold, claim_tellings, mark_told, mark_untold
from feedhub.store.letters import Letter
from feedhub.store.session import Store
from feedhub.views.messages import LANGUAGES, speaker
from feedhub.views.page_times import shown_time
from feedhub.wires.mail import Mailer, mail_fault

_EVERY_SECONDS = 1.0
_AT_ONCE = 5  # mails on their way


async def tell_keys(
    store: Store, mailer: Mailer, *, public_url: str, secret: bytes, now: Callable[[], datetime], stop: asyncio.Event
) -> None:
    """Write to the contacts of keys until `stop`."""
    while not stop.is_set():
        with suppress(StoreBusy):  # it is asked again in a second
            await tell_acts(store, mailer, public_url=public_url, secret=secret, now=now)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def tell_acts(
    store: Store, mailer: Mailer, *, public_url: str, secret: bytes, now: Callable[[], datetime]
) -> int:
    """Send what is to be told now; how many mails arrived."""
    arrived = 0
    while await store.read(are_untold, now=now()):
        ours = await store.write(claim_tellings, now=now(), most=_AT_ONCE)
        sent = (_tell(store, mailer, one, public_url=public_url, secret=secret, now=now) for one in ours)
        arrived += sum(await asyncio.gather(*sent))
    return arrived


def notice_letter(telling: Telling, *, public_url: str, secret: bytes) -> Letter:
    """What a contact is told, in every language of the pages: what, of whom, why, and what to do."""
    link = write_acknowledge_link(AcknowledgeLink(act=telling.act.entry.number, key=telling.key), secret)
    root = public_url.rstrip("/")
    parts = [_said(telling, language, root=root, link=f"{root}/acknowledge/{link}") for language in LANGUAGES]
    say, department = speaker(LANGUAGES[0]), telling.act.department
    subject = say("telling_subject", act=say("act_" + telling.act.entry.kind), department=department)
    return Letter(to=(telling.contact,), subject=f"[FeedHub] {subject}", body="\n\n--\n".join(parts) + "\n")


def _said(telling: Telling, language: str, *, root: str, link: str) -> str:
    say, entry = speaker(language), telling.act.entry
    place = "accounts" if entry.kind == ActKind.STOP else "posts"
    did = say(
        "telling_did",
        publisher=telling.publisher.name,
        act=say("act_" + entry.kind),
        department=telling.act.department,
        time=shown_time(entry.at, ZoneInfo(telling.publisher.time_zone), language).words,
    )
    lines = [
        did,
        say("telling_where", url=f"{root}/{place}/{entry.subject}"),
        say("telling_reason", reason=entry.reason),
        say("telling_do_" + entry.kind),
        say("telling_read", url=link),
        say("telling_why"),
    ]
    return "\n\n".join(lines)


async def _tell(
    store: Store, mailer: Mailer, telling: Telling, *, public_url: str, secret: bytes, now: Callable[[], datetime]
) -> bool:
    letter = notice_letter(telling, public_url=public_url, secret=secret)
    place = {"act": telling.act.entry.number, "key": telling.key}
    try:
        await asyncio.to_thread(mailer.send, letter, at=now().timestamp())
    except OSError as error:
        fault = mail_fault(error)
        await store.write(mark_untold, telling, fault=fault, now=now())
        logger().warning("notice.unsent", **place, reason=fault)
        return False
    await store.write(mark_told, telling, at=now())
    logger().info("notice.sent", **place)
    return True
