"""The web's door: reads settings, opens the store, wires the routes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TypedDict

from fastapi import FastAPI

from feedhub.connectors.guard import Guard
from feedhub.connectors.http import Http
from feedhub.posts.picture_copies import PictureMode
from feedhub.settings import Settings, credential_keys, fetch_detours, four_eyes, named_in, pictures_store
from feedhub.store.migrations import ready_schema
from feedhub.store.picture_files import PictureFiles
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import kept_signing_key, made_signing_key
from feedhub.store.session import Store, open_store
from feedhub.web import (
    activity,
    activity_inbox,
    api,
    archives,
    calendar,
    changes,
    connect,
    desk,
    developers,
    feeds,
    follow,
    health,
    home,
    hub,
    inbox,
    log,
    mailing,
    metrics,
    months,
    oembed,
    openapi,
    pages,
    pictures,
    schemas,
    shell,
    sitemap,
    status,
    stopping,
    stream,
    versions,
    webhooks,
    websub,
    widget,
    words,
)
from feedhub.web.askers import Askers
from feedhub.web.clock import Clock
from feedhub.web.front import Front
from feedhub.web.gate import Gate, Policies
from feedhub.web.limits import Limits, policy_of
from feedhub.web.problems import answer_problems
from feedhub.web.state import State
from feedhub.web.waiting import Waiting

# Everything that is served; the docs are held against it.
ROUTERS = tuple(
    part.router
    for part in (
        home,
        pages,
        status,
        shell,
        pictures,
        feeds,
        archives,
        calendar,
        follow,
        api,
        versions,
        changes,
        stream,
        inbox,
        webhooks,
        connect,
        websub,
        hub,
        stopping,
        desk,
        log,
        mailing,
        widget,
        oembed,
        activity,
        activity_inbox,
        words,
        developers,
        openapi,
        schemas,
        sitemap,
        months,
        health,
        metrics,
    )
)

# Where who asks matters: what they say goes straight to the routes, and no answer is kept.
LETTERBOXES = ("/ap/",)
DOORS = (
    "/api/v1/inbox",
    "/data/",
    "/api/v1/webhooks",
    "/api/v1/stream",
    "/connect/",
    "/websub/",
    "/hub",
    "/stop/",
    "/mail",
    "/api/v1/desk",
    "/api/v1/log/",
    "/acknowledge/",
)

# A person waits while a platform answers.
_PATIENCE = 15.0  # seconds
_MOST_BYTES = 1024 * 1024


class Shared(TypedDict):
    """What the lifespan hands to every request."""

    feedhub: State


def create_app(settings: Settings) -> Front:
    """The whole web as one ASGI app; whoever ends its server ends its `waiting` first."""
    waiting = Waiting()
    public_url = settings.public_url.rstrip("/")
    app = FastAPI(
        lifespan=_lifespan(settings, public_url, waiting),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # its redirects would repeat the Host header
    )
    for router in ROUTERS:
        app.include_router(router)
    answer_problems(app, ROUTERS, doors=DOORS)
    return Front(
        app,
        public_url=public_url,
        live=health.LIVE,
        doors=DOORS,
        letterboxes=LETTERBOXES,
        waiting=waiting,
        gate=_gate(settings),
    )


def _lifespan(
    settings: Settings, public_url: str, waiting: Waiting
) -> Callable[[FastAPI], AbstractAsyncContextManager[Shared]]:
    mode = PictureMode(settings.pictures)
    is_copied = mode is PictureMode.COPIES
    two_people = four_eyes(settings)
    files = PictureFiles(pictures_store(settings)) if is_copied else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Shared]:
        await asyncio.to_thread(ready_schema, settings.database_url)
        store = open_store(settings.database_url, copies=is_copied)
        clock = Clock(store, waiting)
        secret = await _secret(settings, store)
        keyring = Keyring(credential_keys(settings) or (secret,))
        try:
            yield {
                "feedhub": State(
                    store=store,
                    public_url=public_url,
                    secret=secret,
                    clock=clock,
                    keyring=keyring,
                    new_http=_http_of(settings, public_url),
                    guard=Guard(settings.tell_allow),
                    askers=Askers(settings.trusted_proxies),
                    contact=settings.contact,
                    fediverse=settings.fediverse == "on",
                    sends_mail=bool(settings.smtp_url),
                    alerting=frozenset(named_in(settings.alert_departments)),
                    four_eyes=two_people,
                    picture_mode=mode,
                    pictures=files,
                )
            }
        finally:
            await clock.close()
            await store.close()

    return lifespan


def _gate(settings: Settings) -> Gate:
    policies = Policies(
        anonymous=policy_of("anonymous", settings.limit_anonymous, setting="FEEDHUB_LIMIT_ANONYMOUS"),
        keyed=policy_of("keyed", settings.limit_keyed, setting="FEEDHUB_LIMIT_KEYED"),
        near=settings.limit_private == "on",
    )
    return Gate(policies, Limits(settings.limits_store), Askers(settings.trusted_proxies))


def _http_of(settings: Settings, public_url: str) -> Callable[[], Http]:
    """How the web itself asks platforms, where somebody connects an account."""
    return partial(
        Http,
        contact=settings.contact,
        public_url=public_url,
        allow=settings.fetch_allow,
        timeout=min(settings.fetch_timeout, _PATIENCE),
        max_bytes=_MOST_BYTES,
        detours=dict(fetch_detours(settings)),
    )


async def _secret(settings: Settings, store: Store) -> bytes:
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    if (kept := await store.read(kept_signing_key)) is not None:
        return kept
    return await store.write(made_signing_key)
