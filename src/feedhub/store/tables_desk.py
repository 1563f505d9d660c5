"""The tables of the desk: credentials, keys, receipts, push subscriptions, stops, letters.

Times are int64 milliseconds since 1970 (UTC), as in the other tables.
"""

from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from feedhub.store.tables import ROW_ID, metadata


class Credential(SQLModel, table=True):
    """A token, sealed; for one account or for a platform. `shown` are its last four characters."""

    __table_args__ = (Index("ix_credential_platform", "platform", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(sa_type=Text)
    account_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="account.id")
    sealed: bytes = Field(sa_type=LargeBinary)
    shown: str = Field(sa_type=Text)
    issued_at: int | None = Field(default=None, sa_type=BigInteger)
    expires_at: int | None = Field(default=None, sa_type=BigInteger)
    refresh_expires_at: int | None = Field(default=None, sa_type=BigInteger)
    added_at: int = Field(sa_type=BigInteger)
    dead_since: int | None = Field(default=None, sa_type=BigInteger)
    fault: str | None = Field(default=None, sa_type=Text)
    warned: int | None = Field(default=None)  # days before its end of which was warned last


class ApiKey(SQLModel, table=True):
    """A key by which a department's system posts or a newsroom reads; only its digest is kept.

    `sealed`: its signing secret. `contact` is told of withdrawals. `follows` is the key that it replaces.
    """

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text)
    department_id: int | None = Field(default=None, foreign_key="department.id")
    scopes: str = Field(sa_type=Text)
    digest: str = Field(unique=True, sa_type=Text)
    shown: str = Field(sa_type=Text)
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    added_at: int = Field(sa_type=BigInteger)
    used_at: int | None = Field(default=None, sa_type=BigInteger)
    revoked_at: int | None = Field(default=None, sa_type=BigInteger)
    contact: str | None = Field(default=None, sa_type=Text)
    expires_at: int | None = Field(default=None, sa_type=BigInteger)
    follows: int | None = Field(default=None)


class Receipt(SQLModel, table=True):
    """Something that the inbox took. `asked`: a digest of the request, for its Idempotency-Key."""

    __table_args__ = (UniqueConstraint("key_id", "idempotency_key"),)

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    account_id: UUID = Field(sa_type=Uuid, foreign_key="account.id")
    key_id: int = Field(foreign_key="api_key.id")
    idempotency_key: str | None = Field(default=None, sa_type=Text)
    asked: str = Field(sa_type=Text)
    native_id: str = Field(sa_type=Text)
    fingerprint: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class Push(SQLModel, table=True):
    """A WebSub subscription to an account's feed. `token` stands in our callback's address."""

    account_id: UUID = Field(primary_key=True, sa_type=Uuid, foreign_key="account.id")
    token: str = Field(unique=True, sa_type=Text)
    hub: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    secret: bytes = Field(sa_type=LargeBinary)
    state: str = Field(sa_type=Text)
    asked_at: int = Field(sa_type=BigInteger)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    pinged_at: int | None = Field(default=None, sa_type=BigInteger)
    proved: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    fault: str | None = Field(default=None, sa_type=Text)


class Stop(SQLModel, table=True):
    """The desk's stop of an account: what it withdrew carries its id."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: UUID = Field(sa_type=Uuid, foreign_key="account.id", index=True)
    since: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)
    lifted_at: int | None = Field(default=None, sa_type=BigInteger)


class Letter(SQLModel, table=True):
    """A mail to a department's private contacts; one for each occasion."""

    __table_args__ = (UniqueConstraint("topic", "occasion"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=ROW_ID)
    department_id: int = Field(foreign_key="department.id")
    account_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="account.id")
    topic: str = Field(sa_type=Text)
    occasion: str = Field(sa_type=Text)
    written_at: int = Field(sa_type=BigInteger)
    sent_at: int | None = Field(default=None, sa_type=BigInteger)
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    next_try_at: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    fault: str | None = Field(default=None, sa_type=Text)
    letter: str = Field(sa_type=Text)


credentials = metadata.tables["credential"]
api_keys = metadata.tables["api_key"]
receipts = metadata.tables["receipt"]
pushes = metadata.tables["push"]
stops = metadata.tables["stop"]
letters = metadata.tables["letter"]
