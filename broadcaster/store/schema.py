"""Brings a database to the newest layout, in one transaction, or leaves it as it was."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from broadcaster.store.problems import UnknownSchema

REVISIONS: tuple[str, ...] = ("0001",)
"""The layouts this program knows, oldest first, by the names of the migrations that make them."""
MIGRATIONS = Path(__file__).parent / "migrations"
"""Where the migrations lie."""


def revision(connection: Connection) -> str | None:
    """The database's layout: a migration's name, ``""`` for tables that no migration made, ``None`` when it is empty."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return "" if tables else None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def check_known(found: str | None, path: Path) -> None:
    """Accept an empty database or a layout this program knows.

    :raises UnknownSchema: neither.
    """
    if found is not None and found not in REVISIONS:
        raise UnknownSchema(path=path, found=found or "?")


def upgrade(connection: Connection) -> None:
    """Run the missing migrations inside the transaction the caller holds and commits."""
    from alembic import command  # noqa: PLC0415  most openings find the newest layout and need none of it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
