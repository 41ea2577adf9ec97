"""How an episode is seen: looked up in the library, and shown to people."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from broadcaster.cli.context import Desk
from broadcaster.cli.show import fitted, say, table
from broadcaster.library import words
from broadcaster.locale import gettext as _
from broadcaster.locale.shown import shown
from broadcaster.model import EpisodeNumber, Finding, Flag, Severity
from broadcaster.sound.findings import in_minutes

if TYPE_CHECKING:
    from rich.text import Text

COLOURS = {Severity.REFUSE: "red", Severity.WARN: "yellow", Severity.NOTE: "cyan"}


def see_all(desk: Desk) -> Iterator[dict[str, Any]]:
    """The episodes on disk or on record."""
    from broadcaster.library import episode_view  # noqa: PLC0415  it is imported where it is needed

    return episode_view.see_all(desk.station, desk.clock.now().utc)


def see(desk: Desk, number: EpisodeNumber) -> dict[str, Any]:
    """One episode. Raises :class:`~broadcaster.library.refusals.NothingAdmitted`."""
    from broadcaster.library import episode_view  # noqa: PLC0415  it is imported where it is needed

    return episode_view.see(desk.station, desk.clock.now().utc, number)


def draw(episodes: Sequence[dict[str, Any]]) -> None:
    """Print them as a table."""
    from rich.text import Text  # noqa: PLC0415  drawing is heavy

    columns = [_("No."), _("Title"), _("Version"), _("Length"), _("Defenders"), _("State")]
    rows = [
        (
            each["episode"],
            shown(each["title"] or ""),
            each["revision"] or "",
            minutes(each["duration_s"]),
            ", ".join(each["defenders"]),
            Text(_("sample"), style="cyan") if each["sample"] else _state(each),
        )
        for each in episodes
    ]
    table(_("Episodes"), columns, rows)
    if len(episodes) > 1:
        for each in episodes:
            for flag in each["flags"] if each["state"] == "ready" else ():
                click.secho(fitted(words.flagged(each["episode"], flag)), fg="yellow")


def _state(each: dict[str, Any]) -> "Text":
    from broadcaster.cli.agenda import FLAGGED, state_text  # noqa: PLC0415  drawing is heavy

    said = state_text(each["state"])
    return said.append(f" {FLAGGED}", style="yellow") if each["flags"] and each["state"] == "ready" else said


def show_audio(name: str, audio: dict[str, Any]) -> None:
    """Print what one of its files measures."""
    text = _("{name}: {minutes}, {lufs} LUFS, true peak {peak} dBTP, SHA-256 {digest}…")
    say(
        text.format(
            name=name,
            minutes=minutes(audio["duration_s"]),
            lufs=_decibels(audio["integrated_lufs"]),
            peak=_decibels(audio["true_peak_dbtp"]),
            digest=audio["sha256"][:12],
        )
    )


def show_findings(findings: Sequence[Finding]) -> None:
    """Print what was noticed in the recording."""
    for finding in findings:
        click.secho(fitted(finding.text), fg=COLOURS[finding.severity])


def show_standing(seen: dict[str, Any]) -> None:
    """What is missing, or that nothing is; and until when, where one urgent approval stands for two."""
    for text in seen["missing"]:
        click.secho(fitted(text), fg="yellow")
    if Flag.HELPLINE_STALE in seen["flags"]:
        click.secho(fitted(_(words.FLAGS[Flag.HELPLINE_STALE])), fg="yellow")
    if seen["urgent_until"] is not None:
        text = _(
            "It has one urgent approval, which lapses at {moment}. "
            "After that it needs a second person: `broadcaster episode approve {number} --as CODE`."
        )
        moment = f"{seen['urgent_until']:%Y-%m-%d %H:%M}"
        click.secho(fitted(text.format(moment=moment, number=seen["episode"])), fg="yellow")
    elif not seen["missing"]:
        click.secho(_("Nothing is missing: it may air."), fg="green")


def minutes(seconds: float | None) -> str:
    """Minutes and seconds; nothing where there is no length."""
    return "" if seconds is None else in_minutes(seconds)


def _decibels(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
