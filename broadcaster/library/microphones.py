"""Where a microphone may listen: the protection officer allows it, anybody ends it. The rows are the truth, and nothing else.

Every act raises a :class:`~broadcaster.errors.BadInput` (exit 65) when it is refused; then nothing was written.
"""

from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import MicrophoneOff, MicrophoneOn
from broadcaster.journal.row import Row
from broadcaster.library.decisions import OFFICER, Decisions, decisions_of
from broadcaster.library.people import identify, person_of
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown
from broadcaster.model import MarketId


class MicrophoneIsOn(BadInput):
    """It listens there already."""

    sentence = N_(
        "The microphone {source} is on at {market} already. To end that: `broadcaster microphone off {market}`."
    )


class MicrophoneTaken(BadInput):
    """One microphone hangs in one market."""

    sentence = N_("The microphone {source} already listens at {market}, so nothing was changed. Choose another one.")


def may_switch_on(decisions: Decisions, market: MarketId, source: str, code: str) -> None:
    """Return when this code may let this source listen there; the PIN is not looked at."""
    person_of(decisions, code, OFFICER)
    if decisions.microphones.get(market) == source:
        raise MicrophoneIsOn(source=shown(source), market=market)
    for other, theirs in decisions.microphones.items():
        if theirs == source:
            raise MicrophoneTaken(source=shown(source), market=other)


def switch_on(journal: Journal, market: MarketId, source: str, code: str, pin: str) -> Row:
    """From now on this capture source listens there while an episode sounds: the protection officer alone."""
    may_switch_on(decisions_of(journal), market, source, code)
    identify(journal, code, pin, OFFICER)
    return journal.append(MicrophoneOn(market, source, code))


def switch_off(journal: Journal, market: MarketId, by: str) -> Row | None:
    """No microphone listens there, from now on; ``None``: none did.

    :param by: ``uid:1000``, the system's user, or a registered code.
    """
    if market not in decisions_of(journal).microphones:
        return None
    return journal.append(MicrophoneOff(market, by))
