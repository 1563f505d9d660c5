"""Every account a department has

Credentials, hold rules, the inbox with its keys, push subscriptions, quotas of platforms'
apps. Every new column has a default, so the previous release still runs beside it.

Each migration must work while the previous release still runs (expand, then contract),
must have a downgrade that loses nothing it need not lose, and on PostgreSQL must not hold
a lock for long: adding a column with a constant default rewrites nothing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _added() -> dict[str, tuple[sa.Column, ...]]:
    """What each table gets."""
    return {
        "account": (
            sa.Column("delay", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("holds", sa.Text(), nullable=False, server_default="[]"),
            sa.Column("habits", sa.Text(), nullable=False, server_default="{}"),
            sa.Column("held_for", sa.Text(), nullable=True),
            sa.Column("held_since", sa.BigInteger(), nullable=True),
        ),
        "post": (
            sa.Column("held_for", sa.Text(), nullable=True),
            sa.Column("held_since", sa.BigInteger(), nullable=True),
            sa.Column("held_reason", sa.Text(), nullable=True),
            sa.Column("pending", sa.Text(), nullable=True),
            sa.Column("pending_fingerprint", sa.Text(), nullable=True),
            sa.Column("stop_id", sa.Integer(), nullable=True),
            sa.Column("media_at", sa.BigInteger(), nullable=True),
            sa.Column("thread_id", sa.Uuid(), nullable=True),
        ),
        "host": (
            sa.Column("quota_left", sa.BigInteger(), nullable=True),
            sa.Column("quota_resets_at", sa.BigInteger(), nullable=False, server_default="0"),
        ),
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    # Few posts are ever held; the index holds these alone.
    op.create_index(
        "ix_post_held",
        "post",
        ["account_id", "held_for"],
        unique=False,
        sqlite_where=sa.text("held_for IS NOT NULL"),
        postgresql_where=sa.text("held_for IS NOT NULL"),
    )
    op.create_index(
        "ix_post_thread",
        "post",
        ["thread_id", "order_key"],
        unique=False,
        sqlite_where=sa.text("thread_id IS NOT NULL"),
        postgresql_where=sa.text("thread_id IS NOT NULL"),
    )
    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("refresh_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("dead_since", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("warned", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credential_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    op.create_index("ix_credential_platform", "credential", ["platform", "account_id"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_api_key_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_receipt_account_id")),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_receipt_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("key_id", "idempotency_key", name=op.f("uq_receipt_key_id_idempotency_key")),
    )
    op.create_table(
        "push",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("pinged_at", sa.BigInteger(), nullable=True),
        sa.Column("proved", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_push_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_push")),
        sa.UniqueConstraint("token", name=op.f("uq_push_token")),
    )
    op.create_table(
        "stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stop_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    op.create_index("ix_stop_account_id", "stop", ["account_id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_letter_department_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        # One letter an occasion: a token that nears its end is told of once a threshold.
        sa.UniqueConstraint("topic", "occasion", name=op.f("uq_letter_topic_occasion")),
    )


def downgrade() -> None:
    op.drop_table("letter")
    op.drop_index("ix_stop_account_id", "stop")
    op.drop_table("stop")
    op.drop_table("push")
    op.drop_table("receipt")
    op.drop_table("api_key")
    op.drop_index("ix_credential_platform", "credential")
    op.drop_table("credential")
    op.drop_index("ix_post_thread", "post")
    op.drop_index("ix_post_held", "post")
    for table, columns in _added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
