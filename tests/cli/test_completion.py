"""What a shell offers when Tab is pressed: commands, options, markets and episodes; never a sentence, never an error."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from broadcaster.cli import COMMANDS

SHIPPED = Path(__file__).parents[2] / "config.toml"
SHOWN = [name for name, entry in COMMANDS.items() if not entry.hidden]
MARKETS = ["mercado-central", "el-bosque", "unicachi", "huamantanga"]


def environment(**more: str) -> dict[str, str]:
    """One in which the shell finds ``broadcaster``, and no station."""
    kept = {name: value for name, value in os.environ.items() if name != "BROADCASTER_STATION"}
    return {**kept, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **more}


def bash(folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of these words, by the code that people put into their ``.bashrc``."""
    typed = " ".join(f"'{word}'" for word in words)
    script = f"""
    eval "$(_BROADCASTER_COMPLETE=bash_source broadcaster)"
    COMP_WORDS=({typed}) COMP_CWORD={len(words) - 1}
    _broadcaster_completion broadcaster '{words[-1]}' '{words[-2]}'
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", script], cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.fixture
def station(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED, tmp_path)
    for name in ("001", "012", "abc"):
        (tmp_path / "episodes" / name).mkdir(parents=True)
    return tmp_path


def test_bash_offers_the_commands_the_markets_and_the_episodes(station: Path) -> None:
    assert bash(station, "broadcaster", "") == SHOWN
    assert bash(station, "broadcaster", "st") == [name for name in SHOWN if name.startswith("st")]
    assert bash(station, "broadcaster", "speaker", "") == ["list", "test", "volume"]
    assert bash(station, "broadcaster", "stop", "--market", "") == MARKETS
    assert bash(station, "broadcaster", "speaker", "volume", "u") == ["unicachi"]
    assert bash(station, "broadcaster", "play", "") == ["1", "12"]
    assert "--override" in bash(station, "broadcaster", "play", "1", "--")


def test_the_station_may_be_named_instead_of_being_the_folder(
    station: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert bash(elsewhere, "broadcaster", "--station", str(station), "pause", "--market", "") == MARKETS


@pytest.mark.parametrize("text", [None, "", "[markets\n", 'markets = "none"\n', "\xff"])
def test_where_no_station_can_be_read_commands_are_offered_all_the_same(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "config.toml").write_text(text, encoding="latin-1")
    assert bash(tmp_path, "broadcaster", "resume", "--market", "") == []
    assert bash(tmp_path, "broadcaster", "play", "") == []
    assert bash(tmp_path, "broadcaster", "re") == [name for name in SHOWN if name.startswith("re")]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_given_their_own_code_and_meanings_in_spanish(station: Path, shell: str) -> None:
    code = _answered(f"{shell}_source", station, "", "")
    assert f"_BROADCASTER_COMPLETE={shell}_complete" in code
    offered = _answered(f"{shell}_complete", station, "broadcaster stop --market ", "3" if shell == "zsh" else "")
    assert "unicachi" in offered
    assert "Mercado Unicachi" in offered
    commands = _answered(f"{shell}_complete", station, "broadcaster ", "1" if shell == "zsh" else "")
    assert "Corta lo que está sonando" in commands


def _answered(wanted: str, folder: Path, words: str, place: str) -> str:
    asked = environment(_BROADCASTER_COMPLETE=wanted, COMP_WORDS=words, COMP_CWORD=place)
    return subprocess.run(
        [sys.executable, "-m", "broadcaster"], cwd=folder, env=asked, capture_output=True, text=True, check=True
    ).stdout


def test_what_no_shell_asks_is_not_answered(station: Path) -> None:
    for wanted in ("bash_dance", "csh_complete", "bash_complete"):
        done = subprocess.run(
            [sys.executable, "-m", "broadcaster"],
            cwd=station,
            env=environment(_BROADCASTER_COMPLETE=wanted),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_offering_commands_imports_none_of_them(station: Path) -> None:
    code = (
        "import sys\nfrom broadcaster.cli.program import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*(name for name in sys.modules if name.startswith('broadcaster.')), file=sys.stderr)"
    )
    asked = environment(_BROADCASTER_COMPLETE="bash_complete", COMP_WORDS="broadcaster ", COMP_CWORD="1")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=station, env=asked, capture_output=True, text=True, check=True
    )
    assert "plain,status" in done.stdout
    assert not {"broadcaster.playout", "broadcaster.store", "broadcaster.config"} & set(done.stderr.split())
