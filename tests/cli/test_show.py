"""What is shown: JSON that every program can read, text that cannot harm a terminal."""

import fcntl
import json
import os
import re
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.cli.show import as_json, plain, progress, show_json_list, table
from broadcaster.model import Outcome, Seconds


@dataclass(frozen=True)
class Thing:
    outcome: Outcome
    due: datetime
    day: date | None
    seconds: Seconds
    path: Path
    others: tuple[str, ...]


def test_json_has_enums_as_words_times_with_offset_and_nothing_undefined() -> None:
    due = datetime(2021, 6, 18, 10, tzinfo=ZoneInfo("America/Lima"))
    thing = Thing(Outcome.PLAYED, due, None, Seconds(20.5), Path("episodes/003"), ("a", "ñ"))
    assert json.loads(as_json([thing])) == [
        {
            "outcome": "played",
            "due": "2021-06-18T10:00:00-05:00",
            "day": None,
            "seconds": 20.5,
            "path": "episodes/003",
            "others": ["a", "ñ"],
        }
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), datetime(2021, 6, 18, 10)])  # noqa: DTZ001  that is the fault
def test_what_json_cannot_say_honestly_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the value is the message
        as_json({"value": value})


@pytest.mark.parametrize("many", [0, 1, 500, 501])
def test_a_list_printed_as_it_comes_is_one_document_with_a_line_for_each(
    many: int, capsys: pytest.CaptureFixture[str]
) -> None:
    show_json_list({"number": number} for number in range(many))
    out = capsys.readouterr().out
    assert json.loads(out) == [{"number": number} for number in range(many)]
    assert len(out.splitlines()) == (many + 2 if many else 1)


def test_a_hidden_character_shows_as_a_mark_and_letters_stay() -> None:
    assert plain("Señal\x1b[31m roja\u202e\ud800") == "Señal�[31m roja��"


def test_a_table_shows_every_cell_whole_and_takes_no_colour_from_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    table("Emisiones", ["Mercado", "Hora"], [["[red]El Bosque[/red]", 10], ["x" * 90, "\x1b[2J"]])
    out = capsys.readouterr().out
    assert "[red]El Bosque[/red]" in out
    assert "x" * 90 in out
    assert "\x1b" not in out


def test_progress_says_nothing_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Escuchando") as advance:
        advance(0.5)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_too_narrow_for_whole_words_gets_each_row_as_lines() -> None:
    code = (
        "from broadcaster.cli.show import table\n"
        "table('Emisiones', ['Hora', 'Mercado', 'Medio de verificación'], "
        "[['10:00', 'Huamantanga', 'salió de la computadora']])"
    )
    assert "salió de la computadora" in on_a_terminal(code, columns=80)
    narrow = on_a_terminal(code, columns=30)
    assert "10:00 · Huamantanga" in narrow
    assert "Medio de verificación:" in narrow
    assert all(word in narrow for word in ("salió", "computadora"))


HEADS = [
    "Previsto",
    "Mercado",
    "Episodio",
    "Resultado",
    "Motivo",
    "Se oyó",
    "Inicio",
    "Medio de verificación",
    "Micrófono",
]
LINES = [
    [
        *("vie 18 jun 2021, 10:00", "Mercado Central", "12", "salió", "Salió a su hora.", "2 min 58 s", "+0,02 s"),
        *("salió de la computadora", "se reconoció"),
    ],
    ["vie 18 jun 2021, 17:00", "Unicachi", "12", "no salió", "Se fue la luz. Avise a la coordinación.", "", "", "", ""],
]


@pytest.mark.parametrize("columns", [72, 80, 100, 110, 140, 160])
def test_no_word_of_a_table_is_broken_however_wide_the_terminal_is(columns: int) -> None:
    shown = on_a_terminal(f"from broadcaster.cli.show import table\ntable('Emisiones', {HEADS!r}, {LINES!r})", columns)
    words = {word for row in (HEADS[2:], *LINES) for cell in row for word in cell.split()}
    assert words <= {word.removesuffix(":") for word in shown.split()} | set(shown.split())
    assert max(map(len, shown.splitlines())) <= columns


def test_a_table_that_is_too_wide_is_broken_where_it_costs_the_fewest_lines() -> None:
    heads = ["Mercado", "Ahora", "Próxima emisión", "La última"]
    row = ["Mercado Unicachi", "0:35 de 8:04, hasta las 10:08", "mié 23 jun., 10:00 a. m.", "—"]
    shown = on_a_terminal(f"from broadcaster.cli.show import table\ntable('', {heads!r}, [{row!r}])", 80)
    assert all(whole in shown for whole in (row[0], row[2], heads[3]))
    assert row[1] not in shown


def test_a_question_leaves_room_for_its_answer() -> None:
    asked = "¿Una sobreviviente cuenta lo suyo con su propia voz? (sí/no)"
    code = f"from broadcaster.cli.show import fitted\nprint(fitted({asked!r}, room={{room}}))"
    assert on_a_terminal(code.format(room=0), len(asked) + 2).splitlines() == [asked]
    assert on_a_terminal(code.format(room=4), len(asked) + 2).splitlines() == [*asked.rsplit(" ", 1)]


def on_a_terminal(code: str, columns: int) -> str:
    """What a program prints on a terminal that wide, without its colours."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=theirs, stdout=theirs, env=environment | {"TERM": "xterm"}
    ) as child:
        os.close(theirs)
        shown = b"".join(iter(lambda: read_some(ours), b""))
    os.close(ours)
    assert child.returncode == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())


def read_some(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how a terminal says that nobody writes to it any more
        return b""
