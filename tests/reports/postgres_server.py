"""A PostgreSQL server of the tests' own: private, on a socket in a folder, gone with its block. Durable as any other."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"
"""Whom the server is run as where the tests are run as root, which it refuses."""


class Server:
    """One that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def new(self, like: str = "template1") -> str:
        """The address of a new database, a copy of ``like``."""
        self._made += 1
        name = f"station{self._made}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.address(name)

    def address(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def run(self, command: str, database: str = "postgres") -> str:
        """What the server answers to an SQL command, by its own client."""
        asked = ["psql", "-X", "-A", "-t", "-h", str(self.folder), "-U", USER, "-d", database, "-c", command]
        return subprocess.run(asked, check=True, capture_output=True, text=True, timeout=600).stdout.strip()


@contextmanager
def server(parent: Path | None = None, *settings: str) -> Iterator[Server]:
    """A server with its defaults, and what ``settings`` say besides (``shared_buffers=1GB``)."""
    folder = Path(tempfile.mkdtemp(prefix="postgres", dir=parent))
    data, said = folder / "data", ["listen_addresses=", f"unix_socket_directories={folder}", *settings]
    if os.geteuid() == 0:
        owner = pwd.getpwnam(USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        _do("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        (data / "postgresql.conf").open("a").write(
            "".join(f"{each.replace('=', ' = ', 1)}\n" for each in _quoted(said))
        )
        _do("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "start")
        try:
            yield Server(folder)
        finally:
            _do("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _quoted(settings: list[str]) -> Iterator[str]:
    for each in settings:
        name, _, value = each.partition("=")
        yield f"{name}='{value}'"


def _do(name: str, *words: str) -> None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    program = str(found[-1]) if found else name
    caps = "--ambient-caps=+dac_override,+dac_read_search"  # a folder of root's is on the way
    as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", caps.replace("ambient", "inh"), caps]
    command = [*(as_user if os.geteuid() == 0 else ()), program, *words]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120, cwd="/")
