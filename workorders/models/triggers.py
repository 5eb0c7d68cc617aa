"""The database itself refuses to change or remove a transfer, on both engines.

PostgreSQL refuses UPDATE, DELETE and TRUNCATE; SQLite refuses UPDATE, DELETE and the
INSERT OR REPLACE that would hide one. Installed by a migration and again after every
`migrate`; a system check and `manage.py ledger verify` tell when one is missing.
"""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "workorders_transfer"

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION workorders_transfer_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'transfers are never changed or removed (%)', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql
"""
POSTGRESQL = {
    "transfer_unchanged": (
        f"CREATE TRIGGER transfer_unchanged BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION workorders_transfer_refuse()"
    ),
    "transfer_untruncated": (
        f"CREATE TRIGGER transfer_untruncated BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION workorders_transfer_refuse()"
    ),
}
REFUSE_ON_SQLITE = "BEGIN SELECT RAISE(ABORT, 'transfers are never changed or removed'); END"
SAME_TRANSFER = (
    f"SELECT 1 FROM {TABLE} WHERE id = NEW.id"  # noqa: S608 - constants alone
    " OR idempotency_key = NEW.idempotency_key OR reverses_id = NEW.reverses_id"
)
SQLITE = {
    "transfer_unchanged": (
        f"CREATE TRIGGER transfer_unchanged BEFORE UPDATE ON {TABLE} {REFUSE_ON_SQLITE}"
    ),
    "transfer_unremoved": (
        f"CREATE TRIGGER transfer_unremoved BEFORE DELETE ON {TABLE} {REFUSE_ON_SQLITE}"
    ),
    # REPLACE deletes silently unless a connection asks for recursive triggers.
    "transfer_unreplaced": (
        f"CREATE TRIGGER transfer_unreplaced BEFORE INSERT ON {TABLE} WHEN EXISTS"
        f" ({SAME_TRANSFER}) {REFUSE_ON_SQLITE}"
    ),
}


def triggers_for(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers that must be there, by name, with the statement that makes each."""
    return POSTGRESQL if connection.vendor == "postgresql" else SQLITE


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should guard the table and don't; none without the table."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return []
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger"
                " WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled <> 'D'",
                [TABLE],
            )
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
            )
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in triggers_for(connection) if name not in present]


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make whatever is missing; safe to repeat."""
    wanted = triggers_for(connection)
    missing = missing_triggers(connection)
    if not missing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for name in missing:
            cursor.execute(drop_statement(connection, name))
            cursor.execute(wanted[name])


def drop_statement(connection: BaseDatabaseWrapper, name: str) -> str:
    """What removes one of them; for reinstalling and for emptying a test database."""
    table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {name}{table}"


def install_after_migrate(using: str, **_: object) -> None:
    """Receiver of `post_migrate`: a guard that was lost comes back."""
    install_triggers(connections[using])
