"""The program as people get it: a wheel, installed by pipx, far from the checkout it was built in."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from broadcaster import __version__

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "broadcaster"
CHILDREN = (
    "broadcaster.playout.vlc_child",
    "broadcaster.playout.listener_child",
    "broadcaster.sound.limited_child",
    "broadcaster.web.child",
)
"""What is started as a program of its own."""
pytestmark = pytest.mark.xdist_group("wheel")  # built and installed once


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release is."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", *build], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


class Installed:
    """The program in a home of its own; everything is typed in an empty folder."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.home, self.here = folder / "home", folder / "here"
        self.here.mkdir()
        ours = {name: str(folder / name.lower()) for name in ("PIPX_BIN_DIR", "PIPX_MAN_DIR", "PIPX_SHARED_LIBS")}
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "VIRTUAL_ENV", "BROADCASTER"))
        } | {"PIPX_HOME": str(self.home), **ours}
        self.program = folder / "pipx_bin_dir" / "broadcaster"
        install = ["pipx", "install", "--backend", "uv", "--python", sys.executable, str(wheel)]
        self.run(sys.executable, "-m", *install)

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            words, cwd=self.here, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == code, f"{words}: {done.stdout} {done.stderr}"
        return done.stdout

    def broadcaster(self, *words: str, code: int = 0) -> str:
        return self.run(str(self.program), *words, code=code)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Installed:
    return Installed(tmp_path_factory.mktemp("pipx"), wheel)


def test_the_wheel_holds_everything_the_program_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    wanted = {
        str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - held == set()
    assert any(name.endswith("es/LC_MESSAGES/broadcaster.mo") for name in held)
    assert not [name for name in held if name.startswith("tests/")]


def test_installed_by_pipx_it_makes_a_station_and_works_there(installed: Installed) -> None:
    """Catalogue, template, migrations and the decoder's child are all inside."""
    assert installed.broadcaster("--version") == f"broadcaster {__version__}\n"
    assert installed.broadcaster("--help").startswith("Uso: broadcaster ")
    installed.broadcaster("init", "estacion")
    at = ("--station", "estacion")
    assert json.loads(installed.broadcaster(*at, "schedule", "preview", "--json")) == []
    assert json.loads(installed.broadcaster(*at, "plays", "--json")) == []
    assert not (installed.here / "estacion" / "data").exists()
    (installed.here / "pin").write_text("246810")
    installed.broadcaster(*at, "person", "add", "proteccion-1", "--role", "protection_officer", "--new-pin-file", "pin")
    by_her = ("--as", "proteccion-1", "--pin-file", "pin")
    installed.broadcaster(*at, "defender", "add", "d-07", *by_her, "--without-pin")
    assert json.loads(installed.broadcaster(*at, "plays", "verify", "--json"))["rows"] == 3
    recording = str(ROOT / "episodes" / "001" / "original.ogg")
    known = ("--defender", "d-07", "--consent", "2021-014", "--helpline", "linea-100")
    added = installed.broadcaster(
        *at, "episode", "add", recording, "--number", "1", "--title", "Prueba", *known, "--json"
    )
    assert json.loads(added)["episode"] == 1
    assert sorted(path.name for path in installed.here.iterdir()) == ["estacion", "pin"]


def test_the_players_children_start_from_the_installed_files_alone(installed: Installed) -> None:
    python = str(installed.home / "venvs" / "broadcaster" / "bin" / "python")
    code = f"import {', '.join(CHILDREN)}; print(broadcaster.__file__)"
    assert installed.run(python, "-c", code).startswith(str(installed.home))


def test_every_library_the_program_imports_is_one_it_asks_for() -> None:
    """Or one that comes with those; none is there only because the tests need it."""
    provided, promised = packages_distributions(), _with_all_they_need(_asked_for())
    for path in PACKAGE.rglob("*.py"):
        for name in _imported(path) - sys.stdlib_module_names - {"broadcaster"}:
            assert {_normal(each) for each in provided.get(name, [])} & promised, f"{path}: {name}"


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module).split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}


def _asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def _with_all_they_need(asked: Iterable[Requirement]) -> set[str]:
    found: set[str] = set()
    waiting = list(asked)
    while waiting:
        this = waiting.pop()
        name = _normal(this.name)
        if name in found or (this.marker is not None and not this.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(line) for line in requires(name) or ()]
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
