"""What the stall's templates need besides the screen: words for outcomes, and how long something still takes."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil

from broadcaster import reasons
from broadcaster.care.labels import label
from broadcaster.care.watchdog import WORDS
from broadcaster.clock.asking import is_it
from broadcaster.journal.events import DoctorRan
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import HeardAs, Outcome

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PLAYED: "ok",
    Outcome.PARTIAL: "warn",
    Outcome.MISSED: "bad",
    Outcome.CANCELLED: "quiet",
}
"""The badge of each."""
HEARD: Mapping[HeardAs, str] = {HeardAs.WELL: N_("WELL"), HeardAs.LOW: N_("LOW"), HeardAs.NO: N_("NO")}
"""What her three buttons say."""
DAY_S = 86_400
HOUR_S = 3600


def time_left(moment: datetime, now: datetime) -> str:
    """«2 h 15 min», «9 min», to the minute; the script counts the seconds. Empty for what is past or farther than a day."""
    left_s = (moment - now).total_seconds()
    if not 0 < left_s < DAY_S:
        return ""
    minutes = ceil(left_s / 60)
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def what_was_red(found: DoctorRan) -> str:
    """What was not ready, by its names."""
    return ", ".join(dict.fromkeys(label(each.code) for each in found.red))


def parts(failing: tuple[str, ...]) -> str:
    """Parts of the program, by their names."""
    return ", ".join(_(WORDS.get(part, part)) for part in failing)


FACTS: Mapping[str, object] = {
    "word": reasons.word,
    "why": reasons.sentence,
    "heard_word": reasons.heard,
    "outcomes": OUTCOMES,
    "heard": HEARD,
    "time_left": time_left,
    "what_was_red": what_was_red,
    "parts": parts,
    "is_it": is_it,
}
