"""What a microphone says of a play: it raises the evidence, never the outcome, and only that of the very play."""

from dataclasses import replace
from pathlib import Path

import pytest
from test_makegoods import MARKET, MISSED, TEN, ended, rows
from written import write

from broadcaster.journal.events import Event, Listened, MicrophoneOff, MicrophoneOn
from broadcaster.journal.fold import plays
from broadcaster.journal.playlog import PlayLog
from broadcaster.journal.silences import to_forbid
from broadcaster.model import ClockTrust, Evidence, Hearing, MarketId, Outcome, PlayId, Reason, Seconds

PLAY = PlayId("n-1-1")
AIRED = replace(
    ended(MISSED, Outcome.PLAYED, Reason.ON_TIME),
    play=PLAY,
    started=TEN,
    played_s=Seconds(480.0),
    evidence=Evidence.MONITOR,
)
HEARD = Listened(MISSED, MARKET, TEN, PLAY, "mic", Hearing.HEARD, blocks=90, found=88, score=0.98, level_db=-2.0)


@pytest.mark.parametrize("proved", list(Evidence))
def test_what_was_heard_in_the_market_is_the_strongest_evidence_there_is(proved: Evidence) -> None:
    [play] = plays(rows(replace(AIRED, evidence=proved), HEARD))
    assert (play.evidence, play.outcome, play.played_s) == (Evidence.MICROPHONE, Outcome.PLAYED, 480.0)


@pytest.mark.parametrize("hearing", [Hearing.SILENT, Hearing.OTHER, Hearing.UNSURE])
def test_what_was_not_heard_there_changes_nothing_the_machine_knows(hearing: Hearing) -> None:
    said = replace(HEARD, hearing=hearing)
    [play] = plays(rows(AIRED, said))
    assert replace(play, sequel=plays(rows(AIRED))[0].sequel) == plays(rows(AIRED))[0]
    assert play.sequel.listened == said


def test_a_word_on_another_play_of_the_same_airing_proves_nothing() -> None:
    [play] = plays(rows(AIRED, replace(HEARD, play=PlayId("n-1-9"))))
    assert play.evidence is Evidence.MONITOR


def test_only_silence_or_another_sound_contradicts_and_only_what_left_the_computer() -> None:
    said = {hearing: replace(HEARD, hearing=hearing).contradicts(AIRED) for hearing in Hearing}
    assert {hearing for hearing, contradicts in said.items() if contradicts} == {Hearing.SILENT, Hearing.OTHER}
    assert not replace(HEARD, hearing=Hearing.SILENT).contradicts(replace(AIRED, evidence=Evidence.PLAYER))
    assert not replace(HEARD, hearing=Hearing.SILENT).contradicts(replace(AIRED, play=PlayId("n-1-9")))


def test_the_log_read_from_the_database_says_the_same_and_tells_an_airing_again_when_its_microphone_has_spoken(
    tmp_path: Path,
) -> None:
    def put(seq: int, event: Event) -> str:
        return write(tmp_path / "journal.db", [(("n", 1, seq), ClockTrust.SYNCED, event)])

    log = PlayLog(put(2, AIRED))
    assert [play.evidence for play in log.plays()] == [Evidence.MONITOR]
    put(3, HEARD)
    assert [play.evidence for play in log.newer()] == [Evidence.MICROPHONE]
    assert [play.sequel.listened for play in log.plays()] == [HEARD]
    log.close()


def test_a_microphone_switched_off_stays_off_when_an_older_backup_is_put_back() -> None:
    on, off = MicrophoneOn(MARKET, "mic", "proteccion-1"), MicrophoneOff(MARKET, "uid:1000")
    assert to_forbid([on, off], [on]) == (off,)
    assert to_forbid([on, off, on], [on]) == ()
    assert to_forbid([on, off], [on, off]) == ()
    assert to_forbid([MicrophoneOff(MarketId("otro"), "uid:1000")], [on]) == (
        MicrophoneOff(MarketId("otro"), "uid:1000"),
    )
