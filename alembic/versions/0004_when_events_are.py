"""When events are

Each post's event with its beginning and its end in columns, so that a calendar reads a window
of time. What the previous release keeps meanwhile has none until it is kept again.

Each migration must work while the previous release still runs (expand, then contract),
must have a downgrade that loses nothing it need not lose, and on PostgreSQL must not hold
a lock for long: adding a column without a default rewrites nothing there, and the index
holds the few posts that have an event.
"""

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BATCH = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY = 86_400_000  # ms
_POST = sa.table(
    "post",
    sa.column("order_key", sa.BigInteger),
    sa.column("document", sa.LargeBinary),
    sa.column("event_at", sa.BigInteger),
    sa.column("event_until", sa.BigInteger),
)


def upgrade() -> None:
    op.add_column("post", sa.Column("event_at", sa.BigInteger(), nullable=True))
    op.add_column("post", sa.Column("event_until", sa.BigInteger(), nullable=True))
    _fill(op.get_bind())
    op.create_index(
        "ix_post_event",
        "post",
        ["event_until", "event_at"],
        unique=False,
        sqlite_where=sa.text("event_at IS NOT NULL"),
        postgresql_where=sa.text("event_at IS NOT NULL"),
    )


def downgrade() -> None:
    # The documents still say it all.
    op.drop_index("ix_post_event", table_name="post")
    op.drop_column("post", "event_until")
    op.drop_column("post", "event_at")


def _fill(connection: sa.Connection) -> None:
    """From the documents, as JSON and not as today's classes, which will change."""
    expand = zstandard.ZstdDecompressor().decompress
    batch = sa.select(_POST.c.order_key, _POST.c.document).order_by(_POST.c.order_key).limit(_BATCH)
    rows = connection.execute(batch).all()
    while rows:
        found = [
            {"key": row.order_key, **_times(event)}
            for row in rows
            if b'"event":{' in (document := expand(row.document)) and (event := json.loads(document).get("event"))
        ]
        if found:
            connection.execute(
                sa.update(_POST)
                .where(_POST.c.order_key == sa.bindparam("key"))
                .values(event_at=sa.bindparam("starts"), event_until=sa.bindparam("over")),
                found,
            )
        rows = connection.execute(batch.where(_POST.c.order_key > rows[-1].order_key)).all()


def _times(event: dict[str, object]) -> dict[str, int]:
    starts = _ms(str(event["starts_at"]))
    ends = _ms(str(event["ends_at"])) if event.get("ends_at") else starts
    return {"starts": starts, "over": ends + _DAY - 1 if event.get("all_day") else ends}


def _ms(moment: str) -> int:
    return (datetime.fromisoformat(moment) - _EPOCH) // _MILLISECOND
