"""``broadcaster episode export``: copies that leave the library, through the gates and onto the record."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.completion import episode_numbers
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_shown import minutes
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import progress, say, warn
from broadcaster.errors import BadInput, UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber

if TYPE_CHECKING:
    from broadcaster.journal.append import Journal
    from broadcaster.production.exports.making import Made

FORMS = ("mp3", "opus", "wav", "usb", "facebook")
SHAPES = ("1:1", "16:9")


class OneEpisode(UsageError):
    """Only a stick takes several."""

    sentence = N_("Give the number of one episode; several at once go only onto a stick, with --as usb.")


class WhereIsTheStick(UsageError):
    """A stick must be named."""

    sentence = N_("Say where the stick is: -o and its folder, such as -o /media/USB.")


class NothingReady(BadInput):
    """No episode may be copied so."""

    sentence = N_("No episode may be copied onto a stick now. See why with `broadcaster episode list`.")


@click.command(
    help=N_("Make a copy that may leave: for WhatsApp, a USB stick, an archive, Facebook. It is put on record.")
)
@click.argument("numbers", type=int, nargs=-1, metavar=N_("NUMBER…"), shell_complete=episode_numbers)
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMS),
    required=True,
    help=N_("mp3 or opus for WhatsApp, wav for an archive, usb for a stick, facebook for a video."),
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    help=N_("Where to put it; otherwise into the station's folder copies."),
)
@click.option(
    "--by",
    "code",
    metavar=N_("CODE"),
    help=N_("Registered code of who takes it along; asks for her PIN. It stands on record with the copy."),
)
@pin_file_option
@click.option("--shape", type=click.Choice(SHAPES), default=SHAPES[0], help=N_("Of the video: square or wide."))
@pass_desk
def export(
    desk: Desk,
    *,
    numbers: Sequence[int],
    form: str,
    target: Path | None,
    code: str | None,
    pin_file: Path | None,
    shape: str,
) -> None:
    """Make the copies."""
    if form == "usb" and target is None:
        raise WhereIsTheStick
    if form != "usb" and len(numbers) != 1:
        raise OneEpisode
    wanted = [EpisodeNumber(number) for number in numbers]
    with desk.open_journal() as journal:
        by = "" if code is None else _carrier(journal, code, pin_file)
        if form == "usb":
            made = _stick(desk, journal, wanted, target, by=by)
        else:
            made = [_one(desk, journal, wanted[0], form, target, by=by, shape=shape)]
    for each in made:
        _tell(each)
    warn(_("If you are told that the episode was withdrawn, delete the copy at once and say so, with its code."))


def _carrier(journal: "Journal", code: str, pin_file: Path | None) -> str:
    """Who answers for the copies: a registered person, on her PIN."""
    from broadcaster.library.acts import decisions_of  # noqa: PLC0415
    from broadcaster.library.people import identify, person_of  # noqa: PLC0415

    person_of(decisions_of(journal), code)  # an unknown code is refused before she types anything
    return identify(journal, code, ask_pin(code, pin_file)).code


def _stick(
    desk: Desk, journal: "Journal", wanted: list[EpisodeNumber], folder: Path | None, *, by: str
) -> "list[Made]":
    from broadcaster.production.exports import making, stick  # noqa: PLC0415  numpy is heavy

    assert folder is not None  # noqa: S101  it was asked for
    wanted = wanted or making.ready(desk.station, journal, stick.USB)
    if not wanted:
        raise NothingReady
    with progress(_("Copying onto the stick")) as moved:
        return stick.fill(desk.station, journal, wanted, folder.absolute(), by=by, progress=moved)


def _one(
    desk: Desk, journal: "Journal", number: EpisodeNumber, form_id: str, target: Path | None, *, by: str, shape: str
) -> "Made":
    from broadcaster.production.exports import making, placing  # noqa: PLC0415
    from broadcaster.production.exports.forms import FORMS as KNOWN  # noqa: PLC0415

    form = KNOWN[form_id]
    making.require(desk.station, journal, [number], form)
    extra = f"-{shape.replace(':', 'x')}" if form_id == "facebook" else ""
    place = placing.place_of(desk.station, target, placing.name_of(number, form.suffix, extra))
    order = making.Order(number, form, place, by=by)
    with progress(_("Copying episode {number}").format(number=number)) as moved:
        if form_id != "facebook":
            return making.make(desk.station, journal, order, moved)
        from broadcaster.production.exports.card import SHAPES as LAYOUTS  # noqa: PLC0415  Pillow
        from broadcaster.production.exports.facebook import finishing  # noqa: PLC0415

        today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
        finish = finishing(desk.station, LAYOUTS[shape], today)
        return making.make(desk.station, journal, order, moved, finish)


def _tell(made: "Made") -> None:
    measure = made.measure
    text = _("{path}: episode {number}, {length}, {size} MB, {lufs} LUFS, true peak {peak} dBTP. Its code is {copy}.")
    say(
        text.format(
            path=made.path,
            number=made.record.episode,
            length=minutes(measure.duration_s),
            size=f"{made.bytes / 1e6:.1f}",
            lufs="—" if measure.integrated_lufs is None else f"{measure.integrated_lufs:.1f}",
            peak="—" if measure.true_peak_dbtp is None else f"{measure.true_peak_dbtp:.1f}",
            copy=made.record.copy,
        )
    )
