"""Who produces or coordinates is not bound to Linux: only the rooms at the loudspeaker need it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

import broadcaster

PACKAGE = Path(broadcaster.__file__).parent
AT_THE_LOUDSPEAKER = ("playout", "care")
NOT_EVERYWHERE = ("fcntl", "grp", "pty", "pwd", "resource", "spwd", "syslog", "termios", "tty")
"""Modules of Python's library that only some systems have."""
ONLY_LINUX = {
    *("copy_file_range", "eventfd", "getxattr", "listxattr", "memfd_create", "O_PATH", "O_TMPFILE", "pidfd_open"),
    *("pidfd_send_signal", "posix_fadvise", "posix_fallocate", "prctl", "sched_getaffinity", "sched_setaffinity"),
    *("sched_setscheduler", "setns", "setxattr", "splice", "unshare", "SO_PEERCRED", "SO_BINDTODEVICE", "AF_NETLINK"),
}
"""Names in Python's library that are there on Linux alone, or as good as."""
ELSEWHERE_TOO = {
    "broadcaster/clock/machine.py": "without it no time server vouches for the clock",
    "broadcaster/clock/reading.py": "without it the boot has no name",
    "broadcaster/production/workers.py": "without it there is a worker for each processor",
    "broadcaster/sound/ffmpeg.py": "with /dev/fd in its place",
    "broadcaster/web/office/mounted.py": "without it no stick is found by itself",
}
"""Files that speak of a place only Linux has, and what holds where it is not."""
IMPORT = """
import importlib, json, sys
blocked, names = json.loads(sys.argv[1])
sys.modules.update(dict.fromkeys(blocked))
failed = []
for name in names:
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed.append(f"{name}: {error}")
print(json.dumps(failed))
"""


def elsewhere() -> list[str]:
    """Every module that neither lies at the loudspeaker nor imports one that does."""
    graph = grimp.build_graph("broadcaster", include_external_packages=False)
    bound = {name for name in graph.modules if name.split(".")[1:2] and name.split(".")[1] in AT_THE_LOUDSPEAKER}
    bound |= {name for near in bound for name in graph.find_downstream_modules(near)}
    return sorted(name for name in graph.modules - bound if bound.isdisjoint(_packages(name)))


def _packages(name: str) -> set[str]:
    """What is imported with a module: every package that it lies in, but for the program itself."""
    parts = name.split(".")
    return {".".join(parts[:count]) for count in range(2, len(parts))}


@pytest.fixture(scope="module")
def modules() -> list[str]:
    return elsewhere()


def test_everything_else_is_imported_without_what_other_systems_lack(modules: list[str]) -> None:
    names = [name for name in modules if not name.endswith((".migrations.env", "__main__"))]  # run, never imported
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, json.dumps([NOT_EVERYWHERE, names])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize(
    "command",
    [
        "person",
        "consent",
        "helpline",
        "audio",
        "defender",
        "episode",
        "init",
        "plays",
        "schedule",
        "program",
        "context",
        "bundle",
    ],
)
def test_what_producers_and_coordinators_use_never_comes_near_the_loudspeaker(command: str, modules: list[str]) -> None:
    assert f"broadcaster.cli.{command}" in modules


def test_nothing_else_asks_for_what_linux_alone_has() -> None:
    found = [
        f"{path.relative_to(PACKAGE.parent)}:{node.lineno}: {node.attr}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in AT_THE_LOUDSPEAKER
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ONLY_LINUX
    ]
    assert found == []


def test_who_speaks_of_linuxs_own_places_says_what_holds_elsewhere() -> None:
    found = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in AT_THE_LOUDSPEAKER
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(("/proc/", "/sys/", "/run/"))
    }
    assert found <= ELSEWHERE_TOO.keys()


FULL = """
import os, sys
from types import SimpleNamespace
os.statvfs = lambda _path: SimpleNamespace(f_bavail=int(sys.argv[1]), f_frsize=4096)
import broadcaster
print(sys.dont_write_bytecode)
"""


@pytest.mark.parametrize(("free", "keeps"), [(100, True), (100_000, False)])
def test_on_a_full_disk_no_half_of_a_compiled_module_is_left_behind(free: int, keeps: bool) -> None:
    """The interpreter would read it, and fail, also when there is room again."""
    command = [sys.executable, "-c", FULL, str(free)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, env=environment, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(keeps)
