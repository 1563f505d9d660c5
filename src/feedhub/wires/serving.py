"""The wires put together from plain values, for the command line and the demo."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from feedhub.connectors.http import Http
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.wires.activity import activity_wire
from feedhub.wires.activity_signing import Signer
from feedhub.wires.engine import Engine
from feedhub.wires.hub import HubWire, TopicOf
from feedhub.wires.mail import Mailer
from feedhub.wires.mailing import AlertWire, DigestWire, Letters
from feedhub.wires.notices import tell_keys
from feedhub.wires.telegram_out import TelegramWire
from feedhub.wires.telling import tell_contacts
from feedhub.wires.webhooks import Webhooks
from feedhub.wires.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class WireOptions:
    """What the wires need beside the store. `secret` signs the links in letters; None = no mail server.

    `new_http` goes to addresses that strangers chose, `new_platform_http` to those that we know.
    """

    public_url: str
    keyring: Keyring
    secret: bytes
    new_http: Callable[[], Http]
    new_platform_http: Callable[[], Http]
    mailer: Mailer | None = None
    alerting: Collection[str] = ()
    fediverse: bool = True


async def tell_all(
    store: Store, options: WireOptions, *, topic_of: TopicOf, now: Callable[[], datetime], stop: asyncio.Event
) -> None:
    """Tell every subscriber of every wire, and the contacts of departments and keys, until `stop`."""
    engine = engine_of(store, options, topic_of=topic_of, now=now)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.run(stop))
        if options.mailer is not None:
            contacts = partial(tell_contacts, store, options.mailer, public_url=options.public_url)
            tasks.create_task(contacts(secret=options.secret, now=now, stop=stop))
            keys = partial(tell_keys, store, options.mailer, public_url=options.public_url)
            tasks.create_task(keys(secret=options.secret, now=now, stop=stop))


def engine_of(store: Store, options: WireOptions, *, topic_of: TopicOf, now: Callable[[], datetime]) -> Engine:
    """The engine of every wire that these options allow."""
    keyring, new_http = options.keyring, options.new_http
    signer = Signer(store=store, keyring=keyring, new_http=new_http, public_url=options.public_url)
    wires: list[Wire] = [
        Webhooks(store=store, keyring=keyring, new_http=new_http, now=now),
        HubWire(store=store, keyring=keyring, new_http=new_http, topic_of=topic_of, now=now),
        TelegramWire(
            store=store,
            keyring=keyring,
            new_http=options.new_platform_http,
            public_url=options.public_url,
            now=now,
        ),
    ]
    if options.fediverse:
        wires.append(activity_wire(signer, now=now))
    if options.mailer is not None:
        letters = Letters(
            store=store, mailer=options.mailer, public_url=options.public_url, secret=options.secret, now=now
        )
        wires += [AlertWire(letters=letters, departments=options.alerting), DigestWire(letters=letters)]
    return Engine(store=store, wires=wires, public_url=options.public_url, now=now)
