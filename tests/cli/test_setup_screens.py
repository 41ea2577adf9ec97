"""What each screen of ``setup`` asks, understands and remembers; the loudspeaker is a list of what was played."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner

from broadcaster import locale
from broadcaster.care.boot import Way, boot
from broadcaster.cli.dialogue import Leave
from broadcaster.cli.setup import walk
from broadcaster.cli.setup_answers import Answers, present
from broadcaster.cli.setup_finish import keep, say_what_comes
from broadcaster.cli.setup_room import Room
from broadcaster.clock import ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.journal import events
from broadcaster.model import ClockTrust, Evidence, Market, MarketId, PlayId, Reason, Seconds
from broadcaster.playout.speaker import Found, SoundServerUnavailable

SHIPPED = Path(__file__).parents[2]
LIMA = ZoneInfo("America/Lima")
MORNING = datetime(2021, 6, 18, 9, 52, tzinfo=LIMA)
UNICACHI, BOSQUE = MarketId("unicachi"), MarketId("el-bosque")
GOOD_CLOCK, NO_START, WRITE = "s", "n", "s"
LEFT = object()


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    spoken = locale.language()
    locale.use("es")
    yield
    locale.use(spoken)


def sink(name: str) -> Found:
    return Found(name, f"Salida {name}", Seconds(0.0), 1.0, muted=False)


@dataclass
class Hall:
    """A computer with these outputs; ``played`` is what sounded: market, sink, volume."""

    root: Path
    outputs: Callable[[], Sequence[Found]] = lambda: [sink("hdmi"), sink("usb")]
    now: datetime = MORNING
    reason: Reason | None = None
    held: Sequence[MarketId] = ()
    played: list[tuple[str, str, float]] = field(default_factory=list)
    said: str = ""

    def __post_init__(self) -> None:
        shutil.copy(SHIPPED / "config.toml", self.root)
        shutil.copytree(SHIPPED / "schedules", self.root / "schedules")

    def room(self) -> Room:
        clock = ShiftedClock(self.now, ClockTrust.UNVERIFIED)
        starter = boot(Way.DESKTOP, self.root, {"HOME": str(self.root)})
        return Room(load_station(self.root), clock.now, self.outputs, self._sound, self.held, starter)

    def _sound(self, station: Station, market: Market, progress: Callable[[float], None]) -> events.Tested:
        progress(1.0)
        self.played.append((market.id, station.outputs[market.output].sink, station.markets[market.id].volume))
        return events.Tested(PlayId("a-1-1"), market.id, self.reason is None, Evidence.MONITOR, self.reason)

    def hears(self, *typed: str) -> Answers | object:
        """Her answers after typing this; :data:`LEFT` when she left. All that was on the screen is in ``said``."""
        room = self.room()
        result: list[Answers | object] = []

        @click.command()
        def ask() -> None:
            try:
                result.append(walk(room, present(room.station)))
            except Leave:
                result.append(LEFT)

        done = CliRunner().invoke(ask, input="".join(f"{line}\n" for line in typed), catch_exceptions=False)
        self.said = " ".join(done.output.split())
        return result[0]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_from_the_first_screen_to_the_last_one_market_is_heard_and_found_loud_enough(hall: Hall) -> None:
    answers = hall.hears("3", "", "s", "", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert (answers.markets, answers.outputs[UNICACHI].sink, answers.volumes) == ((UNICACHI,), "hdmi", {UNICACHI: 0.8})
    assert (answers.clock_is_right, answers.starts_by_itself) == (True, False)
    assert hall.played == [("unicachi", "hdmi", 0.8)] * 2
    assert "paso 1 de 5" in hall.said
    assert "paso 5 de 5" in hall.said
    assert "Mire su celular: ¿son las 9:52 a. m. del viernes 18 de junio?" in hall.said


def test_nothing_is_written_before_the_last_yes(hall: Hall) -> None:
    hall.hears("3", "", "s", "", GOOD_CLOCK, "s", WRITE)
    assert (hall.root / "config.toml").read_bytes() == (SHIPPED / "config.toml").read_bytes()
    assert not (hall.root / ".config").exists()


@pytest.mark.parametrize(
    "typed",
    [["x"], ["3", "x"], ["3", "", "salir"], ["3", "", "s", "X"], ["3", "", "s", "", GOOD_CLOCK, "s", "n"], []],
    ids=["first", "before a sound", "after a sound", "volume", "last no", "end of input"],
)
def test_she_may_leave_anywhere(hall: Hall, typed: list[str]) -> None:
    assert hall.hears(*typed) is LEFT


def test_back_is_the_screen_before_with_what_was_answered_there(hall: Hall) -> None:
    answers = hall.hears("3", "a", "", "", "s", "a", "", "s", "", "a", "", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert answers.markets == (UNICACHI,)
    assert "[3]" in hall.said
    assert len(hall.played) == 4  # who comes back to the volume hears nothing unasked


def test_an_output_not_heard_is_followed_by_the_next_until_one_is(hall: Hall) -> None:
    answers = hall.hears("3", "", "no", "", "r", "sí", "", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert answers.outputs[UNICACHI].sink == "usb"
    assert [name for _, name, _ in hall.played] == ["hdmi", "usb", "usb", "usb"]


def test_heard_nowhere_she_looks_once_more_or_puts_it_off(hall: Hall) -> None:
    answers = hall.hears("3", "", "n", "", "n", "", "", "n", "n", "d", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert UNICACHI not in answers.outputs
    assert "No se escuchó por ninguna salida. Revise el cable del parlante y el amplificador." in hall.said
    assert "Mercado Unicachi: todavía no se escuchó su parlante" in hall.said


def test_each_of_several_markets_has_an_output_of_its_own(hall: Hall) -> None:
    answers = hall.hears("3, 2", "", "s", "", "s", "", "", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert answers.markets == (BOSQUE, UNICACHI)
    assert {id_: output.sink for id_, output in answers.outputs.items()} == {BOSQUE: "hdmi", UNICACHI: "usb"}


def no_server() -> Sequence[Found]:
    raise SoundServerUnavailable(problem="2 s")


@pytest.mark.parametrize("outputs", [no_server, list], ids=["no server", "no output"])
def test_without_any_output_she_is_told_what_to_look_at(hall: Hall, outputs: Callable[[], Sequence[Found]]) -> None:
    hall.outputs = outputs
    assert isinstance(hall.hears("3", "", "d", GOOD_CLOCK, NO_START, WRITE), Answers)
    assert hall.said.count("No se encontró la salida de sonido. Revise el cable del parlante.") == 2
    assert hall.played == []


def test_what_the_computer_itself_noticed_is_said(hall: Hall) -> None:
    hall.reason = Reason.SILENT_OUTPUT
    hall.hears("3", "", "n", "x")
    assert "La salida de sonido estaba silenciada o en cero. Suba el volumen." in hall.said


def test_in_the_silent_hours_nothing_sounds_unless_she_insists(hall: Hall) -> None:
    hall.now = MORNING.replace(hour=22)
    answers = hall.hears("3", "", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert hall.played == []
    assert "Son las 10:52 p. m.: a esta hora Mercado Unicachi está cerrado" in hall.said
    hall.hears("3", "s", "", "s", "x")
    assert len(hall.played) == 2


def test_a_paused_market_stays_silent(hall: Hall) -> None:
    hall.held = [UNICACHI]
    assert isinstance(hall.hears("3", "", GOOD_CLOCK, NO_START, WRITE), Answers)
    assert hall.played == []
    assert "broadcaster resume --market unicachi" in hall.said


def test_louder_ends_at_what_the_market_allows(hall: Hall) -> None:
    answers = hall.hears("3", "", "s", "+", "+", "-", "-", "r", "b", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert [volume for _, _, volume in hall.played[1:]] == [0.8, 0.9, 0.8, 0.7, 0.7]
    assert "Mueva el volumen del amplificador." in hall.said
    assert answers.volumes == {UNICACHI: 0.7}


def test_a_wrong_clock_is_hers_to_correct_and_is_not_forgotten(hall: Hall) -> None:
    answers = hall.hears("3", "", "s", "", "", "n", "", "n", "d", NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert answers.clock_is_right is False
    assert "El programa nunca cambia la hora por su cuenta." in hall.said
    assert "La fecha o la hora está mal" in hall.said


def test_what_is_not_understood_is_asked_again(hall: Hall) -> None:
    answers = hall.hears("", "7", "tres", "3", "quizás", "p", "S", "B", GOOD_CLOCK, NO_START, WRITE)
    assert isinstance(answers, Answers)
    assert hall.said.count("No se entendió.") == 4


def finished(hall: Hall, answers: Answers, **parts: object) -> str:
    """What the last screen says, with a start that is made of these parts."""
    station = keep(load_station(hall.root), answers)
    starter = replace(boot(Way.COMPUTER, hall.root, {"HOME": str(hall.root)}), **parts)  # type: ignore[arg-type]

    @click.command()
    def finish() -> None:
        say_what_comes(station, answers, starter, ShiftedClock(hall.now))

    return " ".join(CliRunner().invoke(finish, catch_exceptions=False).output.split())


ANSWERED = Answers(markets=(UNICACHI,), clock_is_right=True, starts_by_itself=True)


def test_at_the_end_stands_what_comes_next_and_what_would_keep_it_silent(hall: Hall) -> None:
    said = finished(hall, ANSWERED, enable=(("true",),), start=("true",))
    assert "Próxima emisión: viernes 18 de junio, 10:00 a. m." in said
    assert "todavía no se escuchó su parlante" in said
    assert "todavía no está funcionando" not in said
    assert (hall.root / ".config" / "systemd" / "user" / "broadcaster.service").exists()
    assert "systemctl --user disable --now broadcaster.service" in said


def test_what_she_may_not_do_herself_is_said_for_an_administrator(hall: Hall) -> None:
    said = finished(hall, ANSWERED, enable=(("true",), ("false", "enable-linger")), start=("false",))
    assert "falta que la persona administradora escriba: false enable-linger" in said
    assert "todavía no está funcionando. Para empezar ahora: «broadcaster run»" in said


def test_a_start_that_cannot_be_written_down_is_told_and_the_rest_is_kept(hall: Hall) -> None:
    (hall.root / ".config").write_text("a file in the way", encoding="ascii")
    assert "así que el programa no empezará solo" in finished(hall, ANSWERED)
    assert load_station(hall.root).serves == (UNICACHI,)


def test_a_season_with_a_fault_is_told_at_the_end(hall: Hall) -> None:
    (hall.root / "schedules" / "rota.toml").write_text("name = 7\n", encoding="ascii")
    said = finished(hall, replace(ANSWERED, clock_is_right=False, starts_by_itself=False))
    assert "schedules/rota.toml" in said
    assert "La fecha o la hora está mal" in said
