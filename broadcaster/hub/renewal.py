"""A code dictated on the telephone, by which a box plays on: made at the office, typed at the box. Both put it on record."""

from dataclasses import dataclass
from datetime import date

from broadcaster.config import Station
from broadcaster.hub.fellows import fellows_of
from broadcaster.hub.keys import keys_of
from broadcaster.hub.lease import DICTATED, LATEST, code_for, day_of
from broadcaster.hub.refusals import LeaseCodeWrong, LeaseDayOutside, NotABox, NotPaired, TooManyLeaseCodes
from broadcaster.journal.append import Journal
from broadcaster.journal.events import LeaseGiven, LeaseRenewed
from broadcaster.library import tries
from broadcaster.library.decisions import decisions_of
from broadcaster.model import MarketId

RENEWALS = "renewal"
"""Under which wrong codes are counted; no person's code, for those have a digit."""


@dataclass(frozen=True)
class Dictated:
    """What is read out."""

    code: str
    until: date


def dictate(station: Station, journal: Journal, market: MarketId, until: date | None = None) -> Dictated:
    """The code by which a market's box plays until the end of this day, or for :data:`DICTATED` from today.

    :raises NotPaired: the office knows no box there.
    :raises LeaseDayOutside: the day is past, or no code can say it.
    """
    box = fellows_of(journal).boxes.get(market)
    if box is None:
        raise NotPaired(name=market)
    today = journal.clock.now().utc.astimezone(station.timezone).date()
    last = until or today + DICTATED
    if not today <= last <= LATEST:
        raise LeaseDayOutside(first=f"{today:%d/%m/%Y}", last=f"{LATEST:%d/%m/%Y}")
    code = code_for(keys_of(station).shared_with(box), box.node, last)
    journal.append(LeaseGiven(box.node, last))
    return Dictated(code, last)


def renew(station: Station, journal: Journal, code: str) -> date:
    """Until when this box may play, once somebody typed the code.

    :raises NotABox: the station has no office.
    :raises LeaseCodeWrong: it is not this office's for this box, or holds no day later than the one known.
    :raises TooManyLeaseCodes: wrong ones came too often of late; this one was not looked at.
    """
    office = fellows_of(journal).office
    if office is None:
        raise NotABox
    left = _spend_try(journal)
    until = day_of(keys_of(station).shared_with(office), journal.node, code)
    lease = decisions_of(journal).lease
    if until is None or (lease is not None and until <= lease):
        raise LeaseCodeWrong(left=left)
    journal.append(LeaseRenewed(until))
    with journal.store.writing() as connection:
        tries.forget(connection, RENEWALS)
    return until


def _spend_try(journal: Journal) -> int:
    """As many as there are for a PIN; how many are left."""
    with journal.store.writing() as connection:
        try:
            return tries.spend(connection, RENEWALS, journal.clock.now().utc)
        except tries.NoneLeft as spent:
            raise TooManyLeaseCodes(minutes=spent.minutes) from None
