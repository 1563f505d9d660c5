"""Notices

An index of the posts beside which the city's own sentence stands, newest change first: what the
public lists of corrections and of the desk's acts read.

Each migration must work while the previous release still runs (expand, then contract),
must have a downgrade that loses nothing it need not lose, and on PostgreSQL must not hold
a lock for long: the index holds the few posts that have a notice.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_post_notice",
        "post",
        ["change"],
        unique=False,
        sqlite_where=sa.text("notice IS NOT NULL"),
        postgresql_where=sa.text("notice IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_post_notice", table_name="post")
