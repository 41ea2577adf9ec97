"""At an office: which markets' computers fall silent soon for want of a stick, and which messages their record contradicts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from broadcaster.care.checks import Check, Probe, doubtful, well
from broadcaster.care.look_lease import WARNED
from broadcaster.care.sight import Sight
from broadcaster.config import Station
from broadcaster.journal.events import BoxPaired, LeaseGiven
from broadcaster.journal.messages import Claim, claims_at
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.locale import gettext as _
from broadcaster.locale.moments import date_and_time
from broadcaster.model import MarketId

BOXES, MESSAGES = "boxes", "messages"
LATELY = timedelta(days=30)
"""How long a message that the record contradicts is told."""


def probes(sight: Sight) -> tuple[Probe, ...]:
    """Two."""

    def look_at_boxes(station: Station, _now: datetime) -> Iterator[Check]:
        return boxes(sight, read(station.database, kinds=(BoxPaired, LeaseGiven)))

    def look_at_messages(station: Station, now: datetime) -> Iterator[Check]:
        of_a_market = (
            sight.decisions.of_an_office
        )  # the office's messages come here with its stick: they are its own matter
        return messages(station, [] if of_a_market else list(claims_at(station.database).values()), now)

    return (Probe(BOXES, look_at_boxes), Probe(MESSAGES, look_at_messages))


def boxes(sight: Sight, rows: Sequence[Row]) -> Iterator[Check]:
    """Each market's computer whose airings go on after the last day that its stick gave; ``rows``: the office's own."""
    known: dict[MarketId, str] = {}
    until = {}
    for row in rows:
        if isinstance(row.event, BoxPaired):
            known[row.event.market] = row.event.node
        elif isinstance(row.event, LeaseGiven):
            until[row.event.node] = row.event.until
    soon = sight.today + WARNED
    for market, node in sorted(known.items()):
        last = until.get(node)
        after = [each for each in sight.plan.airings if each.market == market and not each.cancelled]
        if last is None or last > soon or not any(each.due.date() > last for each in after):
            continue
        said = _("{market}: its computer may play until {day}, and airings are due after that.")
        todo = _("Bring it a stick, or dictate a code: broadcaster bundle code --market {market}.")
        day = f"{last:%d/%m/%Y}"
        yield doubtful(
            BOXES,
            said.format(market=market, day=day),
            todo.format(market=market),
            subject=market,
            until=last.isoformat(),
        )


def messages(station: Station, claims: Sequence[Claim], now: datetime) -> Iterator[Check]:
    """Nothing where no message was ever received. ``now``: aware."""
    if not claims:
        return
    differing = [each for each in claims if each.differs and each.at is not None and now - each.at < LATELY]
    for claim in sorted(differing, key=lambda each: (each.said.due, each.said.airing)):
        due = claim.said.due.astimezone(station.timezone)
        said = _("{market}, {when}: a message did not match the record; the record counts.")
        todo = _("Call the market and ask what happened.")
        yield doubtful(
            MESSAGES, said.format(market=claim.said.market, when=date_and_time(due)), todo, subject=claim.said.market
        )
    if not differing:
        waiting = sum(each.is_open for each in claims)
        yield well(MESSAGES, _("Messages wait for the markets' sticks: {n}.").format(n=waiting), waiting=waiting)
