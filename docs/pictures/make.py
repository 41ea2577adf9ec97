"""The pictures of the guides, taken of the real commands: ``make pictures``, or ``python docs/pictures/make.py [NAME…]``.

Each is one screen at a fixed moment of the season of 2021, on simulated loudspeakers, in a copy of the shipped station, so
that the same program gives the same pictures on every machine; only the second that ``status`` shows and the record's
code, which no two stations share, may differ. Look at what changed before it is committed.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from drawing import svg
from made_station import MadeStation, write_history
from screen import Screen, Style

HERE = Path(__file__).parent
TITLE = "Mi barrio me escucha"
FACTS = ("--defender", "d-07", "--consent", "C-2021-014", "--helpline", "linea-100")
PROMPT, WORDS = Style("green", bold=True), Style("", bold=True)
BEFORE, ON_AIR = "2021-06-17T16:00", "2021-06-18T09:59:50"
SERVES_ONE = 'serves = ["unicachi"]'
CARD = '"alsa_output.pci-0000_00_1b.0.analog-stereo"'

Taken = Mapping[str, Screen]


def prompt(screen: Screen, typed: str) -> None:
    """A line that a person types, broken as people break it."""
    if screen.rows[-1] or len(screen.rows) > 1:
        screen.feed("\r\n")
    for number, line in enumerate(typed.split("\n")):
        if number:
            screen.feed("\r\n")
        screen.style = PROMPT
        screen.feed("  " if number else "$ ")
        screen.style = WORDS
        screen.feed(line)
    screen.style = Style()
    screen.feed("\r\n")


def shell(station: MadeStation, screen: Screen, moment: str, shown: str, *words: str) -> None:
    """A command that is typed and runs to its end."""
    prompt(screen, shown)
    station.type(moment, *(words or shown.split()[1:]), screen=screen).end()
    while screen.rows and not screen.rows[-1]:
        screen.rows.pop()
    screen.row, screen.column = len(screen.rows) - 1, len(screen.rows[-1]) if screen.rows else 0


def settle(station: MadeStation) -> MadeStation:
    """The station as ``setup`` leaves it on the computer of one market."""
    config = station.root / "config.toml"
    text = config.read_text(encoding="utf-8").replace("serves = []", SERVES_ONE, 1)
    config.write_text(text.replace('"broadcaster-unicachi"', CARD), encoding="utf-8")
    return station


# Who operates


def operator_setup(folder: Path) -> Taken:
    """The wizard, where it asks whether the test was heard."""
    station = MadeStation.copied(folder)
    asked = station.type("2021-06-17T16:05", "setup")
    asked.answer("¿A qué mercado atiende", "3")
    asked.answer("¿Pruebo por", "")
    asked.wait_for("¿Se escuchó en el parlante")
    asked.wait_for("s = sí n = no a = atrás x = salir ›")
    heard = kept(asked.screen, since="El sonido salió")
    asked.answer("›", "x")
    asked.end()
    return {"preparar": heard}


def operator_day(folder: Path) -> Taken:
    """What ``run`` says of a morning on which every episode is there; then the same morning, with hands on it."""
    station = settle(MadeStation.copied(folder)).with_people(BEFORE, "coordinadora-1", "coordinadora-2")
    season = station.root / "schedules" / "2021-junio-julio.toml"
    season.write_text(season.read_text(encoding="utf-8").replace("until = 2021-07-30", "until = 2021-06-23"), "utf-8")
    station.admit(BEFORE, 3, TITLE, ("coordinadora-1", "coordinadora-2"))
    station.admit(BEFORE, 4, TITLE, ("coordinadora-1", "coordinadora-2"))
    again = MadeStation(Path(shutil.copytree(station.root, folder / "otra-vez")), station.columns, station.home)
    running = Screen(station.columns)
    prompt(running, "broadcaster run")
    station.type("2021-06-18T09:40", "--fast", "3000", "run", screen=running).end()
    drop_last(running, "El programa se detuvo")
    return {"encender": running, **hands(again)}


def hands(station: MadeStation) -> Taken:
    """Status, stop, pause and resume, while the program runs."""
    began = time.monotonic()
    daemon = station.type(ON_AIR, "run")
    daemon.wait_for("al aire")
    time.sleep(max(0.0, began + 30.5 - time.monotonic()))
    status, stop = Screen(80), Screen(station.columns)
    shell(station, status, ON_AIR, "broadcaster status")
    shell(station, stop, ON_AIR, "broadcaster stop")
    pause = ("pause", "--market", "unicachi", "--reason", "visita de la municipalidad")
    shell(
        station,
        stop,
        ON_AIR,
        'broadcaster pause --market unicachi \\\n      --reason "visita de la municipalidad"',
        *pause,
    )
    shell(station, stop, ON_AIR, "broadcaster resume --market unicachi")
    daemon.end(at_once=True)
    return {"estado": status, "detener": stop}


def operator_why(folder: Path) -> Taken:
    """The day on which the power went out."""
    station = settle(MadeStation.copied(folder))
    write_history(station.root)
    why = Screen(station.columns)
    shell(station, why, "2021-06-23T11:00", "broadcaster plays --from 2021-06-23 --until 2021-06-23")
    return {"por-que": why}


def operator_eve(folder: Path) -> Taken:
    """The evening before: what is ready and what is not; and the day after, why an airing did not sound."""
    station = settle(MadeStation.copied(folder, 78)).with_people(BEFORE, "coordinadora-1", "coordinadora-2")
    station.admit(BEFORE, 3, TITLE, ("coordinadora-1", "coordinadora-2"))
    station.admit(BEFORE, 4, TITLE, ("coordinadora-1",))
    doctor, explained = Screen(station.columns), Screen(station.columns)
    shell(station, doctor, "2021-06-17T19:00", "broadcaster doctor")
    for moment in ("2021-06-18T09:00", "2021-06-18T10:40"):  # it was switched off in between
        station.quietly(moment, "--fast", "600", "run")
    shell(station, explained, "2021-06-18T11:00", "broadcaster plays explain 10:00 unicachi")
    return {"doctor": doctor, "explicar": explained}


# Who produces


def producer(folder: Path) -> Taken:
    """From a voice note to an approved episode, and what a refusal looks like."""
    station = MadeStation.copied(folder).with_people(BEFORE, "coordinadora-1", "coordinadora-2")
    station.record("nota-de-voz.m4a")
    (station.root / "nota-cortada.m4a").write_bytes((station.root / "nota-de-voz.m4a").read_bytes()[:90_000])
    added, refused, approved = (Screen(station.columns) for _ in range(3))
    facts = (
        f'--number 5 \\\n      --title "{TITLE}" --defender d-07 \\\n      --consent C-2021-014 --helpline linea-100'
    )
    words = ("--number", "5", "--title", TITLE, *FACTS)
    shell(station, refused, BEFORE, "broadcaster episode add nota-cortada.m4a --number 5 …",
          "episode", "add", "nota-cortada.m4a", *words)  # fmt: skip
    shell(station, refused, BEFORE, "broadcaster episode add nota-de-voz.m4a … --defender d-08",
          "episode", "add", "nota-de-voz.m4a", *words, "--defender", "d-08")  # fmt: skip
    shell(
        station,
        added,
        BEFORE,
        f"broadcaster episode add nota-de-voz.m4a {facts}",
        "episode",
        "add",
        "nota-de-voz.m4a",
        *words,
    )
    station.confirm(BEFORE, 5)
    words = ("--as", "coordinadora-1", "--pin-file", "pin", "--answers", "checklist")
    station.quietly(BEFORE, "episode", "approve", "5", *words)
    for code in ("coordinadora-2",):
        prompt(approved, f"broadcaster episode approve 5 --as {code}")
        yes = station.type(BEFORE, "episode", "approve", "5", "--as", code, screen=approved)
        yes.answer(f"PIN de {code}", "246810")
        for _question in range(6):
            yes.answer("(sí/no)", "no")
        yes.end()
        while not approved.rows[-1]:
            approved.rows.pop()
        approved.row, approved.column = len(approved.rows) - 1, len(approved.rows[-1])
    return {"recibir": added, "rechazo": refused, "aprobar": approved}


# Who coordinates


def coordinator(folder: Path) -> Taken:
    """The log; an amendment, and a broken one."""
    station = MadeStation.copied(folder, 74).with_people(BEFORE, "coordinadora-1", "coordinadora-2")
    station.admit(BEFORE, 8, TITLE, ("coordinadora-1", "coordinadora-2"))
    write_history(station.root)
    log, preview, broken = Screen(76), Screen(78), Screen(70)
    shell(station, log, "2021-06-25T12:00", "broadcaster plays --market unicachi --from 2021-06-18 --until 2021-06-18")
    season = station.root / "schedules" / "2021-junio-julio.toml"
    text = season.read_text(encoding="utf-8")
    amendment = '\n[[exceptions]]\ndate = 2021-07-07\naction = "move"\nto_date = 2021-07-08\nto_time = "11:00"\n'
    amendment += 'markets = ["el-bosque"]\nreason = "Corte de luz anunciado"\namended = 2021-07-05\n'
    season.write_text(text + amendment, encoding="utf-8")
    shell(station, preview, "2021-07-05T12:00", "broadcaster schedule preview --from 2021-07-07 --until 2021-07-08")
    season.write_text(text + amendment.replace('"move"', '"mover"'), encoding="utf-8")
    shell(station, broken, "2021-07-05T12:00", "broadcaster schedule check")
    return {"registro": log, "enmienda": preview, "enmienda-rota": broken}


SCENES: Mapping[Callable[[Path], Taken], tuple[str, ...]] = {
    operator_setup: ("preparar",),
    operator_day: ("encender", "estado", "detener"),
    operator_why: ("por-que",),
    operator_eve: ("doctor", "explicar"),
    producer: ("recibir", "rechazo", "aprobar"),
    coordinator: ("registro", "enmienda", "enmienda-rota"),
}
"""Each scene with the pictures that it gives."""


def kept(screen: Screen, since: str) -> Screen:
    """The screen as it stands now, from the last line on that begins so."""
    begins = [number for number, line in enumerate(screen.text.split("\n")) if line.startswith(since)]
    return Screen(screen.columns, [list(line) for line in screen.rows[begins[-1] :]])


def drop_last(screen: Screen, words: str) -> None:
    """Without the line that begins so, and what follows it."""
    for number, line in enumerate(screen.rows):
        if "".join(letter for letter, _ in line).startswith(words):
            del screen.rows[number:]


@contextmanager
def stage() -> Iterator[Path]:
    """A folder for one scene."""
    with tempfile.TemporaryDirectory(prefix="broadcaster-pictures-") as folder:
        yield Path(folder)


def main(wanted: list[str]) -> None:
    """Take the pictures that are wanted: all, if none is named."""
    for scene, names in SCENES.items():
        if wanted and not set(wanted) & set(names):
            continue
        with stage() as folder:
            taken = scene(folder)
        for name, screen in taken.items():
            lines = screen.rows
            while lines and not any(letter.strip() for letter, _ in lines[-1]):
                lines.pop()
            (HERE / f"{name}.svg").write_text(svg(lines, screen.columns, screen.text.split("\n")[0]), encoding="utf-8")
            print(f"== {name}\n{screen.text}")


if __name__ == "__main__":
    main(sys.argv[1:])
