"""``person``, ``defender``, ``consent`` and ``helpline`` as people type them: exit codes, sentences, JSON."""

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


@pytest.fixture
def founded(typed: Typed, pin: Callable[[str], str]) -> Typed:
    """The station has its protection officer, whose PIN is 9999."""
    words = ("--role", "protection_officer", "--new-pin-file", pin("9999"))
    assert typed("person", "add", "proteccion-1", *words)[0] == 0
    return typed


@pytest.fixture
def by_her(pin: Callable[[str], str]) -> tuple[str, ...]:
    """The words by which she signs."""
    return ("--as", "proteccion-1", "--pin-file", pin("9999"))


def test_asking_makes_no_record(typed: Typed, tmp_path: Path) -> None:
    for words in (
        ("defender",),
        ("person",),
        ("consent",),
        ("helpline",),
        ("defender", "--json"),
        ("consent", "--json"),
    ):
        assert typed(words[0], "list", *words[1:])[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_the_first_person_registers_herself_and_the_list_says_so(founded: Typed, by_her: tuple[str, ...]) -> None:
    assert founded("person", "add", "mala-1", "--role", "protection_officer", "--new-pin-file", by_her[-1])[0] == 65
    (only,) = json.loads(founded("person", "list", "--json")[1])
    assert only == {"code": "proteccion-1", "roles": ["protection_officer"], "retired": False, "by": "", "pin": True}
    assert "nobody: the first one" in founded("person", "list")[1]


def test_a_defender_is_added_listed_and_retired(founded: Typed, by_her: tuple[str, ...]) -> None:
    words = ("--cohort", "2021", "--from", "2021-03-01", "--until", "2021-04-18", "--without-pin")
    assert founded("defender", "add", "d-07", *words, *by_her)[0] == 0
    assert founded("defender", "retire", "d-07", *by_her)[0] == 0
    listed = json.loads(founded("defender", "list", "--json")[1])
    assert listed == [
        {
            "code": "d-07",
            "cohort": "2021",
            "trained_from": "2021-03-01",
            "trained_until": "2021-04-18",
            "retired": True,
        }
    ]
    assert "d-07" in founded("defender", "list")[1]


@pytest.mark.parametrize("code", ["maria", "d-07"])
def test_a_code_that_cannot_be_added_is_one_sentence_and_exit_65(
    founded: Typed, by_her: tuple[str, ...], code: str
) -> None:
    founded("defender", "add", "d-07", *by_her, "--without-pin")
    exit_code, out, err = founded("defender", "add", code, *by_her, "--without-pin")
    assert (exit_code, out) == (65, "")
    assert code in err
    assert len(err.splitlines()) == 1


def test_roles_are_given_and_a_person_is_retired(founded: Typed, by_her: tuple[str, ...]) -> None:
    words = ("person", "add", "c-1", "--role", "approver", *by_her, "--new-pin-file", by_her[-1])
    assert founded(*words)[0] == 0
    assert founded("person", "role", "c-1", "--role", "coordinator", *by_her)[0] == 0
    assert founded("person", "retire", "c-1", *by_her)[0] == 0
    assert founded("person", "retire", "proteccion-1", *by_her)[0] == 65
    listed = {each["code"]: each for each in json.loads(founded("person", "list", "--json")[1])}
    assert (listed["c-1"]["roles"], listed["c-1"]["retired"]) == (["coordinator"], True)


def test_a_pin_is_changed_with_the_old_one_or_the_officers(
    founded: Typed, by_her: tuple[str, ...], pin: Callable[[str], str]
) -> None:
    founded("person", "add", "c-1", "--role", "approver", *by_her, "--new-pin-file", pin("1111"))
    words = ("person", "pin", "c-1", "--pin-file", pin("2222"), "--old-pin-file")
    wrong = founded(*words, pin("0000"))
    assert wrong[0] == 65
    assert "4 more tries" in wrong[2]
    assert founded(*words, pin("1111"))[0] == 0
    assert founded(*words, pin("9999"), "--by", "c-1")[0] == 65
    assert founded(*words, pin("9999"), "--by", "proteccion-1")[0] == 0
    assert founded("person", "pin", "nadie", "--pin-file", pin("1234"), "--old-pin-file", pin("1"))[0] == 65


def test_pins_may_come_by_a_pipe(tmp_path: Path, founded: Typed) -> None:
    """The old one first, then the new one, a line each; with nothing there, exit 64 and one sentence."""

    def piped(text: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "broadcaster", "--station", str(tmp_path), "person", "pin", "proteccion-1"]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False)

    assert piped("0000\n2222\n").returncode == 65
    assert piped("9999\n2222\n").returncode == 0
    nothing = piped("")
    assert (nothing.returncode, nothing.stdout, len(nothing.stderr.splitlines())) == (64, "", 1)


def test_a_wrong_pin_of_the_officer_is_told_before_a_new_pin_is_asked_for(tmp_path: Path, founded: Typed) -> None:
    """Nothing more is given by the pipe than her wrong PIN: it is that which is told, and one try that it takes."""
    by_her = ("--as", "proteccion-1")
    for words in (
        ("person", "add", "c-1", "--role", "approver", *by_her),
        ("defender", "add", "d-1", *by_her),
        ("person", "pin", "proteccion-1"),
    ):
        command = [sys.executable, "-m", "broadcaster", "--station", str(tmp_path), "--language", "en", *words]
        done = subprocess.run(command, input="0000\n", capture_output=True, text=True, check=False)
        assert (done.returncode, "is not right" in done.stderr) == (65, True), words
    assert "2 more tries" in done.stderr


def test_a_consent_is_registered_shown_and_refused_twice(founded: Typed, by_her: tuple[str, ...]) -> None:
    form = ("--voice", "v-03", "--season", "2021-junio-julio", "--form", "F-014", "--expires", "2099-12-31")
    assert founded("consent", "add", "C-014", *form, *by_her)[0] == 0
    exit_code, out, err = founded("consent", "add", "C-015", *form, *by_her)
    assert (exit_code, out, len(err.splitlines())) == (65, "", 1)
    assert "C-014" in err
    shown = json.loads(founded("consent", "show", "C-014", "--json")[1])
    assert (shown["voice"], shown["scopes"], shown["episodes"]) == ("v-03", ["loudspeakers"], [])
    assert founded("consent", "show", "C-99")[0] == 65
    assert "C-014" in founded("consent", "list")[1]


def test_a_helpline_is_called_and_found_wrong(founded: Typed, by_her: tuple[str, ...]) -> None:
    def standing() -> str:
        listed = json.loads(founded("helpline", "list", "--json")[1])
        return str(next(each["standing"] for each in listed if each["helpline"] == "linea-100"))

    assert standing() == "never_called"
    assert founded("helpline", "verify", "linea-100", *by_her)[0] == 0
    assert standing() == "good"
    assert founded("helpline", "wrong", "linea-100", *by_her)[0] == 0
    assert standing() == "wrong"
    assert founded("helpline", "verify", "linea-200", *by_her)[0] == 65
