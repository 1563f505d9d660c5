"""Runs the migrations on the connection that feedhub.store.migrations hands over."""

from alembic import context
from sqlalchemy.schema import SchemaItem

from feedhub.store.tables_wires import metadata

# The full-text index is written by hand in the migrations: SQLite's is a virtual table
# with shadow tables of its own, PostgreSQL's an ordinary one.
_BY_HAND = "search"


def include_object(_object: SchemaItem, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:  # noqa: FBT001  # alembic's own signature
    """Leave out what autogenerate can't compare."""
    return not (kind == "table" and (name or "").startswith(_BY_HAND))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=include_object,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
