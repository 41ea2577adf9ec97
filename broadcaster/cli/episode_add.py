"""``broadcaster episode add``: one recording, or many at once."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_batch import Asked, admit_many
from broadcaster.cli.episode_shown import minutes, see, show_findings, show_standing
from broadcaster.cli.show import NAMES_MAY_BEGIN_WITH_A_DASH, json_option, no_option, progress, say, show_json
from broadcaster.errors import UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import EpisodeNumber, Profile

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.production.metadata import Defaults
    from broadcaster.production.submission import Submission

T = TypeVar("T")
profile_option = click.option(
    "--profile",
    type=click.Choice([each.value for each in Profile]),
    help=N_(
        "What it is levelled for: speech, or horn for horn loudspeakers in noise; without it, what config.toml says."
    ),
)


def no_options(ctx: click.Context, parameter: click.Parameter, names: tuple[Path, ...]) -> tuple[Path, ...]:
    """The callback of several recordings."""
    return tuple(no_option(ctx, parameter, name) for name in names)


@click.command(
    help=N_("Admit a recording as a new episode, or many at once: heard whole, measured and levelled."),
    context_settings=NAMES_MAY_BEGIN_WITH_A_DASH,
)
@click.argument("recordings", type=click.Path(path_type=Path), metavar=N_("FILE…"), nargs=-1, callback=no_options)
@click.option("--number", type=int, help=N_("The episode's number, 1 to 999."))
@click.option("--title", help=N_("The title; it never becomes part of a file's name or a log."))
@click.option(
    "--defender",
    "defenders",
    multiple=True,
    metavar=N_("CODE"),
    help=N_("Registered code of who made it; may be repeated."),
)
@click.option(
    "--consent",
    "consents",
    multiple=True,
    metavar="REF",
    help=N_("Consent of a voice in it, by its reference; may be repeated. Without them, it will not air."),
)
@click.option(
    "--helpline",
    "helplines",
    multiple=True,
    metavar="ID",
    help=N_("Helpline it names, by its id in config.toml; may be repeated. Without one, it will not air."),
)
@click.option("--sample", is_flag=True, help=N_("Made up to try the program: it never airs under run."))
@profile_option
@click.option(
    "--from-folder",
    "folders",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar=N_("FOLDER"),
    help=N_("Admit all recordings that the folder's episodes.csv or episodes.toml lists; may be repeated."),
)
@click.option(
    "--metadata",
    type=click.Path(path_type=Path),
    metavar=N_("TABLE"),
    help=N_("A CSV or TOML that says number, title, defenders, consent and helplines of many recordings."),
)
@json_option
@pass_desk
def add(
    desk: Desk,
    *,
    recordings: Sequence[Path],
    number: int | None,
    title: str | None,
    defenders: Sequence[str],
    consents: Sequence[str],
    helplines: Sequence[str],
    sample: bool,
    profile: str | None,
    folders: Sequence[Path],
    metadata: Path | None,
    in_json: bool,
) -> None:
    """Admit a first revision of one episode or of many."""
    from broadcaster.production.metadata import Defaults  # noqa: PLC0415  it brings production with it

    said = Defaults(tuple(defenders), tuple(consents), tuple(helplines), sample)
    station = levelled_for(desk.station, profile)
    asked = Asked(recordings, folders, metadata)
    if asked.one:
        words = _words(_wanted(number, "--number"), _wanted(title, "--title"), said)
        _add_one(desk, station, recordings[0], words, in_json=in_json)
        return
    if number is not None or title is not None:
        raise UsageError(
            problem=_("--number and --title are for one recording; a table says them for many. Nothing was added.")
        )
    if asked.nothing:
        raise click.MissingParameter(param_hint=[_("FILE…")], param_type="argument")
    admit_many(desk, station, asked, said, in_json=in_json)


def _wanted(value: T | None, option: str) -> T:
    if value is None:
        raise click.MissingParameter(param_hint=[option], param_type="option")
    return value


def levelled_for(station: "Station", profile: str | None) -> "Station":
    """The station, levelling for ``profile`` this once."""
    if profile is None:
        return station
    return replace(station, mastering=replace(station.mastering, profile=Profile(profile)))


def _words(number: int, title: str, said: "Defaults") -> "Submission":
    from broadcaster.production.submission import Submission  # noqa: PLC0415  it brings production with it

    return Submission(EpisodeNumber(number), title, said.defenders, said.consents, said.helplines, said.sample)


def _add_one(desk: Desk, station: "Station", recording: Path, said: "Submission", *, in_json: bool) -> None:
    from broadcaster.production import intake  # noqa: PLC0415  numpy is heavy

    with desk.open_journal() as journal, bar_of(recording, in_json=in_json) as moved:
        intake.add(station, journal, recording.absolute(), said, moved)
    show_admitted(desk, said.number, in_json=in_json)


def bar_of(recording: Path, *, in_json: bool) -> AbstractContextManager[Callable[[float], None]]:
    """The progress bar; none where a program reads."""
    if in_json:
        return nullcontext(lambda _share: None)
    return progress(_("Listening to {name} and levelling it").format(name=shown(recording.name)))


def show_admitted(desk: Desk, number: EpisodeNumber, *, in_json: bool) -> None:
    """What was admitted, what was noticed and what is missing."""
    seen = see(desk, number)
    if in_json:
        show_json(seen)
        return
    admitted = _("Episode {number}, version {revision}, was admitted: {minutes} of sound, levelled to {lufs} LUFS.")
    say(
        admitted.format(
            number=number,
            revision=seen["revision"],
            minutes=minutes(seen["duration_s"]),
            lufs=f"{seen['master']['integrated_lufs']:.1f}",
        )
    )
    show_findings(seen["findings"])
    show_standing(seen)
