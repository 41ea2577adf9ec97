"""The frame of the command line: exit codes, sentences, languages and streams."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import click
import pytest

from broadcaster import __version__
from broadcaster.cli import COMMANDS, Entry
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.program import run
from broadcaster.cli.show import COLOURS
from broadcaster.errors import BadInput, CheckFailed, ConfigurationError, Fault, RecordUnavailable, StationLocked
from broadcaster.model import Outcome

HEAVY = {
    "sqlalchemy",
    "sqlmodel",
    "numpy",
    "scipy",
    "pydub",
    "apscheduler",
    "vlc",
    "pulsectl",
    "rich",
    "pydantic",
    "alembic",
}


@click.command()
@click.argument("what")
def fail(what: str) -> NoReturn:
    """A command in which something goes wrong."""
    raise {
        "check": CheckFailed(),
        "input": BadInput(name="x.mp3", problem="it is empty"),
        "record": RecordUnavailable(path="data/broadcaster.db", problem="the disk is full"),
        "lock": StationLocked(path="station"),
        "config": ConfigurationError(
            [Fault("config.toml", "markets", "is missing"), Fault("config.toml", "x", "is odd")]
        ),
        "bug": ZeroDivisionError("the culprit"),
        "interrupt": KeyboardInterrupt(),
        "pipe": BrokenPipeError(),
    }[what]


@click.command()
@pass_desk
def where(desk: Desk) -> None:
    """Say which folder is the station."""
    click.echo(desk.root)


@click.command()
def wait() -> None:
    """Wait until interrupted."""
    click.echo("waiting")
    time.sleep(60)


OWN = {name: Entry(f"{__name__}:{name}", name) for name in ("fail", "where", "wait")}


def broadcaster(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The real program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "broadcaster", *words],
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ | environment,
    )


def alone(code: str, folder: Path) -> "subprocess.Popen[str]":
    """``code`` in a Python of its own, which finds this module as ``frame``."""
    prelude = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_command_line as frame\n"
    return subprocess.Popen(
        [sys.executable, "-c", prelude + code],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("what", "code"),
    [("check", 1), ("input", 65), ("record", 74), ("lock", 75), ("config", 78), ("interrupt", 130), ("pipe", 0)],
)
def test_each_kind_of_error_has_its_exit_code(
    what: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "said").open("w", encoding="utf-8") as said:
        monkeypatch.setattr(sys, "stdout", said)  # what is let go of is not what the tests are told by
        assert run(["fail", what], OWN) == code


@pytest.mark.parametrize("words", [["nothing"], ["fail"], ["fail", "a", "b"], ["--nothing"], ["--language", "fr"], []])
def test_words_that_do_not_fit_exit_64_and_say_nothing_on_standard_output(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words, OWN) == 64
    out, err = capsys.readouterr()
    assert out == ""
    assert "--help" in err


def test_an_error_is_one_sentence_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--language", "en", "fail", "input"], OWN)
    assert capsys.readouterr() == ("", "x.mp3 cannot be accepted: it is empty.\n")


def test_every_fault_of_a_station_is_shown_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    run(["fail", "config"], OWN)
    assert "config.toml: markets: is missing\n  config.toml: x: is odd" in capsys.readouterr().err


def test_an_unexpected_exception_goes_to_the_log_of_the_station_and_no_traceback_to_the_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    assert run(["--station", str(tmp_path), "fail", "bug"], OWN) == 70
    err = capsys.readouterr().err
    log = tmp_path / "data" / "broadcaster.log"
    assert str(log) in err
    assert "Traceback" not in err
    assert "culprit" not in err
    assert "builtins.ZeroDivisionError\n" in log.read_text(encoding="utf-8"), "the kind and the place, not the words"


def test_without_a_station_the_traceback_goes_to_a_temporary_file(tmp_path: Path) -> None:
    with alone("sys.exit(frame.run(['fail', 'bug'], frame.OWN))", tmp_path) as child:
        _, err = child.communicate()
    logs = list(tmp_path.glob("broadcaster-*.log"))
    assert child.returncode == 70
    assert len(logs) == 1
    assert str(logs[0]) in err
    assert "builtins.ZeroDivisionError\n" in logs[0].read_text(encoding="utf-8")


def test_help_names_every_command_and_imports_none_of_them() -> None:
    code = (
        "import sys\nfrom broadcaster.cli.program import run\nassert run(['--help']) == 0\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"\n  {name} " in done.stdout for name, entry in COMMANDS.items() if not entry.hidden)
    assert not [name for name in HEAVY if f"'{name}'" in done.stderr]


def test_help_needs_nothing_of_the_program_but_its_frame() -> None:
    """The nouns alone, defined at import, would take half as long again."""
    code = (
        "import sys\nfrom broadcaster.cli.program import run\nassert run(['--help']) == 0\n"
        "print(*(name for name in sys.modules if name.startswith('broadcaster.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name.split(".")[1] for name in done.stderr.split()} == {"cli", "errors", "locale"}


def test_every_outcome_has_a_colour() -> None:
    assert COLOURS.keys() == set(Outcome)


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    code = "import sys, broadcaster.cli; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_subcommand_explains_itself_in_both_languages(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    helps = {}
    for language in ("es", "en"):
        assert run(["--language", language, name, "--help"]) == 0
        helps[language] = capsys.readouterr().out
    assert helps["es"].startswith("Uso: broadcaster ")
    assert helps["en"].startswith("Usage: broadcaster ")


def test_the_language_is_the_one_asked_for_else_the_stations_else_spanish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BROADCASTER_STATION", raising=False)
    said = {}
    texts = {
        "spanish": None,
        "english": 'language = "en"\n',
        "marked": 'language = "en"\n',
        "broken": "language = \n",
        "endless": f"language = {'9' * 5000}\n",
        "deep": f"language = {'[' * 5000}\n",
    }
    for name, text in texts.items():
        folder = tmp_path / name
        folder.mkdir()
        if text is not None:  # some editors begin a file with a byte-order mark
            encoding = "utf-8-sig" if name == "marked" else "utf-8"
            (folder / "config.toml").write_text(f"[station]\n{text}", encoding=encoding)
        monkeypatch.chdir(folder)
        for asked in ([], ["--language", "es"], ["--language=en"]):
            run([*asked, "nothing"], OWN)
            said[name, *asked] = "No such command" in capsys.readouterr().err
    english = {key for key, is_english in said.items() if is_english}
    assert english == {
        ("english",),
        ("marked",),
        *((name, "--language=en") for name in texts),
    }


def test_the_station_is_the_one_named_else_the_nearest_upwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "config.toml").touch()
    monkeypatch.delenv("BROADCASTER_STATION", raising=False)
    monkeypatch.chdir(inner)
    run(["where"], OWN)
    assert Path(capsys.readouterr().out.strip()) == tmp_path
    monkeypatch.setenv("BROADCASTER_STATION", str(inner))
    run(["where"], OWN)
    assert Path(capsys.readouterr().out.strip()) == inner
    run(["--station", "a", "where"], OWN)
    assert capsys.readouterr().out.strip() == "a"


@pytest.mark.parametrize("words", [["plays"], ["--station", "here", "plays"]])
def test_a_current_folder_that_is_no_longer_there_is_said_in_one_sentence(words: list[str], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = 'cd "$0" && rmdir "$0" && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", shell, str(gone), sys.executable, "-m", "broadcaster", *words],
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "BROADCASTER_STATION"},
    )
    assert (done.returncode, done.stdout) == (78, "")
    assert "ya no está" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("encoding", "read_as"), [("ascii", "utf-8"), ("latin-1", "latin-1"), ("utf-8", "utf-8")])
def test_a_terminal_that_lacks_letters_stops_nothing(encoding: str, read_as: str) -> None:
    """Click itself writes UTF-8 where the terminal claims to know ASCII only."""
    done = broadcaster("--language", "es", "--help", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert "Muestra la versión" in done.stdout.decode(read_as)


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    with alone("sys.exit(frame.run(['--help']))", tmp_path) as child:
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        assert child.stderr.read() == ""
    assert child.returncode == 0


def test_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's «&» ignores it
    with alone(heeding + "sys.exit(frame.run(['wait'], frame.OWN))", tmp_path) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "waiting\n"
        child.send_signal(signal.SIGINT)
        assert child.communicate() == ("", "")
    assert child.returncode == 130


def test_the_version_is_the_packages() -> None:
    assert broadcaster("--version").stdout.decode() == f"broadcaster {__version__}\n"


def test_json_of_a_listing_is_one_document_on_standard_output() -> None:
    station = Path(__file__).parents[2]
    done = broadcaster("--station", str(station), "schedule", "preview", "--json")
    assert done.returncode == 0
    assert isinstance(json.loads(done.stdout), list)


def test_an_option_that_is_missing_names_what_to_choose_from_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plays", "confirm", "2021-06-18T10:00/unicachi"]) == 64
    err = capsys.readouterr().err
    assert "well, low, no." in err
    assert "�" not in err


def test_a_number_that_is_too_large_is_answered_with_what_is_taken_and_no_formula(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--language", "es", "speaker", "volume", "unicachi", "500"]) == 64
    err = capsys.readouterr().err
    assert "«PORCENTAJE»" in err
    assert "de 0 a 100" in err
    assert "<=" not in err


def test_a_date_that_cannot_be_read_is_answered_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plays", "--from", "ayer"]) == 64
    err = capsys.readouterr().err
    assert "2021-06-18" in err
    assert "%" not in err
