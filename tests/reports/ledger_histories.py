"""Whatever records may say of a few airings: their rows, in the order in which one station came to have them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from golden import MARKETS, Told, as_record, end_of, ten
from hypothesis import strategies as st
from sqlmodel import insert

from broadcaster.config import Station
from broadcaster.journal.chain import link
from broadcaster.journal.events import (
    MANUAL,
    Complained,
    Confirmed,
    Declared,
    Event,
    Heartbeat,
    Intent,
    Listened,
    MakeGoodOrdered,
    MessageReceived,
    Observed,
    PlanAccepted,
    PlayOrdered,
    ProcessId,
    Promise,
    Started,
    make_good_id,
)
from broadcaster.journal.row import Record
from broadcaster.model import (
    REASONS,
    Airing,
    AiringId,
    ClockTrust,
    Complaint,
    Counting,
    EpisodeNumber,
    Evidence,
    HeardAs,
    Hearing,
    MarketId,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.store.engine import open_to_write
from broadcaster.store.tables import JournalRow

DAYS = [date(2021, 6, 28) + timedelta(days=day) for day in range(8)]
PREFIX = {Outcome.PLAYED: "", Outcome.PARTIAL: "~", Outcome.MISSED: "-", Outcome.CANCELLED: "x_"}
WORDS = sorted(
    f"{PREFIX[outcome]}{reason.value}{'/120' if outcome is Outcome.PARTIAL else ''}"
    for outcome, reasons in REASONS.items()
    for reason in reasons
)
CHAINS = [("a", 1), ("a", 5), ("b", 1), ("c", 1)]
"""Node and epoch; the first node's database was once put back from a copy."""
slots = st.builds(lambda day, market: (day, market), st.sampled_from(DAYS), st.sampled_from(MARKETS))


def name(at: tuple[date, MarketId]) -> AiringId:
    return AiringId(f"{at[0]}T10:00/{at[1]}")


def promise(airing: AiringId, market: MarketId, due: datetime, cancelled: Reason | None = None) -> Promise:
    return Promise(airing, market, due, EpisodeNumber(1 + due.day % 3), Seconds(0.0), cancelled)


@st.composite
def events(draw: st.DrawFn) -> Event:  # noqa: PLR0912  one branch a kind
    """One thing that a record may say."""
    at = draw(slots)
    missed, due, market = name(at), ten(at[0]), at[1]
    again = make_good_id(missed, draw(st.integers(1, 2)))
    play = PlayId(f"{draw(st.sampled_from('abc'))}-1-{draw(st.integers(1, 9))}")
    match draw(st.integers(0, 16)):
        case 0 | 1:
            some = draw(st.lists(slots, max_size=6))
            why = draw(st.sampled_from([None, None, Reason.HOLIDAY, Reason.SUSPENDED]))
            promises = tuple(promise(name(each), each[1], ten(each[0]), why) for each in some)
            return PlanAccepted(Sha256("a" * 64), promises)
        case 2:
            return MakeGoodOrdered(
                missed, promise(again, market, due + timedelta(days=draw(st.integers(0, 2)))), "uid:1"
            )
        case 3:
            end = end_of(draw(st.sampled_from(WORDS)), again, market, due + timedelta(days=1), 1, of=missed)
            return replace(end, play=play)
        case 4:
            return Confirmed(draw(st.sampled_from([missed, again])), draw(st.sampled_from(HeardAs)), "uid:1")
        case 5:
            return Observed(missed, draw(st.integers(0, 30)), draw(st.integers(0, 30)), Counting.HEADCOUNT, "uid:1")
        case 6:
            return Complained(missed, draw(st.sampled_from(Complaint)), "uid:1")
        case 7:
            by_hand = AiringId(f"{MANUAL}{at[0]}T12:00:00/{market}")
            if draw(st.booleans()):
                return PlayOrdered(promise(by_hand, market, ten(at[0], 12)), "uid:1")
            return end_of("on_time", by_hand, market, ten(at[0], 12), 1)
        case 8:
            return Started("0.1.0", 1, (market,), rehearsal=draw(st.booleans()))
        case 9:
            return Declared(missed, "K7F3-9QXM", draw(st.sampled_from(HeardAs)), "d-07")
        case 10:
            hearing = draw(st.sampled_from([Hearing.HEARD, Hearing.SILENT, Hearing.OTHER]))
            return Listened(missed, market, due, play, "mic", hearing, 90, 80)
        case 11:
            episode = EpisodeNumber(1 + at[0].day % 3)
            player = ProcessId(1, 1)
            return Intent(
                missed, market, episode, 1, Sha256("m"), due, Seconds(0), Seconds(480), "sink", player, player
            )
        case 12:
            return Heartbeat(play, Seconds(1), Evidence.MONITOR)
        case 13:
            outcome = draw(st.sampled_from(Outcome))
            reason = draw(st.sampled_from(sorted(REASONS[outcome])))
            return MessageReceived(missed, market, due, outcome, reason, "K7F3-9QXM", draw(st.booleans()), "uid:1")
    return replace(end_of(draw(st.sampled_from(WORDS)), missed, market, due, 1 + at[0].day % 3), play=play)


@st.composite
def histories(draw: st.DrawFn) -> list[list[Record]]:
    """Rows of up to three computers, as they came in: lot after lot, each chain going on where it was."""
    before: dict[tuple[str, int], Record] = {}
    lots = []
    for _lot in range(draw(st.integers(1, 4))):
        lot = []
        for chain in draw(st.lists(st.sampled_from(CHAINS), max_size=3, unique=True)):
            if chain == ("a", 1) and ("a", 5) in before:
                continue
            for event in draw(st.lists(events(), max_size=12)):
                at = ten(DAYS[0]) + timedelta(hours=draw(st.integers(0, 200)))
                clock = draw(st.sampled_from([ClockTrust.SYNCED] * 9 + [ClockTrust.SHIFTED]))
                last = before.get(chain)
                row = as_record((*chain, last.seq + 1 if last else 1), Told(at, event, clock))
                before[chain] = link(row, last)
                lot.append(before[chain])
        lots.append(lot)
    return lots


plans = st.lists(slots, max_size=6, unique=True).map(lambda found: [planned(at) for at in found])


def planned(at: tuple[date, MarketId]) -> Airing:
    due = ten(at[0])
    return Airing(name(at), at[1], due, EpisodeNumber(1 + due.day % 3), Seconds(600.0), "season", None)


def add(station: Station, records: Sequence[Record]) -> None:
    """Put rows into the station's database, which is made if need be."""
    store = open_to_write(station.database)
    try:
        with store.writing() as connection:
            if records:
                values = [{field: getattr(each, field) for field in Record.__slots__} for each in records]
                connection.execute(insert(JournalRow), values)
    finally:
        store.close()


def files(folder: Path) -> Iterator[str]:
    """The names in the station's data, in order."""
    yield from sorted(path.name for path in (folder / "data").iterdir())
