"""The house keeps its own rules: one command checks everything, nothing ships without its parts, no text leaks the desk."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import broadcaster
from broadcaster.cli import COMMANDS

ROOT = Path(__file__).parents[2]
NOT_OURS = {"build", "dist", "data", "rehearsals", "__pycache__"}
TEXT = {".py", ".toml", ".md", ".po", ".txt", ".ini", ".mako", ""}
OF_THE_DESK = {
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(work|home|root|Users)/\w"),
    "a package registry's host": re.compile(r"pypi\.org|pythonhosted\.org|debian\.org|ubuntu\.com"),
    "a note to come back": re.compile(r"\b(TODO|FIXME|XXX)\b"),
    "an issue's number": re.compile(r"\bissues? #?\d|\(#\d+\)", re.IGNORECASE),
}


def our_files() -> Iterator[Path]:
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in NOT_OURS and (name[0] != "." or name == ".ci")]
        yield from (Path(folder, name) for name in sorted(names))


def make(*words: str) -> str:
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("what", OF_THE_DESK)
def test_no_text_holds(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in our_files()
        if path.suffix in TEXT and path.name != "LICENSE" and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if OF_THE_DESK[what].search(line)
    ]
    assert found == []


def test_one_command_checks_style_types_arrows_and_facts() -> None:
    run = make("--dry-run", "test")
    assert all(tool in run for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest"))


def test_continuous_integration_is_that_command_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "exec make test"]


def test_help_explains_every_target() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    shown = make("help")
    assert {"run", "test", "lint", "bench", "help"} <= set(targets)
    assert all(f"make {target} " in shown for target in targets)


def test_every_dependency_says_why_it_is_needed() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    without = [name for name in needed if not re.search(rf'^    "{re.escape(name)}",\s+# \w', text, flags=re.MULTILINE)]
    assert without == []


def test_every_room_is_on_the_map() -> None:
    rooms = [path.stem for path in Path(broadcaster.__file__).parent.iterdir() if path.name[0] not in "_."]
    drawn = broadcaster.__doc__ or ""
    assert [room for room in rooms if f"``{room}``" not in drawn and room != "py"] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_of_contents_is_there(name: str) -> None:
    module, attribute = COMMANDS[name].target.split(":")
    assert isinstance(getattr(import_module(module), attribute), click.Command)


@pytest.mark.parametrize(
    "recording",
    ["005/original.m4a", "005/episode.toml", "012/r1/master.flac", "001/master.flac", "001/sample/original.ogg"],
)
def test_a_recording_of_a_person_cannot_be_published_by_mistake(recording: str, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    asked = ["git", "check-ignore", "--quiet", f"episodes/{recording}"]
    assert subprocess.run(asked, cwd=tmp_path, check=False).returncode == 0
