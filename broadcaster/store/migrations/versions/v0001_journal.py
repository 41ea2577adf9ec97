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


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("node", sa.String(), primary_key=True),
        sa.Column("epoch", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("utc", sa.String(), nullable=False),
        sa.Column("offset_s", sa.Integer(), nullable=False),
        sa.Column("monotonic_s", sa.Float(), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("airing", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_journal_kind", "journal", ["kind"])
    op.create_index("ix_journal_airing", "journal", ["airing"])
    for trigger in TRIGGERS:
        op.execute(trigger)


def _identity() -> None:
    identity = op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
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
