"""The tables. Rows never leave the store.

Times are int64 milliseconds since 1970 (UTC): the same on both databases, and cheap.
"""

from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, MetaData, Text, Uuid, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# On SQLite only INTEGER is the row's own key.
ROW_ID = BigInteger().with_variant(Integer, "sqlite")

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING


class Clock(SQLModel, table=True):
    """One row: the newest change number. Its row lock orders everything public."""

    id: int = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    register_number: int = Field(sa_type=BigInteger)  # the number at which the register last changed
    # The number up to which posts were looked through for pictures to copy
    pictured_through: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class Secret(SQLModel, table=True):
    """Values made once by this installation (the signing key)."""

    name: str = Field(primary_key=True, sa_type=Text)
    secret: str = Field(sa_type=Text)


class Publisher(SQLModel, table=True):
    """One row: the city, and its rules for kinds as JSON."""

    id: int = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    time_zone: str = Field(sa_type=Text)
    license: str | None = Field(default=None, sa_type=Text)
    url: str | None = Field(default=None, sa_type=Text)
    kinds: str = Field(sa_type=Text)


class Department(SQLModel, table=True):
    """A part of the city that speaks. `contacts` is a JSON list and private."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    short_name: str | None = Field(default=None, sa_type=Text)
    url: str | None = Field(default=None, sa_type=Text)
    email: str | None = Field(default=None, sa_type=Text)
    phone: str | None = Field(default=None, sa_type=Text)
    group: str | None = Field(default=None, sa_type=Text)
    area: str | None = Field(default=None, sa_type=Text)
    contacts: str = Field(sa_type=Text)
    change: int = Field(sa_type=BigInteger)


class Account(SQLModel, table=True):
    """One place where a department speaks, and how our last visit there went."""

    __table_args__ = (Index("ix_account_due", "host", "next_visit_at"),)

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    key: str = Field(unique=True, sa_type=Text)
    platform: str = Field(sa_type=Text)
    department_id: int = Field(foreign_key="department.id", index=True)
    url: str | None = Field(default=None, sa_type=Text)
    handle: str | None = Field(default=None, sa_type=Text)
    via: str | None = Field(default=None, sa_type=Text)
    kind: str | None = Field(default=None, sa_type=Text)
    verified_at: str | None = Field(default=None, sa_type=Text)
    evidence: str | None = Field(default=None, sa_type=Text)
    status: str = Field(sa_type=Text)
    change: int = Field(sa_type=BigInteger)
    # How we ask
    host: str = Field(foreign_key="host.name", sa_type=Text)
    cursor: str = Field(default="{}", sa_type=Text)
    next_visit_at: int = Field(sa_type=BigInteger)
    # How it went
    outcome: str = Field(default="never", sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    remedy: str | None = Field(default=None, sa_type=Text)
    failures: int = Field(default=0)
    last_visit_at: int | None = Field(default=None, sa_type=BigInteger)
    last_success_at: int | None = Field(default=None, sa_type=BigInteger)
    # How it is watched: seconds of delay, tuned hold rules and learned habits as JSON, why it is held
    delay: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    holds: str = Field(default="[]", sa_type=Text, sa_column_kwargs={"server_default": "[]"})
    habits: str = Field(default="{}", sa_type=Text, sa_column_kwargs={"server_default": "{}"})
    held_for: str | None = Field(default=None, sa_type=Text)
    held_since: int | None = Field(default=None, sa_type=BigInteger)


class Host(SQLModel, table=True):
    """A host's politeness and its lease: who walks it, until when by the database's clock."""

    name: str = Field(primary_key=True, sa_type=Text)
    next_at: int = Field(sa_type=BigInteger, index=True)
    retry_at: int = Field(default=0, sa_type=BigInteger)
    lease_token: str | None = Field(default=None, sa_type=Text)
    lease_until: int = Field(default=0, sa_type=BigInteger)
    # What the platform still allows our app, and until when that counts
    quota_left: int | None = Field(default=None, sa_type=BigInteger)
    quota_resets_at: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class Payload(SQLModel, table=True):
    """One item as it was said (zstd). `state`: unread, read, unreadable."""

    __table_args__ = (
        Index("ix_payload_account", "account_id", "fingerprint"),
        # Twice the same unread item (a crash between keeping and reading) is one.
        Index(
            "uq_payload_unread",
            "account_id",
            "fingerprint",
            unique=True,
            sqlite_where=text("state = 'unread'"),
            postgresql_where=text("state = 'unread'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=ROW_ID)
    account_id: UUID = Field(sa_type=Uuid, foreign_key="account.id")
    post_id: UUID | None = Field(default=None, sa_type=Uuid)
    fingerprint: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    context: str = Field(sa_type=Text)
    body: bytes = Field(sa_type=LargeBinary)
    state: str = Field(sa_type=Text)
    fault: str | None = Field(default=None, sa_type=Text)
    fetched_at: int = Field(sa_type=BigInteger)


class Post(SQLModel, table=True):
    """The newest version of a post. `document` is the normal form as JSON (msgspec).

    The table is in the order of time itself (order_key): a list of the newest reads its end.
    """

    __table_args__ = (
        Index("ix_post_account", "account_id", "order_key"),
        Index("ix_post_seen", "account_id", "seen"),
        Index(
            "ix_post_held",
            "account_id",
            "held_for",
            sqlite_where=text("held_for IS NOT NULL"),
            postgresql_where=text("held_for IS NOT NULL"),
        ),
        Index(
            "ix_post_thread",
            "thread_id",
            "order_key",
            sqlite_where=text("thread_id IS NOT NULL"),
            postgresql_where=text("thread_id IS NOT NULL"),
        ),
        Index(
            "ix_post_event",
            "event_until",
            "event_at",
            sqlite_where=text("event_at IS NOT NULL"),
            postgresql_where=text("event_at IS NOT NULL"),
        ),
        Index(
            "ix_post_hidden",
            "change",
            sqlite_where=text("status IN ('withdrawn', 'gone')"),
            postgresql_where=text("status IN ('withdrawn', 'gone')"),
        ),
        Index(
            "ix_post_notice",
            "change",
            sqlite_where=text("notice IS NOT NULL"),
            postgresql_where=text("notice IS NOT NULL"),
        ),
    )

    order_key: int = Field(primary_key=True, sa_type=ROW_ID, sa_column_kwargs={"autoincrement": False})
    id: UUID = Field(unique=True, sa_type=Uuid)
    account_id: UUID = Field(sa_type=Uuid, foreign_key="account.id")
    status: str = Field(sa_type=Text)
    listed: bool  # live, and of a type that lists show by default
    version: int
    change: int = Field(sa_type=BigInteger, index=True)
    published_at: int = Field(sa_type=BigInteger)
    published_is_made: bool
    collected_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)
    backfill: bool
    was_public: bool
    seen: str = Field(sa_type=Text)  # fingerprint of the newest payload
    fingerprint: str = Field(sa_type=Text)  # of what is visible
    notice: str | None = Field(default=None, sa_type=Text)
    document: bytes = Field(sa_type=LargeBinary)
    # Why it is held (a rule, `gone`, `stop`, `delay`) and since when; `pending`: the payload of an edit held back
    held_for: str | None = Field(default=None, sa_type=Text)
    held_since: int | None = Field(default=None, sa_type=BigInteger)
    held_reason: str | None = Field(default=None, sa_type=Text)
    pending: str | None = Field(default=None, sa_type=Text)
    pending_fingerprint: str | None = Field(default=None, sa_type=Text)  # of what that edit would show
    stop_id: int | None = Field(default=None)
    thread_id: UUID | None = Field(default=None, sa_type=Uuid)  # of the post that began this thread
    media_at: int | None = Field(default=None, sa_type=BigInteger)  # when its media's expiring addresses were fresh
    # Our copies of its pictures as JSON, and the number at which the newest of them were shown
    pictures: str | None = Field(default=None, sa_type=Text)
    pictured: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    event_at: int | None = Field(default=None, sa_type=BigInteger)  # when the event that it tells of begins
    event_until: int | None = Field(default=None, sa_type=BigInteger)  # and when that is over


class Version(SQLModel, table=True):
    """A version that another one followed; the newest stands in the post's own row."""

    change: int = Field(primary_key=True, sa_type=ROW_ID, sa_column_kwargs={"autoincrement": False})
    post_id: UUID = Field(sa_type=Uuid, foreign_key="post.id", index=True)
    number: int
    at: int = Field(sa_type=BigInteger)
    status: str = Field(sa_type=Text)
    notice: str | None = Field(default=None, sa_type=Text)
    document: bytes = Field(sa_type=LargeBinary)
    # Its text was wrong or harmful, and is shown in no list of versions any more
    redacted: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class Picture(SQLModel, table=True):
    """A picture to copy or copied. `state`: wanted, ready (copied, not yet shown), shown, refused, unwanted.

    `order_key` is its post's, so that the newest posts get theirs first.
    """

    __table_args__ = (
        Index("ix_picture_post_id", "post_id"),
        Index("ix_picture_state", "state", "order_key"),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    post_id: UUID = Field(sa_type=Uuid, foreign_key="post.id")
    order_key: int = Field(sa_type=BigInteger)
    source: str = Field(sa_type=Text)
    host: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    tries: int = Field(default=0)
    next_try_at: int = Field(default=0, sa_type=BigInteger)
    width: int | None = Field(default=None)
    height: int | None = Field(default=None)
    color: str | None = Field(default=None, sa_type=Text)
    bytes: int | None = Field(default=None, sa_type=BigInteger)
    made_at: int | None = Field(default=None, sa_type=BigInteger)


class FormerSlug(SQLModel, table=True):
    """A slug that a department once had, so that old links lead on."""

    __tablename__ = "former_slug"

    slug: str = Field(primary_key=True, sa_type=Text)
    department_id: int = Field(foreign_key="department.id")


# The same tables for Core statements: the questions read columns, never hydrate rows.
publishers = metadata.tables["publisher"]
departments = metadata.tables["department"]
accounts = metadata.tables["account"]
payloads = metadata.tables["payload"]
posts = metadata.tables["post"]
versions = metadata.tables["version"]
pictures = metadata.tables["picture"]
