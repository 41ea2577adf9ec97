"""What the journal comes to, airing by airing, kept beside it, so that nobody has to read all of it for a page or a month.

::

    journal ─▶ catching up (rows since the last time) ─▶ entries (pure: merge, lines, counts) ─▶ the ledger, one row an airing
                                                                             pages of the log ◀──┤
                                                                    figures of any period ◀──────┘

The journal stays the truth. The ledger is derived: whoever reads catches it up first; where it does not fit the journal
(another record was put in its place, rows came in before those it knows, another program made it), it is made anew. It may be
deleted at any time. With SQLite it is a file of its own, for the record has one writer at a time, and that is whoever plays;
with PostgreSQL its tables lie beside the journal's. Where it cannot be kept (a disk that can only be read) it is in memory.
"""
