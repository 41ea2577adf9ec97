"""Each market at a glance: what sounds, what comes, what became of the last, how its computer is, when it was heard from."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from broadcaster.care.doctor import Kept, last_look
from broadcaster.care.labels import label
from broadcaster.care.watchdog import WORDS
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError
from broadcaster.hub.fellows import KINDS, Fellows, fellows
from broadcaster.journal.events import DoctorRan, MessageReceived
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.moments import short_date_and_time
from broadcaster.model import Market, MarketId
from broadcaster.playout.orders import Status
from broadcaster.reports.summary import Standing
from broadcaster.web.desk import Desk
from broadcaster.web.office.looks import Look, look
from broadcaster.web.office.season import Days, Slot, days, next_due

BACK, AHEAD = timedelta(days=35), timedelta(days=14)
"""How far is looked for the last airing, and for what comes."""
SOON = timedelta(days=5)
"""Before a permission ends, somebody must bring a stick."""
STATES: Mapping[str, str] = {
    "on_air": N_("on air"),
    "starting": N_("about to begin"),
    "testing": N_("being tested"),
    "held": N_("paused"),
    "waiting": N_("waiting"),
}
"""What the daemon says of a market, for people."""

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Sounding:
    """What this computer's program says of a market; moments local."""

    state: str
    word: str
    episode: int | None
    until: datetime | None
    """Of what is on the air."""


@dataclass(frozen=True)
class Health:
    """One sentence, and how grave it is."""

    badge: str
    """``ok``, ``warn``, ``bad`` or ``quiet``."""
    said: str


@dataclass(frozen=True)
class Told:
    """What is on record of a market's computer."""

    here: bool
    """The program that serves it runs on this computer."""
    box: bool
    """It has a computer of its own, which is fed by sticks."""
    stick: datetime | None = None
    """When its last stick was taken in; local."""
    message: datetime | None = None
    """When its last message was typed in; local."""
    lease: date | None = None
    kept: Kept | None = None
    """What its program found when it last looked whether all is ready."""


@dataclass(frozen=True)
class Place:
    """One market."""

    id: MarketId
    name: str
    now: Sounding | None
    """``None``: this computer does not serve it, or its program does not run."""
    next: Slot | None
    last: Slot | None
    awaited: int
    """Airings that were due and of which no record has come."""
    told: Told
    health: Health

    @property
    def next_look(self) -> Look | None:
        return look(self.next) if self.next else None

    @property
    def last_look(self) -> Look | None:
        return look(self.last) if self.last else None


@dataclass(frozen=True)
class Glance:
    """All of them, at one moment; in the language spoken."""

    at: datetime
    places: tuple[Place, ...]
    concerns: tuple[str, ...]
    """What is wrong with this computer's program."""


def glance(desk: Desk, status: Answer | None) -> Glance:
    """``status``: what this computer's program answers; ``None`` where none runs.

    :raises ConfigurationError, RecordUnavailable: the station's files have faults; its record cannot be read.
    """
    station, now = desk.station, desk.now()
    until = max((now + AHEAD).date(), next_due(desk.plan(), now) or date.min)
    seen, told = days(desk, (now - BACK).date(), until, station.markets), dict(_told(desk, station, status))
    answers = {each["market"]: each for each in status["markets"]} if status else {}
    places = (_place(market, seen, told[id_], answers.get(id_), now) for id_, market in station.markets.items())
    return Glance(now, tuple(places), tuple(_concerns(status)) if status else ())


def ask(desk: Desk) -> Answer | None:
    """What this computer's program says; ``None`` where none answers."""
    with suppress(BroadcasterError, OSError):
        return desk.messenger().ask(Status())
    return None


def _place(market: Market, seen: Days, told: Told, answer: Answer | None, now: datetime) -> Place:
    slots = [slot for slot in seen.of(market.id) if not slot.line.off_calendar]
    over = [slot for slot in slots if slot.line.standing is not Standing.TO_COME and slot.line.due <= now]
    coming = (slot for slot in slots if slot.line.standing is Standing.TO_COME and slot.stands is not None)
    awaited = sum(slot.line.standing is Standing.AWAITED for slot in over)
    return Place(
        id=market.id,
        name=market.name,
        now=_sounding(answer) if answer else None,
        next=next(coming, None),
        last=over[-1] if over else None,
        awaited=awaited,
        told=told,
        health=health(told, awaited, now.date()),
    )


def _sounding(answer: Answer) -> Sounding:
    state, until = answer["state"], answer["until"]
    return Sounding(state, _(STATES[state]), answer["episode"], until and datetime.fromisoformat(until))


def health(told: Told, awaited: int, today: date) -> Health:
    """How a market's computer is, as far as is known here: the gravest thing first. Pure."""
    lease = told.lease
    if lease is not None and lease < today:
        return Health(
            "bad", _("Its permission to play ended on {day}: bring it a stick.").format(day=f"{lease:%d/%m/%Y}")
        )
    if told.kept is not None and told.kept.found.red:
        red = ", ".join(dict.fromkeys(label(each.code) for each in told.kept.found.red))
        when = short_date_and_time(told.kept.at, told.kept.at + timedelta(days=1))
        return Health("bad", _("Looked over on {when}, not all was ready: {what}.").format(when=when, what=red))
    if lease is not None and lease - today <= SOON:
        return Health("warn", _("It may play until {day}: bring it a stick before.").format(day=f"{lease:%d/%m/%Y}"))
    if awaited:
        text = ngettext(
            "The record of {n} airing has not come yet.", "The records of {n} airings have not come yet.", awaited
        )
        return Health("warn", text.format(n=awaited))
    if told.kept is not None:
        when = short_date_and_time(told.kept.at, told.kept.at + timedelta(days=1))
        return Health("ok", _("Looked over on {when}, all was ready.").format(when=when))
    if told.here or told.stick or told.message:
        return Health("ok", _("Nothing is known to be wrong."))
    return Health("quiet", _("Nothing was heard from it yet."))


def _told(desk: Desk, station: Station, status: Answer | None) -> Iterator[tuple[MarketId, Told]]:
    known = fellows(desk.rows(KINDS))
    looks = _last_looks(read(station.database, kinds=(DoctorRan,), everyone=True))
    said = {row.event.market: row for row in desk.rows((MessageReceived,)) if isinstance(row.event, MessageReceived)}
    boxes = {card.node for card in known.boxes.values()}
    own = max((kept for node, kept in looks.items() if node not in boxes), key=lambda kept: kept.at, default=None)
    served = {each["market"] for each in status["markets"]} if status else set()
    for market in station.markets:
        message = said.get(market)
        heard = message.local if message else None
        if (card := known.boxes.get(market)) is not None:
            last = known.taken_last(card.node)
            stick = last.local if last else None
            kept = looks.get(card.node)
            yield (
                market,
                Told(here=False, box=True, stick=stick, message=heard, lease=known.lease(card.node), kept=kept),
            )
        else:
            here = market in served
            yield market, Told(here=here, box=False, message=heard, lease=_own_lease(known, desk), kept=own)


def _own_lease(known: Fellows, desk: Desk) -> date | None:
    """Until when this computer itself may play, where it belongs to an office."""
    return desk.decisions().lease if known.office is not None else None


def _last_looks(rows: Iterable[Row]) -> dict[str, Kept]:
    """The last look of each computer, by its node."""
    by_node: dict[str, list[Row]] = {}
    for row in rows:
        by_node.setdefault(row.node, []).append(row)
    return {node: kept for node, own in by_node.items() if (kept := last_look(own)) is not None}


def _concerns(status: Answer) -> Iterator[str]:
    if status.get("failing"):
        parts = ", ".join(_(WORDS[part]) for part in status["failing"])
        yield _(
            "A part of the program does not do its work: {parts}. If this stays so for five minutes, call the coordinator."
        ).format(parts=parts)
    if status["faults"]:
        faults = "; ".join(map(str, status["faults"]))
        yield _("The station's files are wrong; the schedule stays as it was. Correct: {faults}").format(faults=faults)
