"""The daemon's socket: who may speak to it, and that nothing said to it does it harm."""

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from spoken_to import listening

from broadcaster.errors import RecordUnavailable
from broadcaster.model import MarketId
from broadcaster.playout.control import LINE_LIMIT, Answer, ask
from broadcaster.playout.orders import (
    DaemonSilent,
    MarketHeld,
    NoDaemon,
    NotAllowed,
    NotUnderstood,
    Order,
    Play,
    Resume,
    Status,
    Stop,
    Test,
)

NORTE = MarketId("norte")


async def obey(order: Order, by: str) -> Answer:
    """A daemon that answers what it was asked; ``Test`` it cannot, ``Play`` it will not, ``Resume`` takes for ever."""
    match order:
        case Test():
            raise ZeroDivisionError
        case Play():
            raise RecordUnavailable(path="broadcaster.db", problem="the disk is full")
        case Stop(market) if market == NORTE:
            raise MarketHeld(market=market)
        case Resume():
            await asyncio.sleep(60)
    return {"order": order.word, "by": by}


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "control"
    with listening(path, obey):
        yield path


def said(path: Path, *pieces: bytes) -> bytes:
    """What comes back when these bytes are sent."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(path))
        try:
            for piece in pieces:
                line.sendall(piece)
            return line.makefile("rb").read()
        except ConnectionError:
            return b""


def test_it_is_asked_and_answers_with_who_asked(control: Path) -> None:
    assert ask(control, Status()) == {"order": "status", "by": f"uid:{os.geteuid()}"}


def test_a_refusal_arrives_as_itself(control: Path) -> None:
    with pytest.raises(MarketHeld, match="norte"):
        ask(control, Stop(NORTE))
    with pytest.raises(RecordUnavailable, match="disk is full"):
        ask(control, Play(3, NORTE))  # type: ignore[arg-type]


def test_a_fault_of_the_daemons_own_is_an_answer_too_and_it_goes_on(control: Path) -> None:
    with pytest.raises(NotUnderstood):
        ask(control, Test(NORTE))
    assert ask(control, Status())["order"] == "status"


def test_only_its_owner_may_open_it(control: Path) -> None:
    found = control.stat()
    assert stat.S_ISSOCK(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o600


STRANGER = """
import os, sys
from pathlib import Path
from broadcaster.playout.control import ask
from broadcaster.playout.orders import Stop
uid = int(sys.argv[2])
if uid != os.geteuid():
    os.setgroups([]); os.setgid(uid); os.setuid(uid)
try:
    print(ask(Path(sys.argv[1]), Stop()))
except Exception as refusal:
    print(type(refusal).__name__)
"""


def as_a_stranger(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What another user of the computer is told. Only root can become one; else the server takes us for one."""
    nobody, root = 65534, os.geteuid() == 0
    if not root:
        monkeypatch.setattr("broadcaster.playout.control.os.geteuid", lambda: nobody)
    asked = [sys.executable, "-c", STRANGER, str(path), str(nobody if root else os.geteuid())]
    return subprocess.run(asked, capture_output=True, text=True, check=True, cwd="/").stdout.strip()


def test_another_user_is_refused_even_where_the_socket_lies_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel says whose process it is: a folder and a socket open to all make no difference."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        control = Path(folder) / "control"
        with listening(control, obey):
            closed = as_a_stranger(control, monkeypatch)
            control.chmod(0o666)
            assert (closed, as_a_stranger(control, monkeypatch)) == (NotAllowed.__name__, NotAllowed.__name__)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"stop\n",
        b"{}\n",
        b"[1]\n",
        b"null\n",
        b'"stop"\n',
        b'{"order": "dance"}\n',
        b'{"order": "stop", "market": ["norte"]}\n',
        b'{"order": "stop", "nowhere": "norte"}\n',
        b'{"order": "play"}\n',
        b'{"order": {"order": "stop"}}\n',
        b"\xff\xfe\x00\n",
        b"[" * 5000 + b"\n",
        b'{"order": "stop"',
        b'{"order": "pause", "market": null, "reason": "raz\\udcff"}\n',
    ],
)
def test_what_is_no_order_is_refused_and_the_next_is_obeyed(control: Path, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(10)
        peer.connect(str(control))
        peer.sendall(line)
        peer.shutdown(socket.SHUT_WR)
        answer = json.loads(peer.makefile("rb").readline())
    assert answer["refused"] == "NotUnderstood"
    assert ask(control, Status())["order"] == "status"


def test_a_line_without_end_is_cut_off(control: Path) -> None:
    assert said(control, b"x" * (4 * LINE_LIMIT)) == b""
    assert ask(control, Status())["order"] == "status"


def test_who_connects_and_says_nothing_is_not_waited_for(control: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadcaster.playout.control.READ_LIMIT_S", 0.3)
    silent = [socket.socket(socket.AF_UNIX) for _ in range(20)]
    for each in silent:
        each.settimeout(10)
        each.connect(str(control))
    assert ask(control, Status())["order"] == "status", "nobody waits behind them"
    assert [each.recv(1) for each in silent] == [b""] * len(silent)
    for each in silent:
        each.close()


def test_who_goes_away_before_the_answer_harms_nobody(control: Path) -> None:
    for _ in range(20):
        with socket.socket(socket.AF_UNIX) as hasty:
            hasty.connect(str(control))
            hasty.sendall(b'{"order": "resume"}\n')
    assert ask(control, Status())["order"] == "status"


def test_fifty_at_once_are_all_answered(control: Path) -> None:
    with ThreadPoolExecutor(50) as people:
        answers = list(people.map(lambda _: ask(control, Status(), 20.0), range(50)))
    assert answers == [{"order": "status", "by": f"uid:{os.geteuid()}"}] * 50


def test_an_answer_that_takes_too_long_is_said_to_be_none(control: Path) -> None:
    with pytest.raises(DaemonSilent):
        ask(control, Resume(), 0.3)


def test_a_station_may_lie_deeper_than_a_sockets_name_is_long(tmp_path: Path) -> None:
    """108 bytes is the kernel's limit (unix(7))."""
    deep = tmp_path / ("á" * 60) / ("b" * 100)
    deep.mkdir(parents=True)
    assert len(str(deep / "control").encode()) > 108
    with listening(deep / "control", obey):
        assert ask(deep / "control", Status())["order"] == "status"
    assert list(deep.iterdir()) == []


def test_a_socket_that_a_dead_daemon_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with pytest.raises(NoDaemon):
        ask(path, Status())
    with listening(path, obey):
        assert ask(path, Status())["order"] == "status"


def test_where_there_is_none_nobody_is_there(tmp_path: Path) -> None:
    for path in (tmp_path / "control", tmp_path / "data" / "control"):
        with pytest.raises(NoDaemon):
            ask(path, Status())
    (tmp_path / "control").write_text("no socket")
    with pytest.raises(NoDaemon):
        ask(tmp_path / "control", Status())


def test_a_disk_without_sockets_stops_no_daemon() -> None:
    """The kernel's own /proc is one."""
    path = Path("/proc/self/control")
    with listening(path, obey), pytest.raises(NoDaemon):
        ask(path, Status())


def test_a_daemon_that_hangs_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "control"
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(path))
        hanging.listen(1)
        begun = time.monotonic()
        answers: list[Any] = []
        for _ in range(3):  # the third finds the queue full
            try:
                answers.append(ask(path, Status(), 0.3))
            except DaemonSilent as silence:
                answers.append(silence)
    assert [type(answer) for answer in answers] == [DaemonSilent] * 3
    assert time.monotonic() - begun < 10
