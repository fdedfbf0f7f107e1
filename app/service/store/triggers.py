"""What the database itself refuses: to change or to remove an entry of the audit chain.

`create` and `drop` are called by migrations; ``create_all`` calls them by itself. A migration that rebuilds
the table (SQLite knows no other way to change a column) drops the triggers with it: it creates them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

TABLE = "audit_entries"
_REFUSAL = f"{TABLE} can only be added to"
_SQLITE = {
    f"{TABLE}_no_update": "BEFORE UPDATE",
    f"{TABLE}_no_delete": "BEFORE DELETE",
    # INSERT OR REPLACE removes the old row without asking the trigger before.
    f"{TABLE}_no_replace": "BEFORE INSERT",
}
_POSTGRESQL = f"{TABLE}_append_only"


def create(connection: sa.Connection) -> None:
    """Create the triggers, in place of those that may be there."""
    drop(connection)
    if connection.dialect.name == "sqlite":
        for name, when in _SQLITE.items():
            known = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE number = NEW.number)"
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} {when} ON {TABLE} {known if 'INSERT' in when else ''} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {_POSTGRESQL}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_POSTGRESQL} BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_POSTGRESQL}()"
    )


def drop(connection: sa.Connection) -> None:
    """Drop the triggers where they are there, with the table or before it."""
    if connection.dialect.name == "sqlite":
        for name in _SQLITE:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    # CASCADE takes the trigger with its function, also where the table is gone already.
    connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {_POSTGRESQL}() CASCADE")
