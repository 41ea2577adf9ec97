"""The acts about helplines: somebody called and was answered, or found that the number does not serve.

Each is refused (exit 65) with a sentence; then nothing was written.
"""

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import HelplineVerified, HelplineWrong
from broadcaster.journal.row import Row
from broadcaster.library.decisions import KEEPERS, Decisions, decisions_of
from broadcaster.library.helplines import is_wrong
from broadcaster.library.people import identify, person_of
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import Helpline


class NoSuchHelpline(BadInput):
    """The station's file has none of this id."""

    sentence = N_(
        "There is no helpline {helpline} in config.toml, so nothing was changed. The station has these: {known}."
    )


class WrongInFile(BadInput):
    """The station's file says that it is wrong."""

    sentence = N_(
        "config.toml says that the helpline {helpline} is wrong, so nothing was changed. "
        "If it answers again, take `wrong = true` out of the file."
    )


class AlreadyWrong(BadInput):
    """It was said before."""

    sentence = N_(
        "The helpline {helpline} is on record as wrong already: what says it does not air. Correct its number in config.toml."
    )


def verify_helpline(journal: Journal, station: Station, id_: str, code: str, pin: str) -> Row:
    """ "I called and they answered": today, the number it has now."""
    helpline = may_verify(decisions_of(journal), station, id_, code)
    identify(journal, code, pin)
    today = journal.clock.now().utc.astimezone(station.timezone).date()
    return journal.append(HelplineVerified(helpline.id, helpline.number, today, code))


def may_verify(decisions: Decisions, station: Station, id_: str, code: str) -> Helpline:
    """The helpline that this person may verify; the PIN is not looked at. One that is wrong: who keeps the registers."""
    helpline = _known(station, id_)
    if helpline.wrong:
        raise WrongInFile(helpline=id_)
    person_of(decisions, code, *(KEEPERS if is_wrong(id_, helpline.number, decisions) else ()))
    return helpline


def report_wrong(journal: Journal, station: Station, id_: str, code: str, pin: str) -> Row:
    """Any registered person says that the number it has now does not serve: what says it is off the air at once."""
    helpline = may_report(decisions_of(journal), station, id_, code)
    identify(journal, code, pin)
    return journal.append(HelplineWrong(helpline.id, helpline.number, code))


def may_report(decisions: Decisions, station: Station, id_: str, code: str) -> Helpline:
    """The helpline that this person may report; the PIN is not looked at."""
    helpline = _known(station, id_)
    person_of(decisions, code)
    if helpline.wrong or is_wrong(id_, helpline.number, decisions):
        raise AlreadyWrong(helpline=id_)
    return helpline


def _known(station: Station, id_: str) -> Helpline:
    if id_ not in station.helplines:
        raise NoSuchHelpline(helpline=shown(id_), known=", ".join(station.helplines))
    return station.helplines[id_]
