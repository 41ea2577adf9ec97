"""The layout: what the migrations make is what the tables' classes say."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import broadcaster.store
from broadcaster.store import schema
from broadcaster.store.engine import open_to_write, url_of


def test_the_migrations_make_the_tables_the_classes_describe(tmp_path: Path) -> None:
    store = open_to_write(url_of(tmp_path / "broadcaster.db"))
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    store.close()


def test_the_program_knows_every_migration_in_their_order() -> None:
    config = Config()
    folder = Path(broadcaster.store.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == schema.REVISIONS
