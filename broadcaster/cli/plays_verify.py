"""``broadcaster plays verify``: whether the record is whole, by its chain, its second copy, and a code noted on paper."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from broadcaster.cli import playlog
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.days import DAY
from broadcaster.cli.show import json_option, say, show_json
from broadcaster.errors import CheckFailed
from broadcaster.journal.chain import Verification
from broadcaster.journal.copy import copy_of
from broadcaster.journal.dailycode import Noted
from broadcaster.journal.proofs import Agreement, agreement, code_of_day, torn_copy, when_noted
from broadcaster.journal.reading import verify_at
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import moments
from broadcaster.store.engine import database_path

rehearsal_option = click.option(
    "--rehearsal", metavar=N_("NAME"), help=N_("Read a rehearsal's record instead: its folder's name, or latest.")
)


class BrokenRecord(CheckFailed):
    """The chain does not hold."""

    sentence = N_(
        "The record does not hold from row {row} on: it was changed by hand or damaged. "
        "Delete nothing and call the coordinator."
    )


class CopyDiffers(CheckFailed):
    """The second copy tells something else than the database."""

    sentence = N_(
        "The second copy of row {row} says something else: one of the two was changed by hand. "
        "Delete nothing and call the coordinator."
    )


class RowsMissing(CheckFailed):
    """The second copy has rows that the database has not."""

    sentence = N_(
        "The second copy has {rows} rows that the record lacks: they were taken out, or an old record was put back. "
        "`broadcaster run` brings them back. Delete nothing and call the coordinator."
    )


class OtherStoryAside(CheckFailed):
    """A copy that was put aside contradicts the database."""

    sentence = N_(
        "The copy that was put aside as {file} tells row {row} differently: the record or the copy was changed by hand, or "
        "another record was put back. Delete nothing and call the coordinator; once it is cleared up, keep that file elsewhere."
    )


class CodeNotFound(CheckFailed):
    """No row of that day gives the code."""

    sentence = N_(
        "No row of {day} gives the code {code}: what was on record then is not what is on record now, or the day or the "
        "code was copied wrongly. Read both again; if they are right, delete nothing and call the coordinator."
    )


@click.command(
    help=N_(
        "Walk along the record's chain and name the first row that does not hold; with a code from the notebook, see "
        "whether all that was on record then is on record still."
    )
)
@click.option(
    "--code",
    "noted",
    type=(DAY, str),
    metavar=N_("DATE CODE"),
    help=N_("A day and the code that was noted on it, such as 2021-06-18 K7F3-9QXM."),
)
@rehearsal_option
@json_option
@click.pass_context
@pass_desk
def verify(
    desk: Desk, ctx: click.Context, noted: tuple[datetime, str] | None, rehearsal: str | None, *, in_json: bool
) -> None:
    """Verify the record; exit 1 when something does not hold."""
    database = playlog.database(desk.station, rehearsal or ctx.meta["rehearsal"])
    today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
    chain, copy, code = verify_at(database), agreement(database), code_of_day(database, today)
    found = when_noted(database, noted[0].date(), noted[1]) if noted else None
    if in_json:
        show_json({**_facts(chain, copy, today, code), **({"noted": found} if noted else {})})
    elif _holds(chain, copy):
        _tell(chain, copy, today, code, database)
    _refuse(chain, copy)
    if noted:
        _judge(noted[0].date(), noted[1], found, in_json=in_json)


def _facts(chain: Verification, copy: Agreement | None, today: date, code: str | None) -> dict[str, Any]:
    return {**asdict(chain), "day": today, "code": code, "copy": copy}


def _holds(chain: Verification, copy: Agreement | None) -> bool:
    return chain.intact and (copy is None or (copy.agrees and copy.aside is None))


def _tell(chain: Verification, copy: Agreement | None, today: date, code: str | None, database: str) -> None:
    if not chain.rows or copy is None:
        say(_("There is no record yet, so there is nothing to verify."))
        return
    say(
        _("The record holds: {rows} rows, none changed. Its newest mark: {head}").format(
            rows=chain.rows, head=chain.head
        )
    )
    if copy.torn:
        say(" ".join(torn_copy(copy.torn, copy_of(database_path(database)))))
    elif copy.lacking:
        text = _("The second copy still lacks {rows} rows; they are added with the next row.")
        say(text.format(rows=copy.lacking))
    else:
        say(_("The second copy says the same, row by row."))
    if code is not None:
        say(code_line(today, code))


def code_line(day: date, code: str) -> str:
    """Today's code as people read it, with what to do with it."""
    text = _(
        "Today's code, {day}: {code}. Write it in the notebook with the date: it proves later that nothing was changed."
    )
    return text.format(day=moments.day(datetime.combine(day, datetime.min.time())), code=code)


def _refuse(chain: Verification, copy: Agreement | None) -> None:
    """Raise what does not hold, the chain first."""
    if not chain.intact:
        raise BrokenRecord(row=chain.first_broken)
    if copy is not None and copy.first_differing is not None:
        raise CopyDiffers(row=copy.first_differing)
    if copy is not None and copy.beyond:
        raise RowsMissing(rows=copy.beyond)
    if copy is not None and copy.aside is not None:
        raise OtherStoryAside(file=copy.aside.file, row=copy.aside.row)


def _judge(day: date, code: str, found: Noted | None, *, in_json: bool) -> None:
    if found is None:
        raise CodeNotFound(day=day, code=code)
    if not in_json:
        text = _("The code is right: everything on record up to {moment} is as it was when it was noted (row {row}).")
        say(text.format(moment=moments.date_and_time(found.written), row=found.row))
