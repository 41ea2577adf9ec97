"""``broadcaster plays message`` and ``receive``, as people use them: a phone reads the screen, the office pastes the text."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from stick_stations import Place, pair

from broadcaster.hub.qr import as_file, as_lines, as_svg
from broadcaster.hub.telling import message_of

PIXELS = 6
CELL = re.compile(r"\x1b\[38;5;(\d+);48;5;(\d+)m▀|\x1b\[48;5;(\d+)m  ")
SHADES = {"16": (0, 0, 0), "231": (255, 255, 255)}


def decoded(picture: Image.Image) -> str:
    """What a phone reads."""
    [found] = zxingcpp.read_barcodes(picture)
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return str(found.text)


def photographed(lines: list[str], background: tuple[int, int, int]) -> Image.Image:
    """The terminal's window as a picture, with whatever colour is around."""
    cells = [CELL.findall(line) for line in lines]
    halves = bool(cells[0][0][0])
    wide, high = len(cells[0]), len(cells) * (2 if halves else 1)
    picture = Image.new("RGB", ((wide + 8) * PIXELS, (high + 8) * PIXELS), background)
    draw = ImageDraw.Draw(picture)
    for y, row in enumerate(cells):
        for x, (upper, lower, both) in enumerate(row):
            shades = (upper, lower) if halves else (both,)
            for part, shade in enumerate(shades):
                left, top = (x + 4) * PIXELS, (y * len(shades) + part + 4) * PIXELS
                draw.rectangle((left, top, left + PIXELS - 1, top + PIXELS - 1), SHADES[shade])
    return picture


def in_a_window(command: list[str], columns: int, lines: int = 50) -> str:
    """All that a program writes into a terminal of this size."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
    program = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment)
    os.close(its)
    said = b""
    with suppress(OSError):  # what a terminal says when nobody holds its other end any more
        while piece := os.read(ours, 65536):
            said += piece
    os.close(ours)
    assert program.wait() == 0, said.decode()
    return said.decode()


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place]:
    """An office and a market's computer where Friday's airing has sounded."""
    root = tmp_path_factory.mktemp("message")
    office, box = Place.office(root / "office", episodes=(1,)), Place.new(root / "box", serves="unicachi")
    pair(office, box)
    box.clock.utc = datetime(2021, 6, 18, 15, 1, tzinfo=UTC)
    box.play(date(2021, 6, 18), 3)
    return office, box


def plays(place: Place, *words: str, pasted: str | None = None) -> subprocess.CompletedProcess[str]:
    station = ("--station", str(place.root), "--language", "en")
    command = [sys.executable, "-m", "broadcaster", *station, "plays", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, input=pasted or "")


def asked(place: Place, *words: str, pasted: str | None = None) -> Any:
    done = plays(place, *words, "--json", pasted=pasted)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("background", [(0, 0, 0), (255, 255, 255), (48, 10, 36)], ids=["dark", "light", "violet"])
def test_a_phone_reads_the_window_whatever_its_colours(
    ended: tuple[Place, Place], background: tuple[int, int, int]
) -> None:
    _office, box = ended
    sent = message_of(box.station)
    for halves in (True, False):
        assert decoded(photographed(as_lines(sent.link, halves=halves), background)) == sent.link


def test_a_phone_reads_what_the_command_draws_in_a_terminal(ended: tuple[Place, Place]) -> None:
    _office, box = ended
    command = [sys.executable, "-m", "broadcaster", "--station", str(box.root), "--language", "es", "plays", "message"]
    said = in_a_window(command, columns=80)
    assert "Apunte" in said
    drawn = [line for line in said.splitlines() if CELL.search(line)]
    text = unquote(decoded(photographed(drawn, (0, 0, 0))).partition("text=")[2])
    assert text.startswith("Mercado Unicachi, viernes 18 de junio de 2021, 10:00 a. m.: emitida")
    assert max(len(CELL.findall(line)) for line in drawn) < 80


@pytest.mark.parametrize(("columns", "lines"), [(40, 50), (80, 24)])
def test_a_window_too_small_for_it_is_told_and_the_text_is_there_all_the_same(
    ended: tuple[Place, Place], columns: int, lines: int
) -> None:
    _office, box = ended
    command = [sys.executable, "-m", "broadcaster", "--station", str(box.root), "--language", "en", "plays", "message"]
    said = in_a_window(command, columns, lines)
    assert "too small" in " ".join(said.split())
    assert "EM1-" in said
    assert not CELL.search(said)


def test_a_phone_reads_the_picture_and_the_page_s_drawing_has_no_style(
    ended: tuple[Place, Place], tmp_path: Path
) -> None:
    _office, box = ended
    file = tmp_path / "message.png"
    done = plays(box, "message", "--plain", "-o", str(file))
    assert done.returncode == 0, done.stderr
    text = decoded(Image.open(file))
    assert text.splitlines()[-1].startswith("EM1-")
    assert "https" not in text
    svg = as_svg(text, 'Message of "10:00" & <more>')
    assert svg.startswith("<svg ")
    assert 'role="img"' in svg
    assert "&amp; &lt;more&gt;" in svg
    assert "style" not in svg
    assert "<script" not in svg
    assert as_file(text, "svg").startswith(b"<?xml")


def test_what_is_no_picture_and_an_airing_that_nobody_knows_are_refused(
    ended: tuple[Place, Place], tmp_path: Path
) -> None:
    _office, box = ended
    assert plays(box, "message", "-o", str(tmp_path / "message.jpeg")).returncode == 64
    for words in (("10:00", "el-bosque"), ("2021-06-11T10:00/unicachi",)):
        done = plays(box, "message", *words)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (65, 1)


def test_an_airing_is_named_as_people_name_it(ended: tuple[Place, Place]) -> None:
    _office, box = ended
    found = [asked(box, "message", *words) for words in (("2021-06-18", "unicachi"), ("--market", "Unicachi"), ())]
    assert {each["airing"] for each in found} == {"2021-06-18T10:00/unicachi"}
    assert {each["outcome"] for each in found} == {"played"}


def test_an_airing_of_the_schedule_that_has_not_ended_here_is_known_by_its_name(ended: tuple[Place, Place]) -> None:
    """Its words are understood as by every other command, so it is not said that no such airing exists."""
    office, _box = ended
    done = plays(office, "message", "2021-06-18", "unicachi")
    assert done.returncode == 65
    assert "Of 2021-06-18T10:00/unicachi no airing has ended" in done.stderr
    done = plays(office, "message", "2021-06-18", "--market", "unicachi")
    assert "Of 2021-06-18T10:00/unicachi no airing has ended" in done.stderr


def test_the_office_pastes_several_and_each_is_kept_or_refused_with_its_sentence(
    ended: tuple[Place, Place], tmp_path: Path
) -> None:
    office, box = ended
    text = message_of(box.station).text
    mistyped = text[:-1] + ("4" if text[-1] == "3" else "3")
    done = plays(office, "receive", pasted=f"Reenviado\n> {text}\n\n{mistyped}\nGracias")
    assert done.returncode == 65
    assert "provisional" in done.stdout
    assert "cut short" in done.stderr
    [again] = asked(office, "receive", text)
    assert (again["state"], again["kept"], again["proved"]) == ("provisional", False, True)


def test_no_message_and_nothing_at_all_are_told_apart(ended: tuple[Place, Place]) -> None:
    office, _box = ended
    assert plays(office, "receive", "hola").returncode == 65
    assert plays(office, "receive", pasted="\n").returncode == 64


def test_the_stick_s_import_says_what_became_of_messages(ended: tuple[Place, Place], tmp_path: Path) -> None:
    office, box = ended
    plays(office, "receive", message_of(box.station).text)
    box.export(tmp_path)
    station = ("--station", str(office.root), "--language", "en")
    command = [sys.executable, "-m", "broadcaster", *station, "bundle", "import", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    assert "confirms 1 message" in done.stdout
