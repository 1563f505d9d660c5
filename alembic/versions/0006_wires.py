"""The wires, the public log, and keys that newsrooms read with

Who is told of changes, what is on its way to them, who did what in public. Every new column
has a default, so the previous release still runs beside it. The log can only grow: both
databases refuse to change or remove an entry.

Each migration must work while the previous release still runs (expand, then contract),
must have a downgrade that loses nothing it need not lose, and on PostgreSQL must not hold
a lock for long: adding a column with a constant default rewrites nothing there.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = (
    "incoming",
    "follower",
    "acknowledgement",
    "proposal",
    "act",
    "signing_key",
    "told_copy",
    "delivery",
    "subscription",
)


def _added() -> dict[str, tuple[sa.Column, ...]]:
    """What each table gets."""
    return {
        "api_key": (
            sa.Column("contact", sa.Text(), nullable=True),
            sa.Column("expires_at", sa.BigInteger(), nullable=True),
            sa.Column("follows", sa.Integer(), nullable=True),
        ),
        "version": (sa.Column("redacted", sa.Boolean(), server_default=sa.text("false"), nullable=False),),
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    _create_tables()
    _create_fediverse()
    _begin_the_log()
    _refuse_changes()


def _begin_the_log() -> None:
    """Chain what the desk did until now: notices that stand beside posts, stops and their liftings, oldest first."""
    table = sa.table(
        "act",
        *(sa.column(name) for name in ("number", "at", "actor", "kind", "department", "change", "reason")),
        *(sa.column(name) for name in ("before", "hash")),
        sa.column("subject", sa.Uuid()),
    )
    before = "0" * 64
    for number, (at, kind, subject, department, change, reason) in enumerate(sorted(_done_so_far(), key=_order), 1):
        told = {
            "number": number,
            "at": f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "actor": "operator",
            "kind": kind,
            "subject": str(subject),
            "department": department,
            "change": change,
            "reason": reason,
            "before": before,
        }
        canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = sha256(canonical.encode()).hexdigest()
        row = told | {"at": at // 1000 * 1000, "subject": subject, "hash": digest}
        op.get_bind().execute(table.insert(), row)
        before = digest


def _order(act: tuple) -> tuple:
    return act[0], act[4] or 0


def _done_so_far() -> Iterator[tuple]:
    """(ms, kind, subject, department's slug, change, reason) of each act; what a stop withdrew is told by the stop."""
    notices = sa.text(
        "SELECT post.id, post.change, post.notice, department.slug FROM post"
        " JOIN account ON account.id = post.account_id JOIN department ON department.id = account.department_id"
        " WHERE post.notice IS NOT NULL AND post.was_public AND post.stop_id IS NULL"
        " AND post.status IN ('live', 'withdrawn')"
    ).columns(sa.column("id", sa.Uuid()), sa.column("change"), sa.column("notice"), sa.column("slug"))
    for row in op.get_bind().execute(notices):
        notice = json.loads(row.notice)
        at = int(datetime.fromisoformat(notice["at"]).timestamp() * 1000)
        yield at, notice["kind"], row.id, row.slug, row.change, notice["reason"]
    stops = sa.text(
        "SELECT stop.account_id, stop.reason, stop.at, stop.lifted_at, department.slug FROM stop"
        " JOIN account ON account.id = stop.account_id JOIN department ON department.id = account.department_id"
    ).columns(
        sa.column("account_id", sa.Uuid()),
        *(sa.column(name) for name in ("reason", "at", "lifted_at", "slug")),
    )
    for row in op.get_bind().execute(stops):
        yield row.at, "stop", row.account_id, row.slug, None, row.reason
        if row.lifted_at is not None:
            yield row.lifted_at, "lift", row.account_id, row.slug, None, row.reason


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER act_no_{act.lower()} BEFORE {act} ON act"
                " BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION act_only_grows() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'the log can only grow'; END $$"
    )
    op.execute(
        "CREATE TRIGGER act_only_grows BEFORE UPDATE OR DELETE ON act FOR EACH ROW EXECUTE FUNCTION act_only_grows()"
    )


def _create_tables() -> None:
    op.create_table(
        "act",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_act")),
    )
    op.create_index(op.f("ix_act_subject"), "act", ["subject"], unique=False)
    op.create_index(
        "ix_post_hidden",
        "post",
        ["change"],
        unique=False,
        sqlite_where=sa.text("status IN ('withdrawn', 'gone')"),
        postgresql_where=sa.text("status IN ('withdrawn', 'gone')"),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_index(op.f("ix_signing_key_purpose"), "signing_key", ["purpose"], unique=False)
    op.create_table(
        "acknowledgement",
        sa.Column("act", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["act"], ["act.number"], name=op.f("fk_acknowledgement_act")),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_acknowledgement_key_id")),
        sa.PrimaryKeyConstraint("act", "key_id", name=op.f("pk_acknowledgement")),
    )
    op.create_index(
        "ix_acknowledgement_unsent",
        "acknowledgement",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("by_key", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_key"], ["api_key.id"], name=op.f("fk_proposal_by_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wire", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told_through", sa.BigInteger(), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_subscription_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("wire", "target", "topic", name=op.f("uq_subscription_wire_target_topic")),
    )
    op.create_index("ix_subscription_key_id", "subscription", ["key_id"], unique=False)
    op.create_index("ix_subscription_state", "subscription", ["state", "told_through"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_delivery_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "subscription_id", "change", "event", name=op.f("uq_delivery_subscription_id_change_event")
        ),
    )
    op.create_index("ix_delivery_ended_at", "delivery", ["ended_at"], unique=False)
    op.create_index("ix_delivery_post_id", "delivery", ["post_id"], unique=False)
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "told_copy",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_told_copy_subscription_id")),
        sa.PrimaryKeyConstraint("subscription_id", "post_id", name=op.f("pk_told_copy")),
    )


def _create_fediverse() -> None:
    op.create_table(
        "follower",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("inbox", sa.Text(), nullable=False),
        sa.Column("follow", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_follower_subscription_id")),
        sa.PrimaryKeyConstraint("actor", "topic", name=op.f("pk_follower")),
    )
    op.create_index("ix_follower_next_try_at", "follower", ["next_try_at"], unique=False)
    op.create_index(op.f("ix_follower_subscription_id"), "follower", ["subscription_id"], unique=False)
    op.create_table(
        "incoming",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_incoming")),
    )
    op.create_index(op.f("ix_incoming_next_try_at"), "incoming", ["next_try_at"], unique=False)
    op.create_index(op.f("ix_incoming_origin"), "incoming", ["origin"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_post_hidden", table_name="post")
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION act_only_grows()")
    for table, columns in _added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
