"""``broadcaster episode build`` and ``episode rundown``: an episode is put together from its parts, and shown part by part."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadcaster.cli.completion import episode_numbers
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_add import levelled_for, profile_option
from broadcaster.cli.part_shown import ROLES
from broadcaster.cli.show import json_option, progress, say, show_json, table
from broadcaster.journal.reading import read
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber

if TYPE_CHECKING:
    from broadcaster.production.rundown.building import PartShown
    from broadcaster.production.rundown.reading import Rundown


@click.command(help=N_("Put an episode together from its parts, as its rundown orders them, and admit it."))
@click.argument("rundown", metavar=N_("NUMBER|RUNDOWN.toml"), shell_complete=episode_numbers)
@click.option(
    "--preview",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar=N_("FILE.wav"),
    help=N_("Only write it to this file, to listen before anything is admitted."),
)
@click.option("--joints", is_flag=True, help=N_("With --preview: only the seconds around each joint."))
@profile_option
@json_option
@pass_desk
def build(desk: Desk, rundown: str, preview: Path | None, *, joints: bool, profile: str | None, in_json: bool) -> None:
    """Build an episode, or a preview of it."""
    meant = _meant(desk, rundown)
    if joints and preview is None:
        raise click.UsageError(_("--joints goes with --preview."))
    if profile is not None and preview is not None:
        raise click.UsageError(
            _("--profile does not go with --preview: a preview is not levelled for any loudspeaker.")
        )
    if preview is not None:
        _preview(desk, meant, preview, joints=joints, in_json=in_json)
    else:
        _build(desk, meant, rundown, profile, in_json=in_json)


def _meant(desk: Desk, rundown: str) -> "Rundown":
    from broadcaster.production.rundown.finding import rundown_at, rundown_of  # noqa: PLC0415  numpy is heavy

    return rundown_of(desk.station, int(rundown)) if _is_number(rundown) else rundown_at(desk.station, Path(rundown))


def _is_number(rundown: str) -> bool:
    return rundown.isdecimal() and len(rundown) < 4


def _build(desk: Desk, meant: "Rundown", named: str, profile: str | None, *, in_json: bool) -> None:
    from broadcaster.cli.episode_shown import see, show_findings, show_standing  # noqa: PLC0415  numpy is heavy
    from broadcaster.production.rundown.building import build as put_together  # noqa: PLC0415
    from broadcaster.production.rundown.finding import bring_in  # noqa: PLC0415

    with desk.open_journal() as journal, _bar(meant, in_json=in_json) as moved:
        done = put_together(levelled_for(desk.station, profile), journal, meant, moved)
    if not _is_number(named):
        bring_in(desk.station, meant, Path(named))
    seen = see(desk, done.episode.number)
    if in_json:
        show_json({**seen, "parts": done.recorded.parts, "unchanged": not done.anew})
        return
    draw(done.recorded.parts)
    newest = done.episode.newest
    said = _("Episode {number}, version {revision}, was built from its parts: {minutes} of sound.")
    if not done.anew:
        said = _(
            "Nothing has changed since episode {number} was built, so version {revision} stands: {minutes} of sound."
        )
    say(
        said.format(
            number=done.episode.number,
            revision=newest.revision if newest else "",
            minutes=_clock(done.recorded.duration_s),
        )
    )
    show_findings(seen["findings"])
    show_standing(seen)


def _preview(desk: Desk, meant: "Rundown", target: Path, *, joints: bool, in_json: bool) -> None:
    from broadcaster.production.rundown.preview import preview  # noqa: PLC0415  numpy is heavy

    decisions = decide(read(desk.station.database, kinds=DECISIONS))
    with _bar(meant, in_json=in_json) as moved:
        recorded = preview(desk.station, meant, decisions, target, moved, joints=joints)
    if in_json:
        show_json({"episode": meant.number, "duration_s": recorded.duration_s, "parts": recorded.parts, "path": target})
        return
    draw(recorded.parts)
    say(
        _("The preview is in {path}; nothing was admitted. Listen to it, and delete it when you are done.").format(
            path=target
        )
    )


@click.command(help=N_("Show an episode's rundown: each part, when it begins, how long it is and how loud."))
@click.argument("number", type=int, shell_complete=episode_numbers)
@json_option
@pass_desk
def rundown(desk: Desk, number: int, *, in_json: bool) -> None:
    """Show a rundown as it would be built."""
    from broadcaster.production.rundown.finding import rundown_of  # noqa: PLC0415  numpy is heavy
    from broadcaster.production.rundown.preview import measured  # noqa: PLC0415

    meant = rundown_of(desk.station, number)
    decisions = decide(read(desk.station.database, kinds=DECISIONS))
    with _bar(meant, in_json=in_json) as moved:
        recorded = measured(desk.station, meant, decisions, moved)
    if in_json:
        show_json({"episode": number, "duration_s": recorded.duration_s, "parts": recorded.parts})
        return
    draw(recorded.parts)
    say(_("Built, all of it together is made as loud as every other episode."))
    _stale(desk, number)


def _stale(desk: Desk, number: int) -> None:
    """Say which of its shared parts were replaced since it was built."""
    decisions = decide(read(desk.station.database, kinds=DECISIONS))
    admitted = decisions.newest(EpisodeNumber(number))
    for part in sorted(decisions.parts.stale_in(admitted)) if admitted else ():
        say(
            _("It was built with an older {part}; `broadcaster part rebuild` builds it with the new one.").format(
                part=part
            )
        )


def draw(parts: "Sequence[PartShown]") -> None:
    """Print the parts as a table."""
    columns = [_("Begins"), _("Length"), _("Part"), _("Recording"), _("Loudness")]
    rows = [
        (
            _clock(each.starts_s),
            _clock(each.lasts_s),
            _(ROLES[each.role]),
            _("{part} (shared)").format(part=each.source) if each.shared else each.source,
            "" if each.loudness_lufs is None else f"{each.loudness_lufs:.1f} LUFS",
        )
        for each in sorted(parts, key=lambda each: each.starts_s)
    ]
    table(_("Rundown"), columns, rows)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{minutes:.0f}:{rest:04.1f}"


def _bar(meant: "Rundown", *, in_json: bool) -> AbstractContextManager[Callable[[float], None]]:
    if in_json:
        return nullcontext(lambda _share: None)
    return progress(_("Putting episode {number} together").format(number=meant.number))
