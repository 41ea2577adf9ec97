"""``broadcaster episode approve`` and ``confirm-consent``: what people decide about an episode."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from broadcaster.cli.answers import answers_option, ask_all, ask_checklist
from broadcaster.cli.completion import episode_numbers
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_shown import see, show_standing
from broadcaster.cli.part_announcements import make_announcements
from broadcaster.cli.pin import ask_pin, checked_pin, pin_file_option
from broadcaster.cli.show import say
from broadcaster.journal.append import Journal
from broadcaster.library.approving import approve as put_approval
from broadcaster.library.approving import may_approve
from broadcaster.library.decisions import decisions_of
from broadcaster.library.people import person_of
from broadcaster.library.signing import confirm_consents, may_confirm, offered
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber

number_argument = click.argument("number", type=int, shell_complete=episode_numbers)
as_option = click.option("--as", "code", required=True, metavar=N_("CODE"), help=N_("Your registered code."))

EVERY_VOICE = N_("Do these consents cover every voice that somebody could recognise: {consents}?")
MINORS = N_("Does a minor speak in it?")
STORY = N_("Does it tell what happened to a survivor, in another voice than hers?")


@contextmanager
def decision(desk: Desk, code: str, pin_file: Path | None) -> Iterator[tuple[Journal, str]]:
    """The open record and the person's PIN; an unknown code is refused before she types anything."""
    with desk.open_journal() as journal:
        person_of(decisions_of(journal), code)
        yield journal, ask_pin(code, pin_file)


@click.command(help=N_("Say that you heard an episode whole, answer the checklist, and approve it; two people do."))
@number_argument
@as_option
@pin_file_option
@answers_option
@click.option(
    "--urgent", is_flag=True, help=N_("The protection officer's alone: it airs for 72 hours without a second.")
)
@pass_desk
def approve(
    desk: Desk, number: int, code: str, pin_file: Path | None, answers_file: Path | None, *, urgent: bool
) -> None:
    """Approve exactly the master on disk."""
    with desk.open_journal() as journal:
        admitted = may_approve(decisions_of(journal), number, code, urgent=urgent)  # before she types anything
        pin = checked_pin(journal, code, pin_file)
        answers = ask_checklist(answers_file)
        heard = admitted.master_sha256
        put_approval(journal, desk.station, number, code, pin, answers=answers, urgent=urgent, heard=heard)
        make_announcements(desk, journal)
    say(_("Your approval of episode {number} is on record.").format(number=number))
    show_standing(see(desk, EpisodeNumber(number)))


@click.command(
    name="confirm-consent",
    help=N_("The producer says that the consents cover every voice in it; without her word it does not air."),
)
@number_argument
@click.option(
    "--consent",
    "consents",
    multiple=True,
    metavar="REF",
    help=N_("Consents of its voices, if they are others than those it names; may be repeated."),
)
@as_option
@pin_file_option
@answers_option
@pass_desk
def confirm_consent(
    desk: Desk, *, number: int, consents: Sequence[str], code: str, pin_file: Path | None, answers_file: Path | None
) -> None:
    """Confirm the consents of exactly the master on disk."""
    with desk.open_journal() as journal:
        decisions = decisions_of(journal)
        today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
        admitted = may_confirm(decisions, number, code)
        covering = offered(decisions, admitted, consents, today=today)
        pin = checked_pin(journal, code, pin_file)
        asked = {
            "every_voice": _(EVERY_VOICE).format(consents=", ".join(covering)),
            "minors": _(MINORS),
            "testimony": _(STORY),
        }
        said = ask_all(asked, answers_file)
        confirm_consents(journal, desk.station, number, code, pin, refs=covering, heard=admitted.master_sha256, **said)
    say(_("It is on record that the consents of episode {number} cover every voice.").format(number=number))
    show_standing(see(desk, EpisodeNumber(number)))
