"""``broadcaster doctor``: is this box ready for the next airing? One line a check, green or red, and what to do."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import click
from rich.text import Text

from broadcaster.care.labels import label
from broadcaster.cli import checklist
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, plain, say, show_json
from broadcaster.config.keys import FILE
from broadcaster.errors import CheckFailed, ConfigurationError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.moments import complete, date_and_time, time_of_day

if TYPE_CHECKING:
    from broadcaster.care.doctor import Kept, Report
    from broadcaster.journal.events import DoctorRan, Looked

MARKS: Mapping[str, checklist.Mark] = {"ok": checklist.OK, "warn": checklist.REMARK, "fail": checklist.BROKEN}
"""What stands before a check, by its state; in this order, so that what must be mended is read last."""


class NotReady(CheckFailed):
    """Something would keep an airing silent."""

    sentence: ClassVar[str] = N_(
        "Not everything is ready: do what the lines with {mark} say, then check again: broadcaster doctor."
    )


class WasNotReady(CheckFailed):
    """The last time the program looked by itself, something was red."""

    sentence: ClassVar[str] = N_("Something was not ready then. To see what to do, check now: broadcaster doctor.")


@click.command(help=N_("Is this computer ready for the next airing? One line a check, and what to do."))
@click.option("--last", is_flag=True, help=N_("Show what the program found by itself, the evening before an airing."))
@json_option
@pass_desk
def doctor(desk: Desk, *, last: bool, in_json: bool) -> None:
    """Look at everything; exit 1 when something is red. Makes nothing and writes nothing."""
    if last:
        _show_last(desk, in_json=in_json)
        return
    report = _look(desk)
    if in_json:
        show_json({"at": report.at, "ready": report.ready, "next": report.next, "checks": report.checks})
    else:
        _draw(report)
    if not report.ready:
        raise NotReady(mark=checklist.BROKEN)


def _look(desk: Desk) -> "Report":
    from broadcaster.care import doctor as looking  # noqa: PLC0415  it brings every room with it

    now = desk.clock.now().utc
    try:
        station = desk.station
    except ConfigurationError as error:
        if not (desk.root / FILE).is_file():  # there is no station at all
            raise
        return looking.of_broken_settings(error, now)
    return looking.look(station, now)


def _draw(report: "Report") -> None:
    lines = []
    for check in sorted(report.checks, key=lambda check: list(MARKS).index(check.state)):
        said = Text(plain(check.sentence), style="" if check.state == "ok" else "bold")
        if check.todo:
            said.append(f"\n→ {plain(check.todo)}", style="not bold cyan")
        lines.append((MARKS[check.state.value], label(check.code), "", said))
    when = complete(_("It is {when}.").format(when=date_and_time(report.at)))
    checklist.draw_checklist(_("Ready for the next airing? {now}").format(now=when), lines)
    if report.ready:
        say(_summary(report))


def _summary(report: "Report") -> str:
    from broadcaster.care.amplifier import AHEAD  # noqa: PLC0415  it brings every room with it

    if report.next is None:
        return _("Nothing is broken, and no airing is still to come.")
    when, warm = date_and_time(report.next), report.next - AHEAD
    if any(check.state == "warn" for check in report.checks):
        said = _("The next airing can go out: {when}. See to the lines with {mark} as well.")
        return complete(said.format(when=when, mark=checklist.REMARK))
    if report.at >= warm:
        return complete(_("All set. Next airing: {when}. Switch the amplifier on now.").format(when=when))
    said = _("All set. Next airing: {when}. Switch the amplifier on at {time}.")
    return complete(said.format(when=when, time=time_of_day(warm)))


# What the program found by itself


def _show_last(desk: Desk, *, in_json: bool) -> None:
    kept = last_kept(desk)
    if in_json:
        show_json(None if kept is None else as_plain(kept))
    elif kept is None:
        say(
            _(
                "The program has not checked by itself yet: it does so on the evening before an airing, while it is running."
            )
        )
    else:
        _draw_last(kept)
    if kept is not None and kept.found.red:
        raise WasNotReady


def last_kept(desk: Desk) -> "Kept | None":
    """The last look that is on record; ``None`` when there is none. Makes nothing."""
    from broadcaster.care.doctor import last_look  # noqa: PLC0415  it brings every room with it
    from broadcaster.journal.events import DoctorRan  # noqa: PLC0415
    from broadcaster.journal.reading import read  # noqa: PLC0415  the database is heavy

    return last_look(read(desk.station.database, kinds=[DoctorRan]))


def as_plain(kept: "Kept") -> dict[str, Any]:
    """A look on record with stable field names."""
    checks = [{"code": each.code, "state": state, "subject": each.subject} for state, each in _lines(kept.found)]
    return {"at": kept.at, "by": kept.found.by, "ready": not kept.found.red, "checks": checks}


def _lines(found: "DoctorRan") -> "Iterator[tuple[str, Looked]]":
    """The gravest first, each with its state."""
    for state, those in (("fail", found.red), ("warn", found.yellow), ("ok", found.green)):
        yield from ((state, each) for each in those)


def _draw_last(kept: "Kept") -> None:
    lines = [(MARKS[state], label(each.code), "", Text(plain(each.subject))) for state, each in _lines(kept.found)]
    when = date_and_time(kept.at)
    checklist.draw_checklist(complete(_("What the program found by itself on {when}.").format(when=when)), lines)
