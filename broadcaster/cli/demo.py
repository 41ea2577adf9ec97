"""``broadcaster demo`` (``make run``): the whole walk on the shipped samples, in a copy of the station, aloud nowhere.

It types the commands that the station's people would type, shows each, and believes only the play log.
"""

import io
import json
import secrets
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.program import run
from broadcaster.cli.show import say
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError, CheckFailed
from broadcaster.library.shelf import EpisodeFile, folder_of, read_all
from broadcaster.locale import gettext as _
from broadcaster.locale import language, ngettext
from broadcaster.locale import mark as N_
from broadcaster.model import Question

OFFICER, APPROVERS, DEFENDER = "demo-0", ("demo-1", "demo-2"), "D-000"
PEOPLE = (OFFICER, *APPROVERS, DEFENDER)
CONSENT, VOICE, EXPIRES = "M-001", "V-000", "2099-12-31"
"""The samples' voice is a machine's: it has signed for ever."""
HELPLINE = "linea-100"  # the one that every sample names
CHECKLIST, CONFIRMED = "checklist.toml", "confirmed.toml"
MOMENT, SECONDS = "2021-06-18T09:59:45", "60"


class NoSamples(BroadcasterError):
    """The station has no sample episodes to show."""

    exit_code = 65
    sentence: ClassVar[str] = N_(
        "{folder} has no sample episodes, so there is nothing to show. Fetch the project whole."
    )


class DemoFailed(CheckFailed):
    """The play log does not say what it should."""

    sentence: ClassVar[str] = N_(
        "{good} of {wanted} airings were played and heard, so something is wrong. Everything is kept in {folder}."
    )


class StepFailed(CheckFailed):
    """A command of the walk ended badly; it has said why."""

    sentence: ClassVar[str] = N_("The demonstration stopped at this step. Everything is kept in {folder}.")


@dataclass(frozen=True)
class Step:
    """One sentence and the commands it announces."""

    sentence: str
    commands: tuple[tuple[str, ...], ...]


@click.command(help=N_("Rehearse the shipped samples in a copy of the station."))
@pass_desk
def demo(desk: Desk) -> None:
    """Copy the station, admit and approve the samples there, rehearse an airing in every market, show the play log."""
    samples = [episode for episode in read_all(desk.station).values() if episode.sample]
    if not samples:
        raise NoSamples(folder=desk.station.episodes)
    folder = Path(tempfile.mkdtemp(prefix="broadcaster-demo-"))
    source = desk.root.resolve()
    say(_("The station is copied to {folder}; nothing in {source} changes.").format(folder=folder, source=source))
    recordings = copy_station(desk.station, samples, folder)
    with chdir(folder):
        for number, step in enumerate(steps(samples, recordings), start=1):
            perform(number, step, folder)
        judge(folder, markets=len(desk.station.markets))


def copy_station(station: Station, samples: Sequence[EpisodeFile], folder: Path) -> dict[int, Path]:
    """Copy all but the episodes; the samples go as recordings yet to be admitted: number → file, seen from the copy."""
    shutil.copy(station.root / "config.toml", folder)
    shutil.copytree(station.schedules, folder / "schedules")
    (folder / "recordings").mkdir()
    copies = {}
    for sample in samples:
        original = next(folder_of(station, sample.number).glob("original.*"))
        copy = Path("recordings") / f"{sample.number:03d}{original.suffix}"
        shutil.copy(original, folder / copy)
        copies[int(sample.number)] = copy
    for code in PEOPLE:
        pin = folder / pin_file(code)
        pin.touch(mode=0o600)
        pin.write_text(f"{secrets.randbelow(10**6):06d}\n", encoding="ascii")
    (folder / CHECKLIST).write_text("".join(f"{question.value} = false\n" for question in Question), encoding="ascii")
    (folder / CONFIRMED).write_text("every_voice = true\nminors = false\ntestimony = false\n", encoding="ascii")
    return copies


def pin_file(code: str) -> Path:
    """Where the demonstration keeps a person's PIN, seen from the copy."""
    return Path(f"pin-{code}")


def steps(samples: Sequence[EpisodeFile], recordings: dict[int, Path]) -> Iterator[Step]:
    """The walk, in order."""
    signed = {code: ("--as", code, "--pin-file", str(pin_file(code))) for code in PEOPLE}
    new = {code: ("--new-pin-file", str(pin_file(code))) for code in PEOPLE}
    yield Step(
        _("The protection officer registers two approvers and a trained defender, by codes; each has a PIN."),
        (
            ("person", "add", OFFICER, "--role", "protection_officer", *new[OFFICER]),
            *(("person", "add", each, "--role", "approver", *signed[OFFICER], *new[each]) for each in APPROVERS),
            ("defender", "add", DEFENDER, *signed[OFFICER], *new[DEFENDER]),
        ),
    )
    form = ("--voice", VOICE, "--season", "muestras", "--form", CONSENT, "--expires", EXPIRES)
    yield Step(
        _("The signed form of the voice that speaks comes into the register."),
        (("consent", "add", CONSENT, *form, *signed[OFFICER]),),
    )
    yield Step(
        _("The recordings are admitted: heard whole, measured and levelled."),
        tuple(admit(sample, recordings[int(sample.number)]) for sample in samples),
    )
    answered = ("--answers", CONFIRMED)
    yield Step(
        _("The producer confirms that every voice in each has signed."),
        tuple(("episode", "confirm-consent", str(each.number), *signed[DEFENDER], *answered) for each in samples),
    )
    yield Step(
        _("Two different people answer the checklist and approve each one; without both, nothing airs."),
        tuple(
            ("episode", "approve", str(sample.number), *signed[approver], "--answers", CHECKLIST)
            for sample in samples
            for approver in APPROVERS
        ),
    )
    yield Step(
        _("A minute of that morning is rehearsed on private outputs. It takes a minute and sounds nowhere."),
        (("rehearse", "--at", MOMENT, "--for", SECONDS),),
    )


def admit(sample: EpisodeFile, recording: Path) -> tuple[str, ...]:
    """The command that admits a sample's recording."""
    facts = ("--number", str(sample.number), "--title", sample.title, "--defender", DEFENDER)
    return ("episode", "add", str(recording), *facts, "--consent", CONSENT, "--helpline", HELPLINE, "--sample")


def perform(number: int, step: Step, folder: Path) -> None:
    """Announce a step, then type its commands."""
    click.secho(f"\n{number}. {step.sentence}", bold=True)
    for command in step.commands:
        click.secho(f"$ broadcaster {shlex.join(command)}", dim=True)
        if run(whole(command)) != 0:
            raise StepFailed(folder=folder)


def whole(command: Sequence[str]) -> list[str]:
    """The command with what goes without saying in the copy's folder: this station, this language."""
    return ["--station", ".", "--language", language(), *command]


def judge(folder: Path, markets: int) -> None:
    """Say how it went by the play log alone; raise :class:`DemoFailed` unless every market's play was heard."""
    heard = [play for play in play_log() if (play["outcome"], play["evidence"]) == ("played", "monitor")]
    if len(heard) < markets:
        raise DemoFailed(good=len(heard), wanted=markets, folder=folder)
    praise = ngettext("{n} airing, played and heard.", "{n} airings, all played and heard.", markets).format(n=markets)
    click.secho(f"\n{praise}", bold=True, fg="green")
    again = f".venv/bin/broadcaster --station {shlex.quote(str(folder))} plays --rehearsal latest"
    say(_("To see it again: {command}").format(command=again))


def play_log() -> list[dict[str, Any]]:
    """The newest rehearsal's plays, as ``plays --json`` gives them to any program."""
    with redirect_stdout(io.StringIO()) as printed:
        run(whole(("plays", "--rehearsal", "latest", "--json")))
    plays: list[dict[str, Any]] = json.loads(printed.getvalue() or "[]")
    return plays
