"""``plays receive`` at a keyboard, signed: a wrong PIN is told before anybody pastes the messages that it would lose."""

import sys
from pathlib import Path

from stick_stations import Place
from terminal import Terminal

from broadcaster.library.pins import set_pin


def test_a_wrong_pin_is_told_before_anything_is_pasted(tmp_path: Path) -> None:
    office = Place.office(tmp_path / "office", episodes=())
    with office.journal() as journal:
        set_pin(journal.store, "d-07", "1234")
    station = ("--station", str(office.root), "--language", "en")
    command = [sys.executable, "-m", "broadcaster", *station, "plays", "receive", "--as", "d-07"]
    with Terminal(command, {}) as terminal:
        terminal.answer_prompt("PIN of d-07", "0000")
        terminal.wait_for("is not right")
        assert terminal.wait() == 65
        assert "Paste the message" not in terminal.screen
