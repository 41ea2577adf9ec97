"""The stall's buttons without a sound: what each comes to where no program runs, and what they refuse."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from panel import Browser, Panel, WallClock, make_station, serving
from stall_box import listening

from broadcaster.config import load_station
from broadcaster.errors import RecordUnavailable
from broadcaster.journal.append import Journal
from broadcaster.journal.events import ClockConfirmed, Confirmed, Ended, Event, Held, Resumed, StopOrdered, VolumeSet
from broadcaster.model import AiringId, EpisodeNumber, HeardAs, MarketId, Outcome, Reason, Seconds
from broadcaster.playout import messenger
from broadcaster.playout.control import Answer
from broadcaster.playout.lock import StationLock
from broadcaster.playout.messenger import me
from broadcaster.playout.orders import Order, Status
from broadcaster.web.stall.known import Stall, stall_of

CENTRAL = MarketId("mercado-central")
TODAY = AiringId("2021-06-14T09:00/mercado-central")
MIDNIGHT = datetime(2021, 6, 15, 5, tzinfo=UTC)


@pytest.fixture
def phone(panel: Panel) -> Browser:
    """Somebody's at the stall: nobody has signed in."""
    return panel.client()


def ended(outcome: Outcome, reason: Reason, airing: str = TODAY) -> Ended:
    due = datetime(2021, 6, 14, 14, tzinfo=UTC)
    return Ended(
        AiringId(airing), CENTRAL, due, outcome, reason, EpisodeNumber(1), revision=1, expected_s=Seconds(480.0)
    )


def touch(phone: Browser, deed: str, **fields: object) -> str:
    """Touch a button; the sentence that the screen then says."""
    answer = phone.form(f"/stall/{deed}", page="/stall", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/stall")
    page = phone.get("/stall").text
    return page.partition('role="status">')[2].partition("</p>")[0]


def rows(panel: Panel, *kinds: type[Event]) -> list[Event]:
    return [row.event for row in panel.desk.rows(kinds)]


def test_the_screen_opens_without_a_session_and_says_that_no_program_runs(phone: Browser) -> None:
    page = phone.get("/stall")
    assert page.status_code == 200
    assert "no está funcionando" in page.text
    assert "Mercado Unicachi" in page.text


def test_a_stop_without_a_program_says_so_and_writes_nothing(panel: Panel, phone: Browser) -> None:
    assert "apague el amplificador" in touch(phone, "mercado-central/stop")
    assert rows(panel, StopOrdered) == []


def test_a_pause_and_its_end_count_from_the_next_start_on(panel: Panel, phone: Browser) -> None:
    assert "REANUDAR" in touch(phone, "mercado-central/pause")
    assert rows(panel, Held) == [Held(CENTRAL, me())]
    touch(phone, "mercado-central/resume")
    assert rows(panel, Resumed) == [Resumed(CENTRAL, me())]


def test_stopped_for_safety_asks_nothing_and_holds_until_midnight(panel: Panel, phone: Browser) -> None:
    said = touch(phone, "mercado-central/safety")
    assert rows(panel, Held) == [Held(CENTRAL, me(), until=MIDNIGHT, safety=True)]
    for word in ("segur", "protecci", "safety"):
        assert word not in said.casefold(), "whoever reads along learns nothing of why, or of who is told"


HELD: dict[str, Any] = {"market": CENTRAL, "name": "Mercado Central", "state": "held", "held_until": None}


@contextmanager
def answered(root: Path, **market: Any) -> Iterator[None]:
    """A program that says this of the market, and does what it is told."""
    silent = {"episode": None, "airing": None, "position_s": None, "expected_s": None, "until": None}
    facts = {**HELD, **silent, "obstacle": None, "next": None, "last": None, **market}
    about = {"version": "0", "now": MIDNIGHT.isoformat(), "clock": "synced", "plan_sha256": "", "faults": []}

    async def obey(order: Order, _by: str) -> Answer:
        if isinstance(order, Status):
            return {**about, "waiting": [], "failing": [], "markets": [facts]}
        return {"markets": [CENTRAL], "stopped": [], "recorded": True}

    with listening(root / "data" / "control", obey):
        yield


@pytest.mark.parametrize("running", [True, False])
@pytest.mark.parametrize("first", ["safety", "pause"])
def test_no_touch_lets_it_sound_again_today_though_it_is_paused_by_hand_too(
    panel: Panel, phone: Browser, first: str, *, running: bool
) -> None:
    for deed in (first, "pause" if first == "safety" else "safety"):
        touch(phone, f"mercado-central/{deed}")
    with answered(panel.root) if running else nullcontext():  # which knows of a pause that waits for somebody
        said = touch(phone, "mercado-central/resume")
    assert "en silencio por hoy" in said
    assert "toque REANUDAR" in said
    assert rows(panel, Resumed) == []
    clock = panel.clock
    assert isinstance(clock, WallClock)
    clock.utc = MIDNIGHT
    touch(phone, "mercado-central/resume")
    assert rows(panel, Resumed) == [Resumed(CENTRAL, me())]


def test_on_the_screen_a_stop_for_safety_is_a_pause_like_any_other(panel: Panel, phone: Browser) -> None:
    """Who threatens may stand beside her, or touch the screen next."""
    with answered(panel.root):
        paused = phone.get("/stall").text.partition('<div id="stall"')[2]
    with answered(panel.root, held_until=MIDNIGHT.isoformat()):
        stopped = phone.get("/stall").text.partition('<div id="stall"')[2]
        assert "en silencio por hoy" in touch(phone, "mercado-central/resume")
    assert "EN PAUSA" in paused
    assert paused == stopped


def test_a_rehearsal_keeps_no_silence_and_the_screen_promises_none(panel: Panel, phone: Browser) -> None:
    with answered(panel.root, held_until=MIDNIGHT.isoformat()):
        assert "por hoy" in touch(phone, "mercado-central/safety")
    with answered(panel.root, state="waiting"):
        assert "por hoy" not in touch(phone, "mercado-central/safety")


def test_what_holds_the_station_without_answering_is_waited_for_before_it_is_restarted(
    panel: Panel, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "STARTING_S", 0.1)
    with StationLock(panel.root):
        page = phone.get("/stall").text
    assert "SIN RESPUESTA" in page
    assert "apague el amplificador" in page
    assert "no está funcionando" not in page


def test_what_was_told_of_a_sound_is_over_with_it(panel: Panel, phone: Browser) -> None:
    after = stall_of(panel.desk).after
    assert after.begin(CENTRAL, lambda: lambda: "<El parlante sonó>")
    assert "&lt;El parlante sonó&gt;" in phone.get("/stall").text
    with answered(panel.root):
        touch(phone, "mercado-central/stop")
    assert "El parlante sonó" not in phone.get("/stall").text


def test_a_test_and_a_make_good_need_somebody_who_answers(panel: Panel, phone: Browser) -> None:
    panel.write(ended(Outcome.MISSED, Reason.POWER_LOSS))
    for deed, fields in (("test", {}), ("now", {"airing": TODAY})):
        said = touch(phone, f"mercado-central/{deed}", **fields)
        assert "no está funcionando" in said
        assert "broadcaster" not in said, "nobody at the stall types"


def test_how_it_was_heard_stands_on_record_beside_what_the_machine_knows(panel: Panel, phone: Browser) -> None:
    panel.write(ended(Outcome.PLAYED, Reason.ON_TIME))
    assert "BIEN" in phone.get("/stall").text
    touch(phone, "mercado-central/heard", airing=TODAY, heard="low")
    touch(phone, "mercado-central/heard", airing=TODAY, heard="well")
    assert rows(panel, Confirmed) == [Confirmed(TODAY, word, me()) for word in (HeardAs.LOW, HeardAs.WELL)]
    assert "Usted dijo" in phone.get("/stall").text


@pytest.mark.parametrize(
    ("airing", "heard"), [("2021-06-14T09:00/x", "well"), (TODAY, "loud"), ("", ""), ("<b>", "no")]
)
def test_what_nobody_aired_or_could_say_is_not_put_on_record(
    panel: Panel, phone: Browser, airing: str, heard: str
) -> None:
    panel.write(ended(Outcome.PLAYED, Reason.ON_TIME))
    assert touch(phone, "mercado-central/heard", airing=airing, heard=heard)
    assert rows(panel, Confirmed) == []


def test_the_volume_is_set_in_the_stations_file_within_the_cap(panel: Panel, phone: Browser) -> None:
    assert "85" in touch(phone, "mercado-central/volume", volume=85)
    assert "90" in touch(phone, "mercado-central/volume", volume=95)
    assert load_station(panel.root).markets[CENTRAL].volume == 0.85
    assert [event.volume for event in rows(panel, VolumeSet) if isinstance(event, VolumeSet)] == [0.85]


@pytest.mark.parametrize("volume", ["", "-5", "1e3", "101", "٣", "80.5"])
def test_a_volume_that_is_none_changes_nothing(panel: Panel, phone: Browser, volume: str) -> None:
    before = (panel.root / "config.toml").read_bytes()
    assert touch(phone, "mercado-central/volume", volume=volume)
    assert (panel.root / "config.toml").read_bytes() == before


@pytest.mark.parametrize("deed", ["stop", "pause", "resume", "safety", "test", "now", "heard", "volume"])
def test_a_market_that_the_station_does_not_have_is_refused_and_leaves_no_row(
    panel: Panel, phone: Browser, deed: str
) -> None:
    before = panel.desk.version()
    assert "mercado-central" in touch(phone, f"nowhere/{deed}", airing=TODAY, heard="well", volume=50)
    assert panel.desk.version() == before


def test_no_yes_makes_a_time_right_that_lies_before_this_program(panel: Panel, phone: Browser) -> None:
    assert "2021" in touch(phone, "clock", answer="yes", asked=panel.clock.now().utc.isoformat())
    assert rows(panel, ClockConfirmed) == []


def test_her_yes_counts_for_the_minute_she_was_asked_about(tmp_path: Path) -> None:
    clock = WallClock(datetime(2027, 3, 1, 15, tzinfo=UTC))
    with serving(make_station(tmp_path / "station", clock=clock), clock) as panel:
        phone = panel.client()
        old = clock.utc - timedelta(seconds=61)
        for asked in (old.isoformat(), (clock.utc + timedelta(minutes=5)).isoformat(), "ten", ""):
            touch(phone, "clock", answer="yes", asked=asked)
        touch(phone, "clock", answer="no", asked=clock.utc.isoformat())
        assert rows(panel, ClockConfirmed) == []
        touch(phone, "clock", answer="yes", asked=(clock.utc - timedelta(seconds=30)).isoformat())
        assert rows(panel, ClockConfirmed) == [ClockConfirmed(me())]


def test_a_broken_file_of_the_station_hinders_no_silence(panel: Panel, phone: Browser) -> None:
    word = phone.word("/stall")
    (panel.root / "config.toml").write_text("nonsense", encoding="utf-8")
    answer = phone.post("/stall/mercado-central/stop", data={"csrf": word})
    assert answer.status_code == 303
    assert phone.get("/stall").status_code == 200


def nonsense(panel: Panel, _patch: pytest.MonkeyPatch) -> None:
    (panel.root / "config.toml").write_text("nonsense", encoding="utf-8")


def taken_out(panel: Panel, _patch: pytest.MonkeyPatch) -> None:
    file = panel.root / "config.toml"
    file.write_text(file.read_text("utf-8").replace("[markets.mercado-central]", "[markets.mercado-nuevo]"), "utf-8")


def unreadable(_panel: Panel, patch: pytest.MonkeyPatch) -> None:
    def held(*_words: object) -> None:
        raise RecordUnavailable(path="broadcaster.db", problem="database disk image is malformed")

    patch.setattr(Stall, "plays", held)


@pytest.mark.parametrize("befalls", [nonsense, taken_out, unreadable])
def test_whatever_is_wrong_what_sounds_has_its_stop_on_the_screen(
    panel: Panel, phone: Browser, befalls: Callable[[Panel, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with answered(panel.root, state="on_air"):
        assert "Mercado Municipal Gran Mariscal Castilla" in phone.get("/stall").text
        befalls(panel, monkeypatch)
        page = phone.get("/stall").text
        for deed in ("stop", "pause", "safety"):
            assert f'action="/stall/mercado-central/{deed}"' in page
        assert "Mercado Municipal Gran Mariscal Castilla" in page
        with phone.stream("GET", "/stall/events") as live:
            pieces, came = live.iter_text(), ""
            while "</section>" not in came:
                came += next(pieces)
        assert 'action="/stall/mercado-central/stop"' in came
        assert touch(phone, "mercado-central/stop")


def test_no_title_and_no_persons_code_stands_on_the_screen(panel: Panel, phone: Browser) -> None:
    panel.write(ended(Outcome.PLAYED, Reason.ON_TIME))
    page = phone.get("/stall").text
    for code in ("d-07", "proteccion-1", "aprobadora-1", "coordinadora-9"):
        assert code not in page


def test_the_message_for_the_coordination_is_shown_as_a_picture(panel: Panel, phone: Browser) -> None:
    assert phone.get("/stall/mercado-central/message").status_code == 422, "nothing has ended yet"
    with Journal.open(panel.desk.station.database, panel.clock, panel.desk.station.timezone) as journal:
        journal.append(ended(Outcome.PLAYED, Reason.ON_TIME))
    page = phone.get("/stall/mercado-central/message")
    assert page.status_code == 200
    assert '<svg role="img"' in page.text
