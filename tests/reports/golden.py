"""A made season of the four markets, June and July 2021: every outcome and every reason occurs.

What comes of it can be counted by hand from :data:`TABLE`. The totals stand in the tests, worked out so and not by the program.

Each market has a computer and a journal of its own. Beside the table there are make-goods (one in another month than its
airing, one that failed and was tried again, two that were both played), a sound by hand, a rehearsal of airings of the season,
words of people, counts of listeners, complaints, and what a microphone heard.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import insert

from broadcaster.config import Station, load_station
from broadcaster.journal import payload
from broadcaster.journal.chain import link
from broadcaster.journal.events import (
    Complained,
    Confirmed,
    Declared,
    Ended,
    Event,
    Listened,
    MakeGoodOrdered,
    Observed,
    PlanAccepted,
    PlayOrdered,
    Promise,
    Started,
    make_good_id,
)
from broadcaster.journal.row import Record, Row, understand
from broadcaster.model import (
    Airing,
    AiringId,
    Cause,
    ClockTrust,
    Complaint,
    Counting,
    EpisodeNumber,
    Evidence,
    HeardAs,
    Hearing,
    Market,
    MarketId,
    Milliseconds,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
    Source,
)
from broadcaster.reports.summary import Period, Summary
from broadcaster.reports.summing import summarise
from broadcaster.schedule.load import load_plan
from broadcaster.store.engine import open_to_write
from broadcaster.store.tables import JournalRow

ROOT = Path(__file__).parents[2]
LIMA = ZoneInfo("America/Lima")
JUNE = Period(date(2021, 6, 1), date(2021, 6, 30))
JULY = Period(date(2021, 7, 1), date(2021, 7, 31))
SEASON = Period(date(2021, 6, 1), date(2021, 7, 31))
MADE = datetime(2021, 8, 2, 9, 0, tzinfo=LIMA)
"""When the office sits down to report: everything is over."""
LENGTH = Seconds(480.0)
"""Of every episode whose length is known: eight minutes."""
CENTRAL, BOSQUE, UNICACHI, HUAMANTANGA = map(MarketId, ("mercado-central", "el-bosque", "unicachi", "huamantanga"))
MARKETS = (CENTRAL, BOSQUE, UNICACHI, HUAMANTANGA)
NODES = {CENTRAL: "central", BOSQUE: "bosque", UNICACHI: "unicachi", HUAMANTANGA: "huamantanga"}

TABLE = """
2021-06-11  on_time          on_time              on_time                 -switched_off
2021-06-16  on_time          ~process_died/100    -power_loss             late
2021-06-18  late             on_time              ~audio_lost/200         -no_audio_device
2021-06-23  -no_episode      on_time              on_time                 on_time
2021-06-25  ~player_crashed/50  -not_approved     ~player_hung/60         on_time
2021-06-30  on_time          x_held_by_operator   on_time                 ~audio_stalled/300
2021-07-02  -process_died    ~wrong_device/120    on_time                 -process_died_before_sound
2021-07-07  ~withdrawn/30    x_withdrawn          -output_busy            -absent
2021-07-09  -clock_unverified  -clock_jump        ~not_heard/240          on_time
2021-07-14  x_skipped        ~suspended/60        x_suspended             ~silent_output/0
2021-07-16  x_plan_changed   -no_consent          late                    ~stopped_by_operator/90
2021-07-21  -no_helpline     ~window_closed/400   ~stopped_for_safety/10  on_time
2021-07-23  x_blackout       x_blackout           x_blackout              x_blackout
2021-07-28  x_holiday        x_holiday            x_market_closed         x_stopped_by_operator
2021-07-30  -bad_file        -player_failed       -record_unavailable     x_lease_expired
"""
"""Day by day, market by market in the order of :data:`MARKETS`, all at ten: what was played (``on_time``, ``late``: five
minutes late), ``~`` partial and the seconds heard, ``-`` missed, ``x_`` cancelled. The airing of the market in the centre of
16 July was moved to eleven and played there. The length of the last episode, which sounded nowhere, is on no record."""

DAYS = tuple(date.fromisoformat(line.split()[0]) for line in TABLE.split("\n") if line)
WORDS = {date.fromisoformat(line.split()[0]): line.split()[1:] for line in TABLE.split("\n") if line}
MOVED = AiringId("2021-07-16T11:00/mercado-central")


def ten(day: date, hour: int = 10) -> datetime:
    """Ten in Lima, or another hour."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=LIMA)


def name(day: date, market: MarketId, hour: int = 10) -> AiringId:
    """The airing's."""
    return AiringId(f"{day}T{hour:02}:00/{market}")


def on(text: str) -> date:
    """A day of 2021: ``06-11``."""
    return date.fromisoformat(f"2021-{text}")


@dataclass(frozen=True)
class Golden:
    """The season as an office has it."""

    station: Station
    plan: tuple[Airing, ...]
    """As the shipped season files say."""
    records: tuple[tuple[Record, ...], ...]
    """Of each market's computer, in the order of :data:`MARKETS`."""

    @property
    def journals(self) -> tuple[list[Row], ...]:
        """The same, understood."""
        return tuple([understand(record) for record in own] for own in self.records)

    @property
    def markets(self) -> dict[MarketId, Market]:
        return dict(self.station.markets)

    def summary(self, period: Period = SEASON) -> Summary:
        """Of all four markets."""
        return summarise(self.journals, self.plan, self.markets, period, MADE)


def golden(folder: Path) -> Golden:
    """The season, its station in ``folder`` and all four journals in the station's database, as four sticks bring them."""
    (folder / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    (folder / "schedules").mkdir()
    season = ROOT / "schedules" / "2021-junio-julio.toml"
    (folder / "schedules" / season.name).write_bytes(season.read_bytes())
    station = load_station(folder)
    records = tuple(tuple(_chained(NODES[market], _history(market))) for market in MARKETS)
    write(station, [record for own in records for record in own])
    return Golden(station, load_plan(station).airings, records)


def write(station: Station, records: list[Record]) -> None:
    """Put rows into the station's database, which is made if need be."""
    store = open_to_write(station.database)
    try:
        with store.writing() as connection:
            connection.execute(
                insert(JournalRow), [{field: getattr(each, field) for field in Record.__slots__} for each in records]
            )
    finally:
        store.close()


@dataclass(frozen=True)
class Told:
    """An event, and when it was written."""

    at: datetime
    event: Event
    clock: ClockTrust = ClockTrust.SYNCED


def _chained(node: str, history: list[Told]) -> Iterator[Record]:
    before: Record | None = None
    for seq, told in enumerate(history, start=1):
        before = link(as_record((node, 1, seq), told), before)
        yield before


def as_record(key: tuple[str, int, int], told: Told) -> Record:
    """An unchained row."""
    return Record(
        *key,
        utc=payload.utc_text(told.at),
        offset_s=-18_000,
        monotonic_s=1.0,
        boot_id="boot",
        clock=told.clock.value,
        kind=told.event.kind,
        airing=getattr(told.event, "airing", None),
        version=payload.VERSION,
        payload=payload.encode(told.event),
        prev_hash="",
        hash="",
    )


def _history(market: MarketId) -> list[Told]:
    """All that the market's computer wrote, in the order in which it happened; the rehearsal first."""
    accepted = Told(ten(on("06-10"), 12), PlanAccepted(Sha256("a" * 64), _promises(market)))
    real = [accepted, *(Told(_written(end), end) for end in _ends(market)), *_more(market)]
    return [*_rehearsal(market), *sorted(real, key=lambda told: told.at.astimezone(UTC))]


def _promises(market: MarketId) -> tuple[Promise, ...]:
    return tuple(
        Promise(name(day, market), market, ten(day), EpisodeNumber(episode), Seconds(600.0))
        for episode, day in enumerate(DAYS, start=1)
    )


def _written(end: Ended) -> datetime:
    return (end.ended or end.due) + timedelta(minutes=1)


def _ends(market: MarketId) -> Iterator[Ended]:
    for episode, day in enumerate(DAYS, start=1):
        yield end_of(WORDS[day][MARKETS.index(market)], name(day, market), market, ten(day), episode)
    if market == CENTRAL:
        yield end_of("on_time", MOVED, market, ten(on("07-16"), 11), 11)


def end_of(  # noqa: PLR0917  a row of the table
    word: str, airing: AiringId, market: MarketId, due: datetime, episode: int, of: AiringId | None = None
) -> Ended:
    """The terminal row that a word of :data:`TABLE` means."""
    number = EpisodeNumber(episode)
    if word.startswith("x_"):
        length = LENGTH if word == "x_stopped_by_operator" else None
        return Ended(airing, market, due, Outcome.CANCELLED, Reason(word[2:]), number, expected_s=length)
    if word.startswith("-"):
        return Ended(airing, market, due, Outcome.MISSED, Reason(word[1:]), number, make_good_of=of)
    outcome, reason, heard = Outcome.PLAYED, word, LENGTH
    if word.startswith("~"):
        reason, _, seconds = word[1:].partition("/")
        outcome, heard = Outcome.PARTIAL, Seconds(float(seconds))
    late = Seconds(300.0 if word == "late" else 0.0)
    started = due + timedelta(seconds=late)
    return Ended(
        airing=airing,
        market=market,
        due=due,
        outcome=outcome,
        reason=Reason(reason),
        episode=number,
        revision=1,
        master_sha256=Sha256(f"{episode:064x}"),
        play=PlayId(f"{NODES[market]}-1-{episode}"),
        started=started,
        ended=started + timedelta(seconds=heard),
        played_s=heard,
        expected_s=LENGTH,
        evidence=Evidence.PLAYER if market == HUAMANTANGA else Evidence.MONITOR,
        late_s=late,
        start_error_ms=Milliseconds(0.0),
        make_good_of=of,
    )


def _rehearsal(market: MarketId) -> list[Told]:
    """The market in the centre rehearsed an airing that was to be missed; nothing of that counts."""
    if market != CENTRAL:
        return [Told(ten(on("06-10"), 11), Started("0.1.0", 7, (market,)))]
    day, shifted = on("06-23"), ClockTrust.SHIFTED
    return [
        Told(ten(day, 9), Started("0.1.0", 6, (market,), rehearsal=True), shifted),
        Told(ten(day, 9), PlanAccepted(Sha256("b" * 64), _promises(market)), shifted),
        Told(ten(day, 11), end_of("on_time", name(day, market), market, ten(day), 4), shifted),
        Told(ten(on("06-10"), 11), Started("0.1.0", 7, (market,))),
    ]


def _made_good(market: MarketId, day: str, attempt: int, at: datetime, word: str | None) -> Iterator[Told]:
    """A make-good of the airing of that day: ordered an hour before; ``None``: it has no end on record."""
    missed, episode = name(on(day), market), DAYS.index(on(day)) + 1
    airing = make_good_id(missed, attempt)
    promise = Promise(airing, market, at, EpisodeNumber(episode), Seconds(600.0))
    yield Told(at - timedelta(minutes=30), MakeGoodOrdered(missed, promise, "uid:1000"))
    if word is not None:
        end = end_of(word, airing, market, at, episode, of=missed)
        yield Told(_written(end), end)


def _more(market: MarketId) -> Iterator[Told]:
    """What happened beside the table."""
    if market == CENTRAL:
        promise = Promise(MOVED, market, ten(on("07-16"), 11), EpisodeNumber(11), Seconds(600.0))
        later = tuple(each for each in _promises(market) if each.due > ten(on("07-16")))
        yield Told(ten(on("07-15"), 12), PlanAccepted(Sha256("c" * 64), (promise, *later)))
        yield from _made_good(market, "06-25", 1, ten(on("06-25"), 12), "on_time")
        yield from _made_good(market, "06-25", 2, ten(on("06-25"), 15), "on_time")
        yield from _made_good(market, "07-02", 1, ten(on("07-03"), 10), None)
        first, second = name(on("06-11"), market), name(on("06-16"), market)
        yield Told(ten(on("06-11"), 12), Confirmed(first, HeardAs.NO, "uid:1000"))
        yield Told(ten(on("06-11"), 13), Confirmed(first, HeardAs.WELL, "d-07"))
        yield Told(ten(on("06-16"), 13), Confirmed(second, HeardAs.LOW, "uid:1000"))
        yield Told(ten(on("06-11"), 14), Observed(first, 40, 12, Counting.HEADCOUNT, "d-07"))
        yield Told(ten(on("06-18"), 14), Observed(name(on("06-18"), market), 30, 3, Counting.HEADCOUNT, "d-07"))
        yield Told(ten(on("07-16"), 14), Observed(MOVED, 20, 10, Counting.SAMPLE, "d-07"))
        yield Told(ten(on("06-11"), 15), Complained(first, Complaint.NOISE, "uid:1000"))
        yield Told(ten(on("06-16"), 15), Complained(second, Complaint.NOISE, "uid:1000"))
    elif market == BOSQUE:
        yield from _made_good(market, "07-02", 1, ten(on("07-02"), 12), "~audio_lost/200")
        yield from _made_good(market, "07-09", 1, ten(on("07-09"), 12), "on_time")
        yield Told(ten(on("06-18"), 12), Confirmed(name(on("06-18"), market), HeardAs.NO, "uid:1000"))
    elif market == UNICACHI:
        yield from _made_good(market, "06-16", 1, ten(on("06-16"), 16), "-power_loss")
        yield from _made_good(market, "06-16", 2, ten(on("06-17"), 10), "on_time")
        yield from _made_good(market, "06-18", 1, ten(on("06-18"), 11), "on_time")
        yield from _by_hand(market)
        no_power = Declared(name(on("06-16"), market), "K7F3-9QXM", HeardAs.NO, "d-07", cause=Cause.POWER)
        softly = Declared(name(on("07-02"), market), "K7F3-9QXN", HeardAs.LOW, "d-07", source=Source.COMPUTER)
        yield Told(ten(on("07-05"), 9), no_power)
        yield Told(ten(on("07-05"), 10), softly)
        yield Told(ten(on("06-23"), 14), Observed(name(on("06-23"), market), 25, 3, Counting.ESTIMATE, "d-07"))
        yield Told(ten(on("06-18"), 15), Complained(name(on("06-18"), market), Complaint.CONTENT, "uid:1000"))
        due = ten(on("07-02"))
        listened = Listened(name(due.date(), market), market, due, PlayId("unicachi-1-7"), "mic", Hearing.HEARD, 90, 88)
        yield Told(ten(on("07-02"), 11), listened)
    else:
        yield from _made_good(market, "06-11", 1, ten(on("06-11"), 13), "on_time")
        yield from _made_good(market, "06-30", 1, ten(on("07-01"), 10), "on_time")
        began = ten(on("06-23")) + timedelta(minutes=1)
        sheet = Declared(name(on("06-23"), market), "K7F3-9QXP", HeardAs.WELL, "d-07", began=began)
        yield Told(ten(on("07-05"), 9), sheet)
        yield Told(ten(on("07-09"), 15), Complained(name(on("07-09"), market), Complaint.SAFETY, "uid:1000"))


def _by_hand(market: MarketId) -> Iterator[Told]:
    due = ten(on("06-20"), 12)
    airing = AiringId(f"manual/2021-06-20T12:00:00/{market}")
    promise = Promise(airing, market, due, EpisodeNumber(3), Seconds(0.0))
    yield Told(due - timedelta(minutes=1), PlayOrdered(promise, "uid:1000"))
    end = end_of("on_time", airing, market, due, 3)
    yield Told(_written(end), end)
