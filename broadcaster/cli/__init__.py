"""The command line: one file per noun, imported only when its noun is spoken.

Texts that people read (``help=`` of commands and options) are written ``N_("…")`` where they are declared; they are
translated when they are shown, never at import. :mod:`broadcaster.cli.group` does that, :mod:`broadcaster.cli.program` turns
whatever goes wrong into one sentence and an exit code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcaster.locale import mark as N_


@dataclass(frozen=True)
class Entry:
    """One command: where it lives and what it does."""

    target: str
    """``module:attribute`` of the click command."""
    help: str
    """One line for the list of commands; a message id."""
    hidden: bool = False


COMMANDS: Mapping[str, Entry] = {
    "init": Entry("broadcaster.cli.init:init", N_("Make a new station with commented defaults in a new folder.")),
    "setup": Entry(
        "broadcaster.cli.setup:setup",
        N_("Prepare this computer for its market: it asks, you answer, nobody edits files."),
    ),
    "doctor": Entry(
        "broadcaster.cli.doctor:doctor",
        N_("Is this computer ready for the next airing? One line a check, and what to do."),
    ),
    "run": Entry("broadcaster.cli.run:run", N_("Play the schedule on the markets' loudspeakers, until stopped.")),
    "panel": Entry(
        "broadcaster.cli.panel:panel",
        N_("Show the station's pages in a browser, without playing anything, until stopped."),
    ),
    "service": Entry(
        "broadcaster.cli.service:service",
        N_("Have the program start with the computer and keep running, with nobody logged in."),
    ),
    "status": Entry(
        "broadcaster.cli.status:status",
        N_("Show what sounds at each market, what comes next and what became of the last airing."),
    ),
    "clock": Entry(
        "broadcaster.cli.clock:clock", N_("The computer's time: how far it is believed, and the operator's yes to it.")
    ),
    "alerts": Entry(
        "broadcaster.cli.alerts:alerts",
        N_("Who is told when an airing does not go out: by Telegram, mail and other ways."),
    ),
    "play": Entry(
        "broadcaster.cli.hand:play", N_("Start an episode now, by hand; the same gates hold as for any airing.")
    ),
    "stop": Entry("broadcaster.cli.hand:stop", N_("Cut what sounds now; later airings go out as planned.")),
    "pause": Entry(
        "broadcaster.cli.hand:pause", N_("Keep a market silent until it is resumed; what sounds there is cut.")
    ),
    "resume": Entry("broadcaster.cli.hand:resume", N_("Let a paused market sound again.")),
    "speaker": Entry(
        "broadcaster.cli.speaker:speaker", N_("The markets' speakers: see them, hear a test, set the volume.")
    ),
    "microphone": Entry(
        "broadcaster.cli.microphone:microphone",
        N_("A microphone that hears whether an airing came out in the market."),
    ),
    "rehearse": Entry(
        "broadcaster.cli.rehearse:rehearse", N_("Play a past or future moment on private outputs, aloud nowhere.")
    ),
    "simulate": Entry(
        "broadcaster.cli.simulate:simulate",
        N_("Go through a whole season in seconds, silent: what would play, what would not, and why."),
    ),
    "episode": Entry("broadcaster.cli.episode:episode", N_("Add, approve, list and withdraw episodes.")),
    "part": Entry(
        "broadcaster.cli.part:part", N_("Parts that many episodes share: idents, helplines, credits, music.")
    ),
    "person": Entry("broadcaster.cli.person:person", N_("The people of the station, by code: roles and PINs.")),
    "defender": Entry("broadcaster.cli.defender:defender", N_("The register of trained defenders, by code.")),
    "consent": Entry("broadcaster.cli.consent:consent", N_("The signed consents of the voices.")),
    "helpline": Entry(
        "broadcaster.cli.helpline:helpline", N_("The helplines that episodes say, and who called them when.")
    ),
    "audio": Entry("broadcaster.cli.audio:audio", N_("Measure the loudness of any audio file.")),
    "schedule": Entry(
        "broadcaster.cli.schedule:schedule", N_("Check the schedule, see what will air and what will not, print it.")
    ),
    "plays": Entry("broadcaster.cli.plays:plays", N_("The play log: what was promised and what became of it.")),
    "report": Entry(
        "broadcaster.cli.report:report",
        N_("What became of what was scheduled, as tables or as a document for an office."),
    ),
    "layouts": Entry(
        "broadcaster.cli.layouts:layouts",
        N_("The layouts of the offices' documents: which serve, and a copy to change them."),
    ),
    "observe": Entry(
        "broadcaster.cli.observe:observe", N_("How many women and men were within hearing of an airing. Counts only.")
    ),
    "complaint": Entry(
        "broadcaster.cli.observe:complaint", N_("That somebody complained about an airing. Counts only.")
    ),
    "backup": Entry(
        "broadcaster.cli.backup:backup", N_("Write a backup of the station, in one file that vouches for itself.")
    ),
    "restore": Entry("broadcaster.cli.restore:restore", N_("Put a backup back; nothing decided since is forgotten.")),
    "bundle": Entry(
        "broadcaster.cli.bundle:bundle",
        N_("Bring an office and its markets' computers together by a stick, without internet."),
    ),
    "demo": Entry(
        "broadcaster.cli.demo:demo", N_("Rehearse the shipped samples in a copy of the station."), hidden=True
    ),
}
"""The table of contents, in the order in which ``--help`` lists it."""


def main() -> None:
    """Run the command line and exit with its code."""
    from broadcaster.cli.program import main as run_and_exit  # noqa: PLC0415  importing this package stays cheap

    run_and_exit()
