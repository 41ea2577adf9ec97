"""``broadcaster part``: parts that many episodes share. One that is replaced reaches them all."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.answers import answers_option, ask_checklist
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.nudge import nudge
from broadcaster.cli.part_announcements import announcements, make_announcements
from broadcaster.cli.part_shown import draw, rebuilt, view
from broadcaster.cli.pin import ask_pin, checked_pin, pin_file_option
from broadcaster.cli.show import NAMES_MAY_BEGIN_WITH_A_DASH, json_option, no_option, progress, say, show_json
from broadcaster.journal.append import Journal
from broadcaster.journal.reading import read
from broadcaster.library.decisions import BRINGERS, DECISIONS, Decisions, decide, decisions_of
from broadcaster.library.people import person_of
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import EpisodeNumber, PartRole

if TYPE_CHECKING:
    from broadcaster.production.rundown.shared import Bringer

recording = click.argument("recording", type=click.Path(path_type=Path), metavar=N_("FILE"), callback=no_option)
part_argument = click.argument("part", metavar="ID")
as_option = click.option("--as", "code", required=True, metavar=N_("CODE"), help=N_("Your registered code."))


@click.group(help=N_("Parts that many episodes share: idents, helplines, credits, music."))
def part() -> None:
    """The noun."""


part.add_command(announcements)


@part.command(
    help=N_("Make a recording a shared part, which rundowns name by its id."),
    context_settings=NAMES_MAY_BEGIN_WITH_A_DASH,
)
@recording
@click.option("--id", "part_id", required=True, metavar="ID", help=N_("Its id, such as linea-100; never a name."))
@click.option("--role", type=click.Choice([role.value for role in PartRole]), required=True, help=N_("What it is."))
@as_option
@pin_file_option
@pass_desk
def add(desk: Desk, *, recording: Path, part_id: str, role: str, code: str, pin_file: Path | None) -> None:
    """Add a shared part."""
    from broadcaster.production.rundown.shared import add_part  # noqa: PLC0415  numpy is heavy

    with desk.open_journal() as journal:
        by = _bringer(journal, code, pin_file)
        with _listening(recording) as moved:
            add_part(desk.station, journal, part_id, PartRole(role), recording.absolute(), by, moved)
    say(_("{part} is a shared part now: a rundown names it by this id, with the key part.").format(part=part_id))


@part.command(name="list", help=N_("Show the shared parts and the episodes that hold them."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show every shared part."""
    parts = list(view(desk.station, decide(read(desk.station.database, kinds=DECISIONS))))
    if in_json:
        show_json(parts)
    elif parts:
        draw(parts)
    else:
        say(_("There is no shared part yet. Add one with `broadcaster part add FILE --id ID --role ROLE --as CODE`."))


@part.command(
    help=N_("Bring a new recording of a shared part and build the episodes that hold the old one again."),
    context_settings=NAMES_MAY_BEGIN_WITH_A_DASH,
)
@part_argument
@recording
@click.option("--wrong", is_flag=True, help=N_("The old one says something wrong: what holds it stops at once."))
@as_option
@pin_file_option
@json_option
@pass_desk
def replace(
    desk: Desk, *, part: str, recording: Path, wrong: bool, code: str, pin_file: Path | None, in_json: bool
) -> None:
    """Replace a shared part."""
    from broadcaster.production.rundown.shared import replace_part  # noqa: PLC0415  numpy is heavy

    with desk.open_journal() as journal:
        if wrong:
            _stop(desk, journal, part)  # before anybody is asked who she is
        by = _bringer(journal, code, pin_file)
        with _listening(recording) as moved:
            replace_part(desk.station, journal, part, recording.absolute(), by, moved)
        _again(desk, journal, in_json=in_json)
    if not in_json:
        say(
            _(
                "Somebody must listen to the new {part} and approve it: `broadcaster part approve {part} --as CODE`."
            ).format(part=part)
        )


@part.command(help=N_("Stop at once whatever holds a shared part, because it says something wrong."))
@part_argument
@pass_desk
def wrong(desk: Desk, part: str) -> None:
    """Mark a shared part as wrong."""
    with desk.open_journal() as journal:
        _stop(desk, journal, part)
    say(_("Bring the right one with `broadcaster part replace {part} FILE --as CODE`.").format(part=part))


@part.command(help=N_("Say that you listened to a shared part and that it may air."))
@part_argument
@as_option
@pin_file_option
@answers_option
@json_option
@pass_desk
def approve(
    desk: Desk, *, part: str, code: str, pin_file: Path | None, answers_file: Path | None, in_json: bool
) -> None:
    """Approve a shared part, and build what waited for that."""
    from broadcaster.library.part_acts import approve_part, may_approve_part  # noqa: PLC0415  with the others

    with desk.open_journal() as journal:
        may_approve_part(decisions_of(journal), part, code)  # before she types anything
        pin = checked_pin(journal, code, pin_file)
        approve_part(journal, desk.station, part, code, pin, answers=ask_checklist(answers_file))
        say(_("Your approval of the shared part {part} is on record.").format(part=part))
        _again(desk, journal, in_json=in_json)
        make_announcements(desk, journal)
        held = list(_holding(decide(journal.rows(kinds=DECISIONS)), part))
    if not in_json:
        _standing(desk, held)


@part.command(help=N_("Go on building the episodes that hold an older recording of a shared part."))
@json_option
@pass_desk
def rebuild(desk: Desk, *, in_json: bool) -> None:
    """Build what is left."""
    with desk.open_journal() as journal:
        _again(desk, journal, in_json=in_json)


def _bringer(journal: Journal, code: str, pin_file: Path | None) -> "Bringer":
    from broadcaster.production.rundown.shared import Bringer  # noqa: PLC0415  numpy is heavy

    person_of(decisions_of(journal), code, *BRINGERS)  # before she types anything
    return Bringer(code, ask_pin(code, pin_file))


def _holding(decisions: Decisions, part: str) -> Iterator[EpisodeNumber]:
    """The episodes whose newest revision holds a shared part, as it is meant now."""
    for number in sorted(decisions.numbers()):
        newest = decisions.newest(number)
        if newest and part in decisions.parts.shared_in(newest) - decisions.parts.stale_in(newest):
            yield number


def _standing(desk: Desk, numbers: "list[EpisodeNumber]") -> None:
    from broadcaster.cli.episode_shown import see, show_standing  # noqa: PLC0415  drawing is heavy

    for number in numbers:
        say(_("Episode {number}:").format(number=number))
        show_standing(see(desk, number))


def _stop(desk: Desk, journal: Journal, part: str) -> None:
    """Take whatever holds the part off the air, durably, before anything else is done."""
    from broadcaster.library.part_acts import mark_wrong  # noqa: PLC0415  with the others

    mark_wrong(journal, part)
    nudge(desk.root)
    decisions = decide(journal.rows(kinds=DECISIONS))
    held = [number for number in sorted(decisions.numbers()) if _holds(decisions, number, part)]
    if held:
        numbers = ", ".join(map(str, held))
        say(
            _("What holds the old {part} stops now and stays off the air: {numbers}.").format(
                part=part, numbers=numbers
            )
        )
    else:
        say(_("No episode on the air holds {part}; from now on none can be built with it.").format(part=part))


def _holds(decisions: Decisions, number: EpisodeNumber, part: str) -> bool:
    newest = decisions.newest(number)
    return newest is not None and part in decisions.parts.wrong_in(newest)


def _again(desk: Desk, journal: Journal, *, in_json: bool) -> None:
    from broadcaster.production.rundown.rebuilding import rebuild as build_again  # noqa: PLC0415  numpy is heavy

    with progress(_("Building the episodes that hold the old one again")) as moved:
        done = list(build_again(desk.station, journal, moved))
    nudge(desk.root)
    if in_json:
        show_json(done)
        return
    if done:
        rebuilt(done)
    else:
        say(_("No episode holds an older recording of a shared part."))


def _listening(recording: Path) -> AbstractContextManager[Callable[[float], None]]:
    return progress(_("Listening to {name}").format(name=shown(recording.name)))
