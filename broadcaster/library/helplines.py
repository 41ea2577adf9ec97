"""Whether the helplines an episode says are right: somebody called and was answered, not too long ago. Pure.

A call proves a number for so many days; then the episode airs flagged for :data:`FLAGGED_DAYS` more, then no longer. A number
known to be wrong must not be said at all, whatever else the episode says: who is in danger dials the one she remembers.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum

from broadcaster.journal.events import Admitted
from broadcaster.library.decisions import Decisions, Rules
from broadcaster.library.objection import Objection
from broadcaster.locale import mark as N_
from broadcaster.model import Helpline, Reason

FLAGGED_DAYS = 14
"""How long a number that should be called again still counts."""


class Standing(Enum):
    """What is known of a helpline on a day, as an episode says it."""

    GOOD = "good"
    STALE = "stale"
    """To be called again; it still counts."""
    LAPSED = "lapsed"
    """Called too long ago."""
    NEVER_CALLED = "never_called"
    NOT_VALID = "not_valid"
    """Its time has not begun or is over."""
    OTHER_NUMBER = "other_number"
    """The register has another number now than the one that is spoken."""
    UNKNOWN = "unknown"
    """Not in the register."""
    WRONG = "wrong"


STANDINGS: Mapping[Standing, str] = {
    Standing.GOOD: N_("verified"),
    Standing.STALE: N_("call it again"),
    Standing.LAPSED: N_("not called for too long"),
    Standing.NEVER_CALLED: N_("never called"),
    Standing.NOT_VALID: N_("not valid today"),
    Standing.WRONG: N_("wrong"),
}
"""How the register's own stand, in a few words."""

COUNTS = (Standing.GOOD, Standing.STALE)

NONE_NAMED = N_("It names no helpline, so it will not go out. Record one in it and add it anew.")
SENTENCES = {
    Standing.LAPSED: N_(
        "Nobody has called the helpline {helpline} for too long, so the episode will not go out. "
        "Call it, and say so with `broadcaster helpline verify {helpline} --as CODE`."
    ),
    Standing.NEVER_CALLED: N_(
        "Nobody has called the helpline {helpline} yet, so the episode will not go out. "
        "Call it, and say so with `broadcaster helpline verify {helpline} --as CODE`."
    ),
    Standing.NOT_VALID: N_(
        "The helpline {helpline} is not valid on that day, so the episode will not go out. "
        "Record one that is, and revise the episode."
    ),
    Standing.OTHER_NUMBER: N_(
        "The helpline {helpline} has another number now than the one the episode says, so it will not go out. "
        "Record the new one, and revise the episode."
    ),
    Standing.UNKNOWN: N_(
        "The helpline {helpline} is not in config.toml, so the episode will not go out. "
        "Correct config.toml, or revise the episode."
    ),
    Standing.WRONG: N_(
        "It says a number known to be wrong, that of {helpline}, so it will not go out. "
        "Record the right one, and revise the episode."
    ),
}


def objections(admitted: Admitted, decisions: Decisions, rules: Rules) -> Iterator[Objection]:
    """Every wrong number in it, or what each one lacks when none counts."""
    found = standings(admitted, decisions, rules)
    if not found:
        yield Objection(Reason.NO_HELPLINE, NONE_NAMED)
        return
    none_counts = not any(standing in COUNTS for standing in found.values())
    for helpline, standing in found.items():
        if standing is Standing.WRONG or (none_counts and standing not in COUNTS):
            yield Objection(Reason.NO_HELPLINE, SENTENCES[standing], {"helpline": helpline})


def any_stale(admitted: Admitted, decisions: Decisions, rules: Rules) -> bool:
    """Whether a helpline it says should be looked into, although it may air."""
    return any(standing is not Standing.GOOD for standing in standings(admitted, decisions, rules).values())


def any_wrong(admitted: Admitted, decisions: Decisions, rules: Rules) -> bool:
    """Whether it says a number known to be wrong."""
    return Standing.WRONG in standings(admitted, decisions, rules).values()


def standings(admitted: Admitted, decisions: Decisions, rules: Rules) -> dict[str, Standing]:
    """How each helpline that the episode says stands on the rules' day."""
    numbers = dict(zip(admitted.helplines, admitted.helpline_numbers, strict=False))
    return {id_: standing_of(id_, numbers.get(id_), decisions, rules) for id_ in admitted.helplines}


def standing_of(id_: str, spoken: str | None, decisions: Decisions, rules: Rules) -> Standing:
    """How a helpline stands. ``spoken``: the number that an episode says; ``None``: nobody noted which."""
    helpline = rules.helplines.get(id_)
    if is_wrong(id_, spoken, decisions) or (helpline is not None and helpline.wrong):
        return Standing.WRONG
    if helpline is None:
        return Standing.UNKNOWN
    if spoken is not None and spoken != helpline.number:
        return Standing.OTHER_NUMBER
    if not usable(helpline, rules.today):
        return Standing.NOT_VALID
    return _by_age(helpline, decisions, rules)


def usable(helpline: Helpline, day: date) -> bool:
    """Whether the register says that it is valid on this day, and not that it is wrong."""
    return not helpline.wrong and (helpline.valid_from or date.min) <= day <= (helpline.valid_to or date.max)


def is_wrong(id_: str, spoken: str | None, decisions: Decisions) -> bool:
    """Whether somebody found this number wrong, under whatever id.

    Any that the helpline ever had, when it is not known which is spoken.
    """
    return any(
        calls.wrong
        for (helpline, number), calls in decisions.calls.items()
        if (helpline == id_ and spoken in {None, number}) or (spoken and spoken == number)
    )


def verified_on(helpline: Helpline, decisions: Decisions) -> date | None:
    """The day somebody last called the number it has now and was answered."""
    calls = decisions.calls.get((helpline.id, helpline.number))
    days = [day for day in (helpline.verified_on, calls.verified_on if calls else None) if day is not None]
    return max(days, default=None)


def _by_age(helpline: Helpline, decisions: Decisions, rules: Rules) -> Standing:
    if rules.samples_may_air:  # a rehearsal may be of any day
        return Standing.GOOD
    day = verified_on(helpline, decisions)
    if day is None:
        return Standing.NEVER_CALLED
    age = (rules.today - day).days
    if age > rules.verified_days + FLAGGED_DAYS:
        return Standing.LAPSED
    return Standing.GOOD if age <= rules.verified_days else Standing.STALE
