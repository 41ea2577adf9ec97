"""``broadcaster episode``: recordings come in, people decide about them, everybody can see where they stand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import (
    NAMES_MAY_BEGIN_WITH_A_DASH,
    fitted,
    json_option,
    no_option,
    progress,
    say,
    show_json,
    table,
)
from broadcaster.journal.append import Journal, read
from broadcaster.journal.row import Row
from broadcaster.library import acts
from broadcaster.library.catalogue import rules_of, statuses
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.library.refusals import EpisodeWithdrawn, NothingAdmitted
from broadcaster.library.shelf import EpisodeFile, read_all, read_episode
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import EpisodeNumber, Finding, Severity

if TYPE_CHECKING:
    from broadcaster.production.submission import Submission

COLOURS = {Severity.REFUSE: "red", Severity.WARN: "yellow", Severity.NOTE: "cyan"}

recording = click.argument("recording", type=click.Path(path_type=Path), metavar=N_("FILE"), callback=no_option)
number_argument = click.argument("number", type=int)
as_option = click.option("--as", "code", required=True, metavar=N_("CODE"), help=N_("Your registered code."))


@click.group(help=N_("Add, approve, list and withdraw episodes."))
def episode() -> None:
    """The noun."""


# A recording comes in


@episode.command(
    help=N_("Admit a recording as a new episode: heard whole, measured and levelled."),
    context_settings=NAMES_MAY_BEGIN_WITH_A_DASH,
)
@recording
@click.option("--number", type=int, required=True, help=N_("The episode's number, 1 to 999."))
@click.option("--title", required=True, help=N_("The title; it never becomes part of a file's name or a log."))
@click.option(
    "--defender",
    "defenders",
    multiple=True,
    required=True,
    metavar=N_("CODE"),
    help=N_("Registered code of who made it; may be repeated."),
)
@click.option("--consent", default="", help=N_("Reference of the filed consent form; without it, it will not air."))
@click.option(
    "--helpline",
    "helplines",
    multiple=True,
    metavar="ID",
    help=N_("Helpline it names, by its id in config.toml; may be repeated. Without one, it will not air."),
)
@click.option("--sample", is_flag=True, help=N_("Made up to try the program: it never airs under run."))
@json_option
@pass_desk
def add(
    desk: Desk,
    *,
    recording: Path,
    number: int,
    title: str,
    defenders: Sequence[str],
    consent: str,
    helplines: Sequence[str],
    sample: bool,
    in_json: bool,
) -> None:
    """Admit a first revision."""
    from broadcaster.production import intake  # noqa: PLC0415  numpy is heavy
    from broadcaster.production.submission import Submission  # noqa: PLC0415

    said = Submission(EpisodeNumber(number), title, tuple(defenders), consent, tuple(helplines), sample)
    with desk.open_journal() as journal, _bar(recording, in_json=in_json) as moved:
        intake.add(desk.station, journal, recording.absolute(), said, moved)
    _admitted(desk, said.number, in_json=in_json)


@episode.command(
    help=N_("Admit a new recording of an episode: a new version, to be approved anew."),
    context_settings=NAMES_MAY_BEGIN_WITH_A_DASH,
)
@number_argument
@recording
@click.option("--title", help=N_("A new title; without it, the title stays."))
@click.option("--defender", "defenders", multiple=True, metavar=N_("CODE"), help=N_("Who made it, if others did now."))
@click.option("--consent", help=N_("Reference of a new consent form; without it, the old one stays."))
@click.option("--helpline", "helplines", multiple=True, metavar="ID", help=N_("Helplines it names, if others now."))
@json_option
@pass_desk
def revise(
    desk: Desk,
    *,
    number: int,
    recording: Path,
    title: str | None,
    defenders: Sequence[str],
    consent: str | None,
    helplines: Sequence[str],
    in_json: bool,
) -> None:
    """Admit a further revision."""
    from broadcaster.production import intake  # noqa: PLC0415  numpy is heavy

    before = read_episode(desk.station, number)
    if before is None:
        raise NothingAdmitted(number=number)
    if consent is None and decide(read(desk.station.database, kinds=DECISIONS)).is_withdrawn(before.number):
        consent = ""  # what was taken back carries no other recording
    said = _said_again(before, title, defenders, consent, helplines)
    with desk.open_journal() as journal, _bar(recording, in_json=in_json) as moved:
        intake.revise(desk.station, journal, recording.absolute(), said, moved)
    _admitted(desk, said.number, in_json=in_json)


def _said_again(
    before: EpisodeFile, title: str | None, defenders: Sequence[str], consent: str | None, helplines: Sequence[str]
) -> "Submission":
    """The submission of a revision: what is not said anew stays."""
    from broadcaster.production.submission import Submission  # noqa: PLC0415  it brings production with it

    newest = before.newest
    if newest is None:
        raise NothingAdmitted(number=before.number)
    return Submission(
        number=before.number,
        title=before.title if title is None else title,
        defenders=tuple(defenders) or newest.defenders,
        consent=newest.consent if consent is None else consent,
        helplines=tuple(helplines) or newest.helplines,
        sample=before.sample,
    )


def _bar(recording: Path, *, in_json: bool) -> AbstractContextManager[Callable[[float], None]]:
    """The progress bar; none where a program reads."""
    if in_json:
        return nullcontext(lambda _share: None)
    return progress(_("Listening to {name} and levelling it").format(name=shown(recording.name)))


def _admitted(desk: Desk, number: EpisodeNumber, *, in_json: bool) -> None:
    seen = _see(desk, number)
    if in_json:
        show_json(seen)
        return
    admitted = _("Episode {number}, version {revision}, was admitted: {minutes} of sound, levelled to {lufs} LUFS.")
    say(
        admitted.format(
            number=number,
            revision=seen["revision"],
            minutes=_minutes(seen["duration_s"]),
            lufs=f"{seen['master']['integrated_lufs']:.1f}",
        )
    )
    _show_findings(seen["findings"])
    _show_standing(seen)


# Where they stand


@episode.command(name="list", help=N_("Show all episodes and what keeps each off the air."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show every episode."""
    episodes = list(_see_all(desk))
    if in_json:
        show_json(episodes)
    elif not episodes:
        say(_("There is no episode yet. Add one with `broadcaster episode add`."))
    else:
        _draw(episodes)


@episode.command(help=N_("Show one episode: its audio, its findings, its approvals and what is missing."))
@number_argument
@json_option
@pass_desk
def show(desk: Desk, number: int, *, in_json: bool) -> None:
    """Show an episode."""
    seen = _see(desk, EpisodeNumber(number))
    if in_json:
        show_json(seen)
        return
    _draw([seen])
    for name, audio in ((_("Original"), seen["original"]), (_("Master"), seen["master"])):
        if audio is not None:
            _show_audio(name, audio)
    if seen["approvals"]:
        say(_("Approved by: {codes}.").format(codes=", ".join(seen["approvals"])))
    _show_findings(seen["findings"])
    _show_standing(seen)


# What people decide


@contextmanager
def _decision(desk: Desk, code: str, pin_file: Path | None) -> Iterator[tuple[Journal, str]]:
    """The open record and the person's PIN; an unknown code is refused before she types anything."""
    acts.approver_of(desk.station, code)
    with desk.open_journal() as journal:
        yield journal, ask_pin(code, pin_file)


@episode.command(help=N_("Say that you listened to an episode and that it may air; it takes two different people."))
@number_argument
@as_option
@pin_file_option
@click.option(
    "--urgent", is_flag=True, help=N_("The protection officer's alone: it airs for 72 hours without a second.")
)
@pass_desk
def approve(desk: Desk, number: int, code: str, pin_file: Path | None, *, urgent: bool) -> None:
    """Approve exactly the master on disk."""
    with _decision(desk, code, pin_file) as (journal, pin):
        acts.approve(journal, desk.station, number, code, pin, urgent=urgent)
    say(_("Your approval of episode {number} is on record.").format(number=number))
    _show_standing(_see(desk, EpisodeNumber(number)))


@episode.command(help=N_("Stop an episode now, everywhere; only the protection officer lifts it."))
@number_argument
@as_option
@pin_file_option
@pass_desk
def suspend(desk: Desk, number: int, code: str, pin_file: Path | None) -> None:
    """Suspend an episode."""
    with _decision(desk, code, pin_file) as (journal, pin):
        acts.suspend(journal, desk.station, number, code, pin)
    say(
        _(
            "Episode {number} is suspended. It stops now and stays off the air until the protection officer lifts that."
        ).format(number=number)
    )


@episode.command(help=N_("Lift a suspension: the protection officer alone."))
@number_argument
@as_option
@pin_file_option
@pass_desk
def lift(desk: Desk, number: int, code: str, pin_file: Path | None) -> None:
    """Lift a suspension."""
    with _decision(desk, code, pin_file) as (journal, pin):
        acts.lift_suspension(journal, desk.station, number, code, pin)
    say(_("The suspension of episode {number} is lifted.").format(number=number))
    _show_standing(_see(desk, EpisodeNumber(number)))


@episode.command(help=N_("Take consent back: the audio never sounds again, anywhere."))
@number_argument
@as_option
@pin_file_option
@pass_desk
def withdraw(desk: Desk, number: int, code: str, pin_file: Path | None) -> None:
    """Withdraw an episode."""
    with _decision(desk, code, pin_file) as (journal, pin):
        acts.withdraw(journal, desk.station, number, code, pin)
    say(_(EpisodeWithdrawn.sentence).format(number=number))


# Seeing and showing


def _see_all(desk: Desk, only: EpisodeNumber | None = None) -> Iterator[dict[str, Any]]:
    """The episodes on disk or on record. Reads only, and makes no record where there is none."""
    from broadcaster.cli.episode_view import view  # noqa: PLC0415  it is imported where it is needed

    station, now = desk.station, desk.clock.now().utc
    rows: list[Row] = read(station.database, kinds=DECISIONS)
    today, decisions = now.astimezone(station.timezone).date(), decide(rows)
    rules = rules_of(station, today, samples_may_air=False, now=now)
    on_disk = {only: read_episode(station, only)} if only is not None else dict(read_all(station))
    for number, status in statuses(station, rows, today, samples_may_air=False, now=now).items():
        if only in {None, number}:
            yield view(station, status, on_disk.get(number), decisions, rules)


def _see(desk: Desk, number: EpisodeNumber) -> dict[str, Any]:
    seen = next(_see_all(desk, number), None)
    if seen is None:
        raise NothingAdmitted(number=number)
    return seen


def _draw(episodes: Sequence[dict[str, Any]]) -> None:
    from rich.text import Text  # noqa: PLC0415  drawing is heavy

    from broadcaster.cli.agenda import state_text  # noqa: PLC0415

    columns = [_("No."), _("Title"), _("Version"), _("Length"), _("Defenders"), _("State")]
    rows = [
        (
            each["episode"],
            shown(each["title"] or ""),
            each["revision"] or "",
            _minutes(each["duration_s"]),
            ", ".join(each["defenders"]),
            Text(_("sample"), style="cyan") if each["sample"] else state_text(each["state"]),
        )
        for each in episodes
    ]
    table(_("Episodes"), columns, rows)


def _show_audio(name: str, audio: dict[str, Any]) -> None:
    text = _("{name}: {minutes}, {lufs} LUFS, true peak {peak} dBTP, SHA-256 {digest}…")
    say(
        text.format(
            name=name,
            minutes=_minutes(audio["duration_s"]),
            lufs=_decibels(audio["integrated_lufs"]),
            peak=_decibels(audio["true_peak_dbtp"]),
            digest=audio["sha256"][:12],
        )
    )


def _show_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.secho(fitted(finding.text), fg=COLOURS[finding.severity])


def _show_standing(seen: dict[str, Any]) -> None:
    """What is missing, or that nothing is; and until when, where one urgent approval stands for two."""
    for text in seen["missing"]:
        click.secho(fitted(text), fg="yellow")
    if seen["urgent_until"] is not None:
        text = _(
            "It has one urgent approval, which lapses at {moment}. "
            "After that it needs a second person: `broadcaster episode approve {number} --as CODE`."
        )
        moment = f"{seen['urgent_until']:%Y-%m-%d %H:%M}"
        click.secho(fitted(text.format(moment=moment, number=seen["episode"])), fg="yellow")
    elif not seen["missing"]:
        click.secho(_("Nothing is missing: it may air."), fg="green")


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{int(seconds + 0.5) // 60}:{int(seconds + 0.5) % 60:02d}"


def _decibels(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
