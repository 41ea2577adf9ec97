"""A list of checks, in a terminal as wide as people have them."""

from io import StringIO

import pytest
from rich.console import Console
from rich.text import Text

from broadcaster.cli.checklist import BROKEN, OK, drawn

ROWS = [
    (
        OK,
        "Medio de verificación",
        "mié 23 jun., 11:00 a. m.",
        Text("El programa escuchó lo que salió de la computadora."),
    ),
    (OK, "Medio de verificación", "", Text("Alguien que estaba ahí dice que se escuchó bien.")),
    (BROKEN, "Salida de sonido", "10:02 a. m.", Text("Se perdió la salida de sonido.")),
]


def shown(width: int) -> list[str]:
    written = StringIO()
    Console(width=width, file=written, highlight=False).print(drawn(ROWS, width))
    return [line.rstrip() for line in written.getvalue().splitlines()]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_word_is_broken_and_nothing_is_left_out(width: int) -> None:
    words = set(" ".join(shown(width)).split())
    for _mark, name, moment, said in ROWS:
        assert {*name.split(), *moment.split(), *said.plain.split()} <= words
    assert max(map(len, shown(width))) <= width


def test_what_is_said_stands_beside_its_name_where_there_is_room_and_beneath_it_where_there_is_not() -> None:
    assert "Se perdió" in next(line for line in shown(80) if "Salida de sonido" in line)
    lines = shown(60)
    place = next(at for at, line in enumerate(lines) if "Salida de sonido" in line)
    assert lines[place].endswith("Salida de sonido · 10:02 a. m.")
    assert lines[place + 1].strip() == "Se perdió la salida de sonido."
