"""What every command takes and needs: the database, JSON or not, settings, the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from feedhub.errors import SettingRefused
from feedhub.logs import set_up_logs
from feedhub.settings import Settings
from feedhub.store.migrations import ready_schema
from feedhub.store.session import Store, open_store
from feedhub.sync.serving import WalkOptions

Database = Annotated[str | None, typer.Option("--database", metavar="URL", help="instead of FEEDHUB_DATABASE_URL")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]
AccountId = Annotated[UUID, typer.Argument(metavar="ID", help="as `feedhub accounts list` prints it")]


def read_settings(database: str | None) -> Settings:
    try:
        settings = Settings(database_url=database) if database else Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = "FEEDHUB_" + "_".join(str(part) for part in fault["loc"]).upper()
        raise SettingRefused(f"{name} can't be used: {fault['msg']}.") from None
    set_up_logs(settings.log_format)
    return settings


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    ready_schema(settings.database_url)
    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close_now()


def walk_options(settings: Settings) -> WalkOptions:
    return WalkOptions(
        contact=settings.contact,
        public_url=settings.public_url,
        fetch_allow=settings.fetch_allow,
        fetch_timeout=settings.fetch_timeout,
        fetch_max_bytes=settings.fetch_max_bytes,
        host_concurrency=settings.host_concurrency,
        host_spacing=settings.host_spacing,
        sync_concurrency=settings.sync_concurrency,
        min_interval=settings.min_interval,
        max_interval=settings.max_interval,
        payloads_keep=settings.payloads_keep,
    )
