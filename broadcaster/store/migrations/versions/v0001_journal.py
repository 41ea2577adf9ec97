"""The journal with its triggers, whose database it is, and the approvers' PINs."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = (
    """CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal refuses UPDATE'); END""",
    """CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal refuses DELETE'); END""",
    """CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE node = NEW.node AND epoch = NEW.epoch AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the journal refuses a second row of this key'); END""",
)

ON_A_SERVER = (
    """CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the journal refuses %', TG_OP; END $$""",
    """CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_refuses()""",
    """CREATE TRIGGER journal_refuses_truncate BEFORE TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()""",
)
"""The same on PostgreSQL, where a second row of a key is refused by the key itself."""


def _name() -> sa.types.TypeEngine[str]:
    """Text in the order of its letters' numbers, whatever the server's language."""
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _number() -> sa.types.TypeEngine[int]:
    """Any that SQLite holds."""
    return sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("node", _name(), primary_key=True),
        sa.Column("epoch", _number(), primary_key=True, autoincrement=False),
        sa.Column("seq", _number(), primary_key=True, autoincrement=False),
        sa.Column("utc", sa.String(), nullable=False),
        sa.Column("offset_s", sa.Integer(), nullable=False),
        sa.Column("monotonic_s", sa.Float(), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("airing", _name(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_journal_kind", "journal", ["kind"])
    op.create_index("ix_journal_airing", "journal", ["airing"])
    for trigger in ON_A_SERVER if op.get_bind().dialect.name == "postgresql" else TRIGGERS:
        op.execute(trigger)


def _identity() -> None:
    identity = op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("epoch", _number(), nullable=False),
    )
    op.bulk_insert(identity, [{"id": 1, "node": secrets.token_hex(6), "epoch": 1}])


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("pin_hash", sa.String(), nullable=False),
    )
    op.create_table(
        "pin_tries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("utc", sa.String(), nullable=False),
    )
    op.create_index("ix_pin_tries_code", "pin_tries", ["code"])


def upgrade() -> None:
    """Make everything in the transaction the caller holds."""
    _journal()
    _identity()
    _credentials()
