"""The tables of the wires and of the public log: who is told, what is on its way, who did what.

Times are int64 milliseconds since 1970 (UTC), as in the other tables.
"""

from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field, SQLModel

from feedhub.store.tables import ROW_ID, metadata
from feedhub.store.tables_desk import api_keys

_KEY = f"{api_keys.name}.id"


class Subscription(SQLModel, table=True):
    """Somebody who is told of changes. `told_through`: every change up to it was read for them.

    `wire`: webhook, hub, activity, telegram, mail. `target`: where they are told (an address, a
    chat, an actor's id). `topic`: what of, in the wire's own words. `filters` and `asks` are JSON.
    `state`: pending, active, paused, disabled, ended. `look_at`: when to look for changes next.
    """

    __table_args__ = (
        UniqueConstraint("wire", "target", "topic"),
        Index("ix_subscription_state", "state", "told_through"),
        Index("ix_subscription_key_id", "key_id"),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    wire: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    topic: str = Field(default="", sa_type=Text)
    filters: str = Field(default="{}", sa_type=Text)
    asks: str = Field(default="{}", sa_type=Text)
    state: str = Field(sa_type=Text)
    told_through: int = Field(sa_type=BigInteger)
    look_at: int = Field(default=0, sa_type=BigInteger)
    key_id: int | None = Field(default=None, foreign_key=_KEY)
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    made_at: int = Field(sa_type=BigInteger)
    verified_at: int | None = Field(default=None, sa_type=BigInteger)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    failing_since: int | None = Field(default=None, sa_type=BigInteger)
    fault: str | None = Field(default=None, sa_type=Text)


class Delivery(SQLModel, table=True):
    """One thing to tell one subscriber. Its id is the same however often it is made or sent.

    `state`: waiting, sent, dead (given up, visibly), dropped (taken back before it was sent).
    """

    __table_args__ = (
        UniqueConstraint("subscription_id", "change", "event"),
        Index(
            "ix_delivery_waiting",
            "next_try_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_delivery_post_id", "post_id"),
        Index("ix_delivery_ended_at", "ended_at"),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    subscription_id: UUID = Field(sa_type=Uuid, foreign_key="subscription.id")
    change: int = Field(sa_type=BigInteger)
    event: str = Field(sa_type=Text)
    post_id: UUID | None = Field(default=None, sa_type=Uuid)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: str = Field(sa_type=Text)
    tries: int = Field(default=0)
    next_try_at: int = Field(sa_type=BigInteger)
    made_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    status: int | None = Field(default=None)
    fault: str | None = Field(default=None, sa_type=Text)
    lease_token: str | None = Field(default=None, sa_type=Text)
    lease_until: int = Field(default=0, sa_type=BigInteger)


class ToldCopy(SQLModel, table=True):
    """What a subscriber's side calls the copy of a post that we sent there (a message's number)."""

    __tablename__ = "told_copy"
    __table_args__ = (PrimaryKeyConstraint("subscription_id", "post_id"),)

    subscription_id: UUID = Field(sa_type=Uuid, foreign_key="subscription.id")
    post_id: UUID = Field(sa_type=Uuid)
    remote_id: str = Field(sa_type=Text)
    change: int = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)


class Follower(SQLModel, table=True):
    """An actor of the fediverse that follows one of ours. Whoever shares an inbox shares a subscription.

    `follow` is the activity by which it asked, as JSON; `accepted_at` when its server took our answer.
    """

    __table_args__ = (PrimaryKeyConstraint("actor", "topic"), Index("ix_follower_next_try_at", "next_try_at"))

    actor: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    subscription_id: UUID = Field(sa_type=Uuid, foreign_key="subscription.id", index=True)
    inbox: str = Field(sa_type=Text)
    follow: str = Field(sa_type=Text)
    made_at: int = Field(sa_type=BigInteger)
    accepted_at: int | None = Field(default=None, sa_type=BigInteger)
    tries: int = Field(default=0)
    next_try_at: int | None = Field(default=None, sa_type=BigInteger)  # None = nothing more to say


class Incoming(SQLModel, table=True):
    """A signed request at an inbox of the fediverse, as it came, until it is known who signed it."""

    digest: str = Field(primary_key=True, sa_type=Text)
    origin: str = Field(index=True, sa_type=Text)
    path: str = Field(sa_type=Text)
    headers: str = Field(sa_type=Text)
    body: bytes = Field(sa_type=LargeBinary)
    at: int = Field(sa_type=BigInteger)
    tries: int = Field(default=0)
    next_try_at: int = Field(sa_type=BigInteger, index=True)


class SigningKey(SQLModel, table=True):
    """A pair of keys made by this installation: `purpose` is `proof` (Ed25519) or `actor:{slug}` (RSA)."""

    __tablename__ = "signing_key"

    id: str = Field(primary_key=True, sa_type=Text)
    purpose: str = Field(sa_type=Text, index=True)
    public: str = Field(sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    made_at: int = Field(sa_type=BigInteger)
    retired_at: int | None = Field(default=None, sa_type=BigInteger)


class Act(SQLModel, table=True):
    """One entry of the public log; `hash` covers it and the entry before. Nothing changes or removes one.

    `actor` is a role, never a person. `subject` is a post's or an account's id. `change` is its change number.
    """

    number: int = Field(primary_key=True, sa_type=ROW_ID, sa_column_kwargs={"autoincrement": False})
    at: int = Field(sa_type=BigInteger)
    actor: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    subject: UUID = Field(sa_type=Uuid, index=True)
    department: str = Field(sa_type=Text)
    change: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = Field(sa_type=Text)
    before: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)


class Proposal(SQLModel, table=True):
    """An act that a second person must confirm (four eyes). `act` is JSON; `by_key` who proposed it, None = a command."""

    id: int | None = Field(default=None, primary_key=True)
    act: str = Field(sa_type=Text)
    by_key: int | None = Field(default=None, foreign_key=_KEY)
    actor: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)
    decided_at: int | None = Field(default=None, sa_type=BigInteger)
    decision: str | None = Field(default=None, sa_type=Text)


class Acknowledgement(SQLModel, table=True):
    """A key's contact was told of an act, and said that they read it."""

    __table_args__ = (
        PrimaryKeyConstraint("act", "key_id"),
        Index(
            "ix_acknowledgement_unsent",
            "next_try_at",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    act: int = Field(sa_type=BigInteger, foreign_key="act.number")
    key_id: int = Field(foreign_key=_KEY)
    written_at: int = Field(sa_type=BigInteger)
    sent_at: int | None = Field(default=None, sa_type=BigInteger)
    tries: int = Field(default=0)
    next_try_at: int = Field(default=0, sa_type=BigInteger)
    fault: str | None = Field(default=None, sa_type=Text)
    acknowledged_at: int | None = Field(default=None, sa_type=BigInteger)


subscriptions = metadata.tables["subscription"]
deliveries = metadata.tables["delivery"]
told_copies = metadata.tables["told_copy"]
followers = metadata.tables["follower"]
incoming = metadata.tables["incoming"]
signing_keys = metadata.tables["signing_key"]
acts = metadata.tables["act"]
proposals = metadata.tables["proposal"]
acknowledgements = metadata.tables["acknowledgement"]
