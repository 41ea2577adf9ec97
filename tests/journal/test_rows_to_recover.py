"""A start reads all that what it does depends on, and none of the heartbeats that years of ended plays leave behind."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from written import START

from broadcaster.clock import ShiftedClock
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Heartbeat, Intent, ProcessId, Stopped
from broadcaster.journal.fold import open_intents
from broadcaster.journal.recovering import rows_to_recover
from broadcaster.journal.row import Row
from broadcaster.model import AiringId, EpisodeNumber, Evidence, MarketId, Outcome, Reason, Seconds, Sha256

LIMA = ZoneInfo("America/Lima")
NORTE = MarketId("norte")


def begin(journal: Journal, day: int) -> Row:
    """A play begins, and its heart beats three times."""
    due, player = START + timedelta(days=day), ProcessId(100 + day, 5)
    airing = AiringId(f"{due:%Y-%m-%d}T10:00/norte")
    intent = Intent(
        airing, NORTE, EpisodeNumber(3), 1, Sha256("m"), due, Seconds(0), Seconds(20), "sink", player, witness=None
    )
    row = journal.append(intent)
    for heard_s in (1.0, 2.0, 3.0):
        journal.append(Heartbeat(row.play, Seconds(heard_s), Evidence.MONITOR))
    return row


def end(journal: Journal, play: Row) -> None:
    assert isinstance(play.event, Intent)
    told = Ended(play.event.airing, NORTE, play.event.due, Outcome.PLAYED, Reason.ON_TIME, play=play.play)
    journal.append(told)


def beats(rows: list[Row]) -> list[Heartbeat]:
    return [row.event for row in rows if isinstance(row.event, Heartbeat)]


def test_where_every_play_has_its_end_no_heartbeat_is_read(journal: Journal) -> None:
    for day in range(3):
        end(journal, begin(journal, day))
    journal.append(Stopped("sigterm"))
    assert rows_to_recover(journal) == [row for row in journal.rows() if not isinstance(row.event, Heartbeat)]


def test_what_was_left_open_has_every_heartbeat_and_the_rows_their_order(journal: Journal) -> None:
    """Also where other plays began and ended meanwhile, and where rows came into another epoch."""
    end(journal, begin(journal, 0))
    left = begin(journal, 1)
    end(journal, begin(journal, 2))
    journal.append_aside(Stopped("while another program held the record"))
    begin(journal, 3)
    journal.append(Stopped("newest"))
    everything, found = journal.rows(), rows_to_recover(journal)
    assert open_intents(found) == open_intents(everything)
    assert [play.heartbeat.heard_s for play in open_intents(found) if play.heartbeat] == [3.0, 3.0]
    places = [(row.epoch, row.seq) for row in found]
    assert places == sorted(places)
    assert found[-1] == everything[-1]
    assert len({row.epoch for row in found}) > 1
    assert len(beats(found)) == len(beats(everything)) - 3
    assert left.play in {beat.play for beat in beats(found)}


def test_a_record_without_rows_gives_none(url: str, clock: ShiftedClock) -> None:
    with Journal.open(url, clock, LIMA) as journal:
        assert rows_to_recover(journal) == []
