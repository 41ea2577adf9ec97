"""``broadcaster consent``: the signed forms of the voices, one per voice and season."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from broadcaster.cli.consent_form import form as consent_form
from broadcaster.cli.consent_withdraw import withdraw
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_decisions import as_option
from broadcaster.cli.nudge import nudge
from broadcaster.cli.person import DAY
from broadcaster.cli.pin import ask_pin, pin_file_option
from broadcaster.cli.show import json_option, say, show_json, table
from broadcaster.journal.reading import read
from broadcaster.library import signing, words
from broadcaster.library.consents import refs_of
from broadcaster.library.decisions import DECISIONS, Decisions, decide, decisions_of
from broadcaster.library.register import Consent
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Scope


@click.group(help=N_("The signed consents of the voices: one form per voice and season."))
def consent() -> None:
    """The noun."""


for offered in (consent_form, withdraw):
    consent.add_command(offered)


@consent.command(help=N_("Put a signed form into the register, by codes only."))
@click.argument("reference", metavar="REF")
@click.option("--voice", required=True, metavar=N_("CODE"), help=N_("Code of who speaks; never her name."))
@click.option("--season", required=True, help=N_("The season, as its file in schedules/ is called."))
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help=N_("Where she may be heard; may be repeated. Without it: loudspeakers only."),
)
@click.option("--form", required=True, metavar="REF", help=N_("Reference of the filed form."))
@click.option("--expires", required=True, type=DAY, help=N_("Last day on which she may be heard."))
@click.option("--minor", is_flag=True, help=N_("She is under age: the guardian's form is needed too."))
@click.option("--guardian-form", default="", metavar="REF", help=N_("Reference of the guardian's filed form."))
@as_option
@pin_file_option
@pass_desk
def add(
    desk: Desk,
    *,
    reference: str,
    voice: str,
    season: str,
    scopes: Sequence[str],
    form: str,
    expires: datetime,
    minor: bool,
    guardian_form: str,
    code: str,
    pin_file: Path | None,
) -> None:
    """Register a consent."""
    covered = tuple(dict.fromkeys(map(Scope, scopes))) or signing.DEFAULT_SCOPES
    given = Consent(reference, voice, season, covered, form, expires.date(), code, minor, guardian_form)
    with desk.open_journal() as journal:
        today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
        signing.may_be_registered(decisions_of(journal), given, today)  # before she types her PIN
        signing.require_season(desk.station, given)
        signing.register_consent(journal, desk.station, given, ask_pin(code, pin_file))
    nudge(desk.root)
    text = _("The consent {consent} is registered, for {scopes}, until {day}. Episodes can now name it.")
    say(text.format(consent=reference, scopes=words.scopes(covered), day=given.expires))


@consent.command(name="list", help=N_("Show every consent: whose, for what, until when."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show the register."""
    known = sorted(_decisions(desk).consents.values(), key=lambda each: each.ref)
    if in_json:
        show_json([_plain(each) for each in known])
    elif known:
        _draw(desk, known)
    else:
        say(_("No consent is registered yet. Add the signed forms with `broadcaster consent add`."))


@consent.command(help=N_("Show one consent, and the episodes that rest on it."))
@click.argument("reference", metavar="REF")
@json_option
@pass_desk
def show(desk: Desk, reference: str, *, in_json: bool) -> None:
    """Show a consent."""
    decisions = _decisions(desk)
    if reference not in decisions.consents:
        raise signing.ConsentUnknown(consent=reference)
    episodes = _resting_on(reference, decisions)
    if in_json:
        show_json({**_plain(decisions.consents[reference]), "episodes": episodes})
        return
    _draw(desk, [decisions.consents[reference]])
    if episodes:
        say(_("Episodes that rest on it: {numbers}.").format(numbers=", ".join(map(str, episodes))))
    else:
        say(_("No episode rests on it."))


def _decisions(desk: Desk) -> Decisions:
    return decide(read(desk.station.database, kinds=DECISIONS))


def _resting_on(reference: str, decisions: Decisions) -> list[EpisodeNumber]:
    newest = filter(None, map(decisions.newest, sorted(decisions.numbers())))
    return [admitted.episode for admitted in newest if reference in refs_of(admitted, decisions)]


def _plain(each: Consent) -> dict[str, Any]:
    return {
        "consent": each.ref,
        "voice": each.voice,
        "season": each.season,
        "scopes": each.scopes,
        "form": each.form,
        "expires": each.expires,
        "minor": each.minor,
        "guardian_form": each.guardian_form,
        "withdrawn": each.withdrawn,
        "by": each.by,
    }


def _draw(desk: Desk, consents: Iterable[Consent]) -> None:
    today = desk.clock.now().utc.astimezone(desk.station.timezone).date()
    columns = [_("Consent"), _("Voice"), _("Season"), _("May be heard on"), _("Until"), _("Signed form"), _("State")]
    rows = [
        (
            each.ref,
            _("{voice} (minor)").format(voice=each.voice) if each.minor else each.voice,
            each.season,
            words.scopes(each.scopes),
            each.expires,
            f"{each.form}, {each.guardian_form}" if each.guardian_form else each.form,
            _("taken back") if each.withdrawn else _("ended") if each.expires < today else _("in force"),
        )
        for each in consents
    ]
    table(_("Consents"), columns, rows)
