"""``defender`` and ``approver`` as a person types them: exit codes, sentences, JSON."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broadcaster.cli.group import speak
from broadcaster.cli.program import run

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Type a command at a new station: exit code, standard output, standard error."""
    (tmp_path / "config.toml").write_bytes((Path(__file__).parents[2] / "config.toml").read_bytes())

    def type_(*words: str) -> tuple[int, str, str]:
        code = run(["--station", str(tmp_path), "--language", "en", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield type_
    speak("es")


@pytest.fixture
def pin(tmp_path: Path) -> Callable[[str], str]:
    """A file that holds a PIN."""

    def file(digits: str) -> str:
        path = tmp_path / f"pin-{len(list(tmp_path.iterdir()))}"
        path.write_text(f"{digits}\n")
        return str(path)

    return file


def test_asking_makes_no_record(typed: Typed, tmp_path: Path) -> None:
    for words in (("defender", "list"), ("approver", "list"), ("defender", "list", "--json"), ("plays",)):
        assert typed(*words)[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_a_defender_is_added_listed_and_retired(typed: Typed) -> None:
    words = ("--cohort", "2021", "--from", "2021-03-01", "--until", "2021-04-18")
    assert typed("defender", "add", "d-07", *words)[0] == 0
    assert typed("defender", "retire", "d-07")[0] == 0
    listed = json.loads(typed("defender", "list", "--json")[1])
    assert listed == [
        {
            "code": "d-07",
            "cohort": "2021",
            "trained_from": "2021-03-01",
            "trained_until": "2021-04-18",
            "retired": True,
        }
    ]
    assert "d-07" in typed("defender", "list")[1]


@pytest.mark.parametrize("code", ["maria", "d-07"])
def test_a_code_that_cannot_be_added_is_one_sentence_and_exit_65(typed: Typed, code: str) -> None:
    typed("defender", "add", "d-07")
    exit_code, out, err = typed("defender", "add", code)
    assert (exit_code, out) == (65, "")
    assert code in err
    assert len(err.splitlines()) == 1


def test_a_pin_is_set_once_and_changed_with_the_old_one(typed: Typed, pin: Callable[[str], str]) -> None:
    assert typed("approver", "pin", "coordinadora-1", "--pin-file", pin("1111"))[0] == 0
    wrong = typed("approver", "pin", "coordinadora-1", "--pin-file", pin("2222"), "--old-pin-file", pin("0000"))
    assert wrong[0] == 65
    assert "4 more tries" in wrong[2]
    right = typed("approver", "pin", "coordinadora-1", "--pin-file", pin("2222"), "--old-pin-file", pin("1111"))
    assert right[0] == 0
    listed = {each["code"]: each["pin"] for each in json.loads(typed("approver", "list", "--json")[1])}
    assert [code for code, has_pin in listed.items() if has_pin] == ["coordinadora-1"]


def test_the_officer_changes_a_forgotten_pin(typed: Typed, pin: Callable[[str], str]) -> None:
    typed("approver", "pin", "proteccion-1", "--pin-file", pin("9999"))
    typed("approver", "pin", "coordinadora-1", "--pin-file", pin("1111"))
    words = ("approver", "pin", "coordinadora-1", "--pin-file", pin("2222"), "--old-pin-file", pin("9999"))
    assert typed(*words, "--by", "coordinadora-2")[0] == 65
    assert typed(*words, "--by", "proteccion-1")[0] == 0


@pytest.mark.parametrize(("code", "digits"), [("nadie", "1234"), ("coordinadora-1", "12"), ("coordinadora-1", "")])
def test_a_pin_that_cannot_be_set_is_exit_65(typed: Typed, pin: Callable[[str], str], code: str, digits: str) -> None:
    assert typed("approver", "pin", code, "--pin-file", pin(digits))[0] == 65


def test_a_pin_may_come_by_a_pipe(tmp_path: Path, typed: Typed) -> None:
    """The old one first, then the new one, a line each; with nothing there, exit 64 and one sentence."""

    def piped(text: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "broadcaster", "--station", str(tmp_path), "approver", "pin", "coordinadora-1"]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False)

    assert piped("1111\n").returncode == 0
    assert piped("0000\n2222\n").returncode == 65
    assert piped("1111\n2222\n").returncode == 0
    nothing = piped("")
    assert (nothing.returncode, nothing.stdout, len(nothing.stderr.splitlines())) == (64, "", 1)
