"""Why did it not sound? The chain of one airing from its promise to what is proved, and where it broke."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import people_at_hand
import pytest

from broadcaster.cli.group import speak
from broadcaster.cli.program import run
from broadcaster.clock import Instant
from broadcaster.config import Station, load_station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    Admitted,
    Confirmed,
    Declared,
    Ended,
    Event,
    Heartbeat,
    Held,
    Intent,
    MakeGoodCancelled,
    MakeGoodOrdered,
    PlanAccepted,
    PlayOrdered,
    ProcessId,
    Promise,
    Started,
    StopOrdered,
    Stopped,
    Suspended,
    Withdrawn,
    make_good_id,
)
from broadcaster.journal.reading import read
from broadcaster.journal.row import Row
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    Evidence,
    HeardAs,
    MarketId,
    Outcome,
    PlayId,
    Reason,
    Seconds,
    Sha256,
)
from broadcaster.reports.explanation import BREAKS, Case, Explanation, Mark, Stage, explain
from broadcaster.schedule.load import load_plan

ROOT = Path(__file__).parents[2]
LIMA = ZoneInfo("America/Lima")
DUE = datetime(2021, 6, 18, 10, tzinfo=LIMA)
UNICACHI = MarketId("unicachi")
AIRING = AiringId("2021-06-18T10:00/unicachi")
THREE = EpisodeNumber(3)
HASH = Sha256("a" * 64)


@dataclass
class Told:
    """A record written moment by moment, and what is explained of it."""

    root: Path
    moment: datetime = field(default=DUE - timedelta(days=1))

    def now(self) -> Instant:
        return Instant(self.moment, 0.0, "boot", ClockTrust.SYNCED)

    @property
    def station(self) -> Station:
        return load_station(self.root)

    def at(self, before_s: float, *events: Event) -> Row:
        """What happened so many seconds before the minute; after it, where negative."""
        self.moment = DUE - timedelta(seconds=before_s)
        with Journal.open(self.station.database, self, LIMA) as journal:
            rows = [journal.append(event) for event in events]
        return rows[-1]

    def rows(self) -> list[Row]:
        return read(self.station.database)

    def explained(self, airing: str = AIRING, after_s: float = 3600, *, whole: bool = True) -> Explanation:
        """As it is explained an hour after the minute, unless said otherwise."""
        now = DUE + timedelta(seconds=after_s)
        case = Case(AiringId(airing), self.rows(), load_plan(self.station), self.station, now, {THREE: whole})
        assert case.is_known
        return explain(case)


def promise(cancelled: Reason | None = None, episode: EpisodeNumber | None = THREE) -> Promise:
    return Promise(AIRING, UNICACHI, DUE, episode, Seconds(600), cancelled)


def ended(outcome: Outcome, reason: Reason, heard_s: float = 0.0, **facts: object) -> Ended:
    sounded = heard_s > 0
    end = Ended(
        AIRING,
        UNICACHI,
        DUE,
        outcome,
        reason,
        THREE,
        started=DUE if sounded else None,
        ended=DUE + timedelta(seconds=heard_s) if sounded else None,
        played_s=Seconds(heard_s),
        expected_s=Seconds(484.0) if sounded else None,
        evidence=Evidence.MONITOR if sounded else Evidence.NONE,
    )
    return replace(end, **facts)  # type: ignore[arg-type]


def intent(late_s: float = 0.0) -> Intent:
    return Intent(AIRING, UNICACHI, THREE, 1, HASH, DUE, Seconds(late_s), Seconds(484.0), "card", ProcessId(1, 1), None)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """A station where the program runs, episode 3 is approved, and the airing is promised."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    shutil.copytree(ROOT / "schedules", tmp_path / "schedules")
    record = Told(tmp_path)
    admitted = Admitted(THREE, 1, HASH, HASH, Seconds(484.0), ("d-07",), "", ("linea-100",), consents=("C-1",),
                        helpline_numbers=("100",))  # fmt: skip
    record.at(86_400, *people_at_hand.staff("d-07"), admitted, *people_at_hand.all_said(admitted))
    record.at(7_200, Started("0.1.0", 1, (UNICACHI,)), PlanAccepted(HASH, (promise(),)))
    return record


def stages(found: Explanation, mark: Mark) -> list[Stage]:
    """The stages with a step of this mark, each once."""
    return list(dict.fromkeys(step.stage for step in found.steps if step.mark is mark))


def test_every_reason_but_those_of_a_whole_play_breaks_one_stage() -> None:
    assert set(Reason) - set(BREAKS) == {Reason.ON_TIME, Reason.LATE}


def test_a_whole_play_passes_every_stage_with_who_and_when(told: Told) -> None:
    row = told.at(3, intent())
    told.at(-480, Heartbeat(PlayId(row.play), Seconds(480.0), Evidence.MONITOR))
    told.at(-485, ended(Outcome.PLAYED, Reason.ON_TIME, 484.0, play=row.play))
    found = told.explained()
    assert found.broke_at is None
    assert stages(found, Mark.OK) == list(Stage)
    approvals = [step.who for step in found.steps if step.stage is Stage.APPROVAL and step.text == "Approved."]
    assert approvals == [("coordinadora-1",), ("coordinadora-2",)]
    assert all(step.when is not None for step in found.steps if step.stage in {Stage.PLAN, Stage.PROGRAM, Stage.DEVICE})


BROKEN = [
    (Outcome.MISSED, Reason.POWER_LOSS, Stage.PROGRAM),
    (Outcome.MISSED, Reason.CLOCK_JUMP, Stage.CLOCK),
    (Outcome.MISSED, Reason.NO_AUDIO_DEVICE, Stage.DEVICE),
    (Outcome.MISSED, Reason.BAD_FILE, Stage.FILE),
    (Outcome.MISSED, Reason.NOT_APPROVED, Stage.APPROVAL),
    (Outcome.CANCELLED, Reason.MARKET_CLOSED, Stage.MARKET),
    (Outcome.CANCELLED, Reason.PLAN_CHANGED, Stage.PLAN),
]


@pytest.mark.parametrize(("outcome", "reason", "stage"), BROKEN)
def test_what_never_sounded_broke_where_its_reason_says(
    outcome: Outcome, reason: Reason, stage: Stage, told: Told
) -> None:
    told.at(-1, ended(outcome, reason))
    found = told.explained()
    assert found.broke_at is stage
    assert stages(found, Mark.BROKEN) == [stage]
    later = list(Stage)[list(Stage).index(stage) + 1 :]
    assert not set(later) & {Stage.DEVICE, Stage.EVIDENCE} & set(stages(found, Mark.OK))


@pytest.mark.parametrize("reason", [Reason.AUDIO_LOST, Reason.SILENT_OUTPUT, Reason.PLAYER_HUNG, Reason.NOT_HEARD])
def test_what_broke_off_says_how_much_was_heard(reason: Reason, told: Told) -> None:
    row = told.at(3, intent())
    told.at(-171, ended(Outcome.PARTIAL, reason, 170.0, play=row.play))
    found = told.explained()
    assert found.broke_at is BREAKS[reason]
    heard = next(step for step in found.steps if "heard" in step.facts)
    assert heard.facts == {"heard": "170", "whole": "484"}


def test_of_a_power_cut_it_tells_the_last_sign_and_the_return(told: Told) -> None:
    told.at(-1800, Started("0.1.0", 2, (UNICACHI,)), ended(Outcome.MISSED, Reason.POWER_LOSS))
    when = [step.when for step in told.explained().steps if step.stage is Stage.PROGRAM]
    assert when == [DUE - timedelta(seconds=7200), None, DUE - timedelta(seconds=7200), DUE + timedelta(seconds=1800)]


def test_what_was_written_later_is_no_last_sign_before_it(told: Told) -> None:
    told.at(-1800, ended(Outcome.MISSED, Reason.POWER_LOSS))
    told.at(-90000, Confirmed(AIRING, HeardAs.NO, "uid:1000"))
    when = [step.when for step in told.explained(after_s=100_000).steps if step.stage is Stage.PROGRAM]
    assert when == [DUE - timedelta(seconds=7200), None, DUE - timedelta(seconds=7200)]


def test_a_program_that_could_write_nothing_was_there_all_the_time(told: Told) -> None:
    told.at(-600, ended(Outcome.MISSED, Reason.RECORD_UNAVAILABLE))
    told.at(-90000, Started("0.1.0", 2, (UNICACHI,)))
    steps = [step for step in told.explained(after_s=100_000).steps if step.stage is Stage.PROGRAM]
    assert [(step.mark, step.when) for step in steps] == [
        (Mark.OK, DUE - timedelta(seconds=7200)),
        (Mark.BROKEN, None),
    ]


def test_a_clean_stop_names_its_cause(told: Told) -> None:
    told.at(600, Stopped("sigterm"))
    told.at(-1800, Started("0.1.0", 2, (UNICACHI,)), ended(Outcome.MISSED, Reason.SWITCHED_OFF))
    found = told.explained()
    assert found.broke_at is Stage.PROGRAM
    assert {"cause": "sigterm"} in [step.facts for step in found.steps]


def test_a_pause_and_a_stop_name_who_and_when(told: Told) -> None:
    told.at(900, Held(UNICACHI, "uid:1000"))
    told.at(0, ended(Outcome.CANCELLED, Reason.HELD_BY_OPERATOR))
    broken = next(step for step in told.explained().steps if step.mark is Mark.BROKEN)
    assert (broken.stage, broken.who, broken.when) == (Stage.MARKET, ("uid:1000",), DUE - timedelta(seconds=900))


@pytest.mark.parametrize(("ends_s", "broke"), [(60, None), (-3600, Stage.MARKET)])
def test_a_pause_that_ends_by_itself_before_the_minute_stops_nothing(
    ends_s: int, broke: Stage | None, told: Told
) -> None:
    told.at(3700, Held(UNICACHI, "uid:1000", until=DUE - timedelta(seconds=ends_s), safety=True))
    found = told.explained(after_s=-3600)
    assert found.broke_at is broke
    assert "safety" not in str(found.steps)


def test_an_order_to_stop_names_who_gave_it(told: Told) -> None:
    row = told.at(3, intent())
    told.at(-60, StopOrdered((UNICACHI,), "uid:1000"))
    told.at(-61, ended(Outcome.PARTIAL, Reason.STOPPED_BY_OPERATOR, 60.0, play=row.play))
    broken = next(step for step in told.explained().steps if step.mark is Mark.BROKEN)
    assert (broken.stage, broken.who) == (Stage.MARKET, ("uid:1000",))


@pytest.mark.parametrize(
    ("event", "reason"),
    [(Withdrawn(THREE, 1, "coordinadora-1"), Reason.WITHDRAWN), (Suspended(THREE, "uid:1000"), Reason.SUSPENDED)],
)
def test_what_was_taken_back_names_who_did_it(event: Withdrawn | Suspended, reason: Reason, told: Told) -> None:
    told.at(900, event)
    told.at(0, ended(Outcome.CANCELLED, reason))
    found = told.explained()
    broken = [step for step in found.steps if step.mark is Mark.BROKEN]
    assert [(step.stage, step.who) for step in broken] == [(Stage.APPROVAL, (event.by,))]


def test_what_was_decided_after_the_minute_explains_nothing(told: Told) -> None:
    told.at(-1, ended(Outcome.MISSED, Reason.NO_AUDIO_DEVICE))
    told.at(-1800, Suspended(THREE, "uid:1000"))
    found = told.explained()
    assert stages(found, Mark.BROKEN) == [Stage.DEVICE]
    assert all(step.who != ("uid:1000",) for step in found.steps)


def test_a_holiday_ends_the_chain_at_the_plan(told: Told) -> None:
    told.at(3600, PlanAccepted(HASH, (promise(Reason.HOLIDAY),)))
    told.at(0, ended(Outcome.CANCELLED, Reason.HOLIDAY))
    found = told.explained()
    assert stages(found, Mark.BROKEN) == [Stage.PLAN]
    assert stages(found, Mark.NOT_REACHED) == list(Stage)[1:]


def test_a_future_airing_says_what_will_stop_it(told: Told) -> None:
    fine = told.explained(after_s=-3600)
    assert fine.broke_at is None
    assert fine.outcome is None
    assert stages(fine, Mark.TO_COME) == [Stage.PROGRAM, Stage.CLOCK, Stage.DEVICE, Stage.EVIDENCE]
    spoilt = told.explained(after_s=-3600, whole=False)
    assert spoilt.broke_at is Stage.FILE
    told.at(3700, Suspended(THREE, "uid:1000"))
    assert told.explained(after_s=-3600).broke_at is Stage.APPROVAL


def test_an_airing_of_the_schedule_that_nobody_promised_says_so(told: Told) -> None:
    bosque = "2021-06-18T10:00/el-bosque"
    assert told.explained(bosque).broke_at is Stage.PLAN
    assert told.explained(bosque, after_s=-3600).steps[0].mark is Mark.TO_COME


def test_a_start_by_hand_names_who_started_it(told: Told) -> None:
    manual = AiringId("manual/2021-06-18T11:00:00/unicachi")
    told.at(-3600, PlayOrdered(replace(promise(), airing=manual, due=DUE + timedelta(hours=1)), "uid:1000"))
    told.at(-3700, replace(ended(Outcome.PLAYED, Reason.ON_TIME, 484.0), airing=manual, due=DUE + timedelta(hours=1)))
    first = told.explained(manual, after_s=7200).steps[0]
    assert (first.mark, first.who) == (Mark.OK, ("uid:1000",))


def test_what_people_say_and_a_make_good_stand_beside_what_the_machine_knows(told: Told) -> None:
    told.at(-1, ended(Outcome.MISSED, Reason.NO_AUDIO_DEVICE))
    again = make_good_id(AIRING, 1)
    order = MakeGoodOrdered(AIRING, replace(promise(), airing=again, due=DUE + timedelta(hours=2)), "uid:1000")
    told.at(-600, order)
    told.at(-700, Confirmed(AIRING, HeardAs.NO, "uid:1000"), Declared(AIRING, "K7F3-9QXM", HeardAs.WELL, "uid:1000"))
    found = told.explained()
    assert found.broke_at is Stage.DEVICE
    beside = [step.facts for step in found.steps if step.stage is Stage.EVIDENCE and step.mark is Mark.NOTE]
    assert beside == [{}, {"sheet": "K7F3-9QXM"}, {"airing": again}]
    assert told.explained(again, after_s=3600).steps[0].facts["airing"] == AIRING


def test_who_cancelled_a_make_good_is_told_of_it_and_of_what_was_missed(told: Told) -> None:
    told.at(-1, ended(Outcome.MISSED, Reason.NO_AUDIO_DEVICE))
    again, later = make_good_id(AIRING, 1), DUE + timedelta(hours=2)
    told.at(-600, MakeGoodOrdered(AIRING, replace(promise(), airing=again, due=later), "uid:1000"))
    stopped = ended(Outcome.CANCELLED, Reason.STOPPED_BY_OPERATOR)
    told.at(-700, MakeGoodCancelled(again, "uid:1001"), replace(stopped, airing=again, due=later))
    beside = [(step.facts, step.who) for step in told.explained().steps if step.stage is Stage.EVIDENCE]
    assert beside[-1] == ({"airing": again}, ("uid:1001",))
    found = told.explained(again, after_s=3600)
    assert found.broke_at is Stage.MARKET
    (broken,) = [step for step in found.steps if step.mark is Mark.BROKEN]
    assert broken.who == ("uid:1001",)


# The command

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def spanish() -> Iterator[None]:
    yield
    speak("es")


def asked(told: Told, capsys: Capture, *words: str) -> tuple[int, str, str]:
    code = run(["--station", str(told.root), "plays", "explain", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_says_it_in_words_and_marks_the_broken_step(told: Told, spanish: None, capsys: Capture) -> None:
    told.at(-1800, Started("0.1.0", 2, (UNICACHI,)), ended(Outcome.MISSED, Reason.POWER_LOSS))
    code, out, _err = asked(told, capsys, AIRING)
    assert code == 0
    assert "no emitida. Se fue la luz" in " ".join(out.split())
    assert "✘  Programa" in out
    assert "Se cortó aquí: Programa." in out
    assert "coordinadora-1" in out


def test_of_what_is_long_past_it_does_not_say_that_it_will_break(told: Told, spanish: None, capsys: Capture) -> None:
    _code, out, _err = asked(told, capsys, "2021-06-18", "el-bosque")
    assert "Se cortó aquí: Cronograma." in out
    assert "cortará" not in out


@pytest.mark.parametrize(
    "words",
    [
        (AIRING,),
        ("2021-06-18", "unicachi"),
        ("18/06/2021", "10:00", "Mercado Unicachi"),
        ("2021-06-18T10:00", "unicachi"),
        ("2021-06-18", "unicachi", "10.00"),
    ],
    ids=" ".join,
)
def test_an_airing_may_be_named_as_people_do(words: tuple[str, ...], told: Told, capsys: Capture) -> None:
    told.at(-1, ended(Outcome.MISSED, Reason.NO_AUDIO_DEVICE))
    code, out, _err = asked(told, capsys, *words, "--json")
    found = json.loads(out)
    assert (code, found["airing"], found["broke_at"]) == (0, AIRING, "device")
    assert set(found["steps"][0]) == {"stage", "mark", "when", "who", "sentence"}


def test_without_a_day_the_newest_that_is_over_is_meant(told: Told, capsys: Capture) -> None:
    """By today's clock the whole season is over: its last airing."""
    code, out, _err = asked(told, capsys, "10:00", "unicachi", "--json")
    assert (code, json.loads(out)["airing"]) == (0, "2021-07-30T10:00/unicachi")


def test_what_fits_several_or_none_is_told_with_their_names(told: Told, capsys: Capture) -> None:
    code, _out, err = asked(told, capsys, "2021-06-18")
    assert code == 65
    assert "2021-06-18T10:00/el-bosque" in err
    code, _out, err = asked(told, capsys, "2021-06-19", "unicachi")
    assert code == 65
    assert "unicachi" in err
    code, _out, err = asked(told, capsys, "2021-06-18", "nowhere")
    assert code == 64


def test_a_missed_airing_and_what_made_it_good_are_explained_one_after_the_other(told: Told, capsys: Capture) -> None:
    """A program is told which two they are: it gets one, in the form that it knows."""
    told.at(-1, ended(Outcome.MISSED, Reason.NO_AUDIO_DEVICE))
    again, later = make_good_id(AIRING, 1), DUE + timedelta(hours=2)
    told.at(-600, MakeGoodOrdered(AIRING, replace(promise(), airing=again, due=later), "uid:1000"))
    told.at(-7_700, replace(ended(Outcome.PLAYED, Reason.ON_TIME, 484.0), airing=again, due=later))
    code, out, _err = asked(told, capsys, "2021-06-18", "unicachi")
    assert code == 0
    said = " ".join(out.split())
    assert said.index("10:00 a. m., episodio 3: no emitida.") < said.index("12:00 p. m., episodio 3: emitida.")
    code, out, err = asked(told, capsys, "2021-06-18", "unicachi", "--json")
    assert (code, out) == (65, "")
    assert f"{AIRING}, {again}" in err
    code, out, _err = asked(told, capsys, again, "--json")
    assert (code, json.loads(out)["outcome"]) == (0, "played")


def test_both_languages_say_every_step_whole(told: Told, spanish: None, capsys: Capture) -> None:
    told.at(-1800, Started("0.1.0", 2, (UNICACHI,)), ended(Outcome.MISSED, Reason.POWER_LOSS))
    for language in ("es", "en"):
        speak(language)
        said = [step.sentence for step in told.explained().steps]
        assert all(each.endswith(".") and "{" not in each for each in said)
