"""All tables of the one database, as SQLModel classes.

A table class does not check what it is given; values are checked before they come here and are only copied. The
migrations, not these classes, make the tables; a test compares the two.
"""

from sqlmodel import Field, SQLModel


class JournalRow(SQLModel, table=True):
    """One row of the journal, as it is kept. Rows are only ever added; triggers refuse everything else."""

    __tablename__ = "journal"
    __table_args__ = {"sqlite_with_rowid": False}  # known by its key alone: no hidden number to replace it by

    node: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    utc: str
    """``2021-06-18T15:00:00.000000Z``."""
    offset_s: int
    """Local time minus UTC, seconds."""
    monotonic_s: float
    boot_id: str
    clock: str
    kind: str = Field(index=True)
    airing: str | None = Field(default=None, index=True)
    version: int
    """Of the payload's vocabulary."""
    payload: str
    """Canonical JSON."""
    prev_hash: str
    hash: str


class Identity(SQLModel, table=True):
    """Whose database this is: one row."""

    id: int = Field(default=1, primary_key=True)
    node: str
    """Random, made with the database: keys of two stations never collide."""
    epoch: int
    """Raised when the database comes back from an older copy, so that no sequence number is used twice."""


class Credential(SQLModel, table=True):
    """An approver's PIN, as a hash only; it is replaced, never read out, and so stands outside the journal."""

    __tablename__ = "credentials"

    code: str = Field(primary_key=True)
    pin_hash: str


class PinTry(SQLModel, table=True):
    """One try at a PIN, kept until a right one comes."""

    __tablename__ = "pin_tries"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(index=True)
    utc: str
