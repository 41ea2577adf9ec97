"""The migration of the release that comes after this one: a table from all rows so far, and one more column.

The scenario runs it after this release's own, whose last one it follows (``LAST`` is replaced by its name).
"""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "LAST"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Many pages in one transaction: the caller holds it."""
    op.create_table("spoken", sa.Column("key", sa.String(), primary_key=True), sa.Column("words", sa.String()))
    op.execute(
        "INSERT INTO spoken SELECT node || '-' || epoch || '-' || seq, hex(zeroblob(2000)) FROM journal ORDER BY seq"
    )
    op.add_column("credentials", sa.Column("since", sa.String()))
    op.create_index("ix_spoken_words", "spoken", ["words"])
