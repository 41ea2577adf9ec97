"""``broadcaster audio …``: questions about any audio file."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import (
    NAMES_MAY_BEGIN_WITH_A_DASH,
    json_option,
    no_option,
    progress,
    say,
    show_json,
    table,
    warn,
)
from broadcaster.errors import BadInput, ConfigurationError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import Finding, Measure

if TYPE_CHECKING:
    from broadcaster.config import IntakeSettings

LONGEST_S, LARGEST_BYTES = 14_400.0, 3_000_000_000
"""What is measured at most where there is no station to say."""
ON_DISK = Path("/var/tmp")  # noqa: S108  a private folder is made inside
"""Hours of samples go to the disk; ``/tmp`` may be memory."""


@click.group(help=N_("Measure the loudness of any audio file."))
def audio() -> None:
    """Questions about any audio file."""


class SomeRefused(BadInput):
    """Of several files, some are no recordings; why has been said of each."""

    sentence = N_("{refused} of {files} files could not be measured, for the reasons above. The others are measured.")


@dataclass(frozen=True)
class Measured:
    """What became of one of several files: a measure, or what stopped it."""

    file: Path
    measure: Measure | None
    refused: Finding | None

    def as_json(self) -> dict[str, object]:
        """The file and its measure's own fields; where it was refused, the finding."""
        if self.measure is None:
            return {"file": self.file, "refused": self.refused}
        return {"file": self.file, **vars(self.measure)}


def _no_options(ctx: click.Context, parameter: click.Parameter, names: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(no_option(ctx, parameter, name) for name in names)


@audio.command(
    help=N_("Measure how loud each FILE is, as broadcasters measure it (ITU-R BS.1770, EBU R 128)."),
    context_settings=NAMES_MAY_BEGIN_WITH_A_DASH,
)
@click.argument(
    "files", metavar=N_("FILE…"), nargs=-1, required=True, type=click.Path(path_type=Path), callback=_no_options
)
@json_option
@pass_desk
def measure(desk: Desk, files: tuple[Path, ...], in_json: bool) -> None:  # noqa: FBT001  click's signature
    """Decode each file whole, in a limited child, and show what the meter says."""
    limits = _limits(desk)
    if len(files) == 1:
        _show_one(files[0], limits, in_json=in_json)
    else:
        _show_several(list(_each(files, limits)), in_json=in_json)


def _show_one(file: Path, limits: "IntakeSettings", *, in_json: bool) -> None:
    with progress(_("Measuring")) as bar:
        measured = _measured(file, limits, bar)
    if in_json:
        show_json(measured)
        return
    table(shown(file.name), (_("measure"), _("value")), list(rows(measured)))
    if measured.integrated_lufs is None:
        say(_("There is nothing in {name} loud or long enough to measure.").format(name=shown(file.name)))


def _each(files: Sequence[Path], limits: "IntakeSettings") -> Iterator[Measured]:
    """One file after the other, under one bar; what stops one is told and does not stop the others."""
    with progress(_("Measuring")) as bar:
        for done, file in enumerate(files):
            try:
                measured = _measured(file, limits, _one_of(bar, done, len(files)))
            except BadInput as refusal:
                warn(str(refusal))
                yield Measured(file, None, getattr(refusal, "finding", None))
            else:
                yield Measured(file, measured, None)


def _one_of(bar: Callable[[float], None], done: int, files: int) -> Callable[[float], None]:
    """Moves the bar for the file that follows ``done`` others."""
    return lambda share: bar((done + share) / files)


def _show_several(results: Sequence[Measured], *, in_json: bool) -> None:
    """Raises :class:`SomeRefused`, after all that could be measured is shown."""
    good = [(result.file, result.measure) for result in results if result.measure]
    if in_json:
        show_json([result.as_json() for result in results])
    elif good:
        heads = (
            _("file"),
            _("loudness"),
            _("true peak"),
            _("range"),
            _("loudest 400 ms"),
            _("loudest 3 s"),
            _("length"),
        )
        table("", heads, [(shown(file.name), *columns(measured)) for file, measured in good])
    if refused := len(results) - len(good):
        raise SomeRefused(refused=refused, files=len(results))


def _limits(desk: Desk) -> "IntakeSettings":
    """The station's own limits; outside any station, those of a new one."""
    from broadcaster.config import IntakeSettings  # noqa: PLC0415  imported when a file is measured
    from broadcaster.model import Seconds  # noqa: PLC0415

    if not _in_a_station(desk):
        return IntakeSettings(max_duration_s=Seconds(LONGEST_S), max_file_bytes=LARGEST_BYTES)
    return desk.station.intake


def _in_a_station(desk: Desk) -> bool:
    try:
        return bool(desk.root)
    except ConfigurationError:
        return False


def _measured(file: Path, limits: "IntakeSettings", bar: Callable[[float], None]) -> Measure:
    """The recording's measure at its own sample rate (what lies below 44.1 kHz is measured at 48 kHz)."""
    from broadcaster.sound.decode import decode  # noqa: PLC0415  imported when a file is measured
    from broadcaster.sound.loudness import measure_pcm  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=_spool_room(), prefix="measure-") as spool:
        decoded = decode(file, Path(spool), limits, lambda share: bar(0.7 * share))
        measured = measure_pcm(
            decoded.pcm, decoded.sample_rate_hz, decoded.channels, lambda share: bar(0.7 + 0.3 * share)
        )
    return replace(measured, sample_rate_hz=decoded.source_rate_hz)


def _spool_room() -> str | None:
    """``TMPDIR`` where a person has set it, else the disk."""
    return None if "TMPDIR" in os.environ or not ON_DISK.is_dir() else str(ON_DISK)


def rows(measured: Measure) -> Iterator[tuple[str, str]]:
    """The measure for people: a name and a value with its unit each."""
    yield _("Integrated loudness"), _with_unit(measured.integrated_lufs, "LUFS")
    yield _("True peak"), _with_unit(measured.true_peak_dbtp, "dBTP")
    yield _("Loudness range"), _with_unit(measured.loudness_range_lu, "LU")
    yield _("Loudest 400 ms"), _with_unit(measured.max_momentary_lufs, "LUFS")
    yield _("Loudest 3 s"), _with_unit(measured.max_shortterm_lufs, "LUFS")
    yield _("Length"), _with_unit(measured.duration_s, "s")
    yield _("Sample rate"), f"{measured.sample_rate_hz} Hz"
    yield _("Channels"), str(measured.channels)


def columns(measured: Measure) -> Iterator[str]:
    """The measure on one line of a table."""
    yield _with_unit(measured.integrated_lufs, "LUFS")
    yield _with_unit(measured.true_peak_dbtp, "dBTP")
    yield _with_unit(measured.loudness_range_lu, "LU")
    yield _with_unit(measured.max_momentary_lufs, "LUFS")
    yield _with_unit(measured.max_shortterm_lufs, "LUFS")
    yield _with_unit(measured.duration_s, "s")


def _with_unit(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{value:.1f} {unit}"
