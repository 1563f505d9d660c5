"""The schema is what the migrations build."""

from feedhub.store.migrations import SchemaState, check_drift, migrate, schema_state


def test_migrations_and_tables_agree(database_url):
    check_drift(database_url)


def test_migrations_go_up_down_and_up_again(database_url):
    migrate(database_url, revision="base")
    assert schema_state(database_url) is SchemaState.EMPTY
    migrate(database_url)
    assert schema_state(database_url) is SchemaState.CURRENT
