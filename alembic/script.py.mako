"""${message}

Each migration must work while the previous release still runs (expand, then contract),
must have a downgrade that loses nothing it need not lose, and on PostgreSQL must not hold
a lock for long: say why in a comment where it takes one.
"""

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
