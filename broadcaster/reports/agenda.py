"""What will air and what will not, as this station's record and library have it now; and the word for each state.

:mod:`broadcaster.schedule.preview` judges; here are the facts that it judges by.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from broadcaster.config import Station
from broadcaster.journal.events import make_good_of
from broadcaster.journal.fold import open_promises
from broadcaster.journal.row import Row
from broadcaster.library.catalogue import outlook
from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import Airing, AiringId, Plan, Reason
from broadcaster.reasons import name
from broadcaster.schedule.preview import READY, Preview, preview, with_make_goods

WORDS: Mapping[str, str] = {
    READY: N_("ready"),
    Reason.NO_EPISODE: N_("no episode"),
    Reason.NOT_APPROVED: N_("unapproved"),
    Reason.NO_CONSENT: N_("no consent"),
    Reason.NO_HELPLINE: N_("no helpline"),
    Reason.BAD_FILE: N_("bad audio"),
    Reason.WITHDRAWN: N_("withdrawn"),
    Reason.SUSPENDED: N_("suspended"),
    Reason.HOLIDAY: N_("holiday"),
    Reason.BLACKOUT: N_("blackout"),
    Reason.MARKET_CLOSED: N_("closed"),
    Reason.SKIPPED: N_("taken out"),
    Reason.ON_TIME: N_("on time"),
    Reason.LATE: N_("late"),
    Reason.POWER_LOSS: N_("no power"),
    Reason.PROCESS_DIED: N_("cut short"),
    Reason.WINDOW_CLOSED: N_("cut short"),
    Reason.NO_AUDIO_DEVICE: N_("no output"),
}
"""A state in a word or two, to stand in a narrow column."""


def previews(
    station: Station,
    plan: Plan,
    rows: Iterable[Row],
    first: date | None = None,
    last: date | None = None,
    *,
    ordered: Mapping[Airing, AiringId] | None = None,
) -> list[Preview]:
    """The airings due from ``first`` to ``last``, both included, each as it stands now.

    ``rows``: the library's decisions are enough. ``ordered``: make-goods to come, which no season has, each with the airing
    that was missed.
    """
    whole = with_make_goods(plan, ordered or ())
    wanted = {airing.episode for airing in whole.airings if airing.episode is not None}
    said = outlook(station, rows, samples_may_air=False, only=wanted)
    return preview(whole, station.markets, said, first, last, make_goods=ordered)


def make_goods(station: Station, rows: Sequence[Row]) -> dict[Airing, AiringId]:
    """The make-goods that are ordered and to come, each with the airing that was missed."""
    found = {}
    for each in open_promises(rows).values():
        missed = make_good_of(each.airing)
        if missed is not None and each.market in station.markets:
            due = each.due.astimezone(station.timezone)
            silent = Reason.BLACKOUT if due.date() in station.calendar.blackouts else None
            cancelled = each.cancelled or silent
            airing = Airing(each.airing, each.market, due, each.episode, each.grace_s, "", cancelled)
            found[airing] = missed
    return found


def state_word(state: str) -> str:
    """A state in a word or two, in the language spoken now."""
    return gettext(WORDS[state]) if state in WORDS else name(Reason(state))
