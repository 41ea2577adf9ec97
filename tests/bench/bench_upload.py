"""What an upload of full size costs a panel: time, memory, and what stays of it.

``python tests/bench/bench_upload.py [--bytes 2000000000] [--minutes 120]`` prints a markdown table. The panel is the one that
runs beside a daemon, with its limit on memory (``broadcaster.web.child``); a producer sends it, as her browser would:

* so many bytes that are no sound, to a station that takes as much, which says so after it has looked;
* the same without a word on their number, to a station that takes a quarter of them;
* so long a voice, which becomes an episode.

Memory is looked at five times a second: resident, and what the limit counts (``VmData``), of the panel and of each process that
it began.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

import httpx
from host import kept, processor_ticks
from panel import PIN, PRODUCER, Browser, make_station
from shelved import CONSENT, HELPLINE, below, limited, spoken

from broadcaster.clock import SystemClock
from broadcaster.library import pins
from broadcaster.web.child import MEMORY_BYTES
from broadcaster.web.desk import Desk

PIECE = 1 << 20
EVERY_S = 0.2
PATIENCE_S = 3600.0
HERE = "/library/receive"


@dataclass
class Peaks:
    """The most that each kind of process took, kilobytes."""

    resident: dict[str, int] = field(default_factory=dict)
    data: dict[str, int] = field(default_factory=dict)

    def take(self, kind: str, status: str) -> None:
        for name, peaks in (("VmRSS", self.resident), ("VmData", self.data)):
            with suppress(StopIteration):
                now = next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))
                peaks[kind] = max(now, peaks.get(kind, 0))


@dataclass(frozen=True)
class Run:
    """One upload."""

    name: str
    sent: int
    sending_s: float
    whole_s: float
    said: str
    stays: int
    """Bytes in the rooms through which recordings come."""
    peaks: Peaks


def family(pid: int) -> Iterator[int]:
    """A process and all that it began."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from family(int(child))


def kind_of(pid: int, panel: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes()
    if pid == panel:
        return "panel"
    return "decoder" if b"ffmpeg" in words.split(b"\0")[0] else "listener" if b"spawn_main" in words else "other"


@contextmanager
def watched(panel: int) -> Iterator[Peaks]:
    peaks, over = Peaks(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY_S):
            for pid in family(panel):
                with suppress(OSError):
                    peaks.take(kind_of(pid, panel), Path(f"/proc/{pid}/status").read_text(encoding="ascii"))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


@contextmanager
def panel_of(root: Path) -> Iterator[tuple[int, str]]:
    """The process of a station's panel, and its address."""
    order = {"root": str(root), "host": "127.0.0.1", "port": 0, "language": "es"}
    words = [sys.executable, "-P", "-m", "broadcaster.web.child"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        try:
            yield process.pid, json.loads(process.stdout.readline())["listening"]
        finally:
            process.stdin.close()


def producer(root: Path, url: str) -> Browser:
    desk = Desk(root, SystemClock())
    with desk.journal() as journal:
        pins.set_pin(journal.store, PRODUCER, PIN)
    browser = Browser(base_url=url, timeout=PATIENCE_S, headers={"accept": "text/html", "origin": url})
    assert browser.form("/sign-in", code=PRODUCER, pin=PIN).status_code == 303
    return browser


class Form:
    """What a browser sends, piece by piece."""

    def __init__(self, word: str, recording: Iterator[bytes]) -> None:
        self.sent = 0
        self._recording = recording
        said = {"csrf": word, "number": "5", "title": "Nuestra voz", "code": PRODUCER, "consent": CONSENT}
        said["helpline"] = HELPLINE
        parts = "".join(
            f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in said.items()
        )
        self.head = (
            f'{parts}--x\r\ncontent-disposition: form-data; name="recording"; filename="voz.wav"\r\n\r\n'.encode()
        )
        self.foot = b"\r\n--x--\r\n"

    def __iter__(self) -> Iterator[bytes]:
        yield self.head
        for piece in self._recording:
            self.sent += len(piece)
            yield piece
        yield self.foot


def upload(name: str, root: Path, recording: Iterator[bytes], size: int | None) -> Run:
    """``size``: of the recording, said before it comes; ``None``: unsaid."""
    with panel_of(root) as (pid, url), closing(producer(root, url)) as browser, watched(pid) as peaks:
        form = Form(browser.word(HERE), recording)
        headers = {"content-type": "multipart/form-data; boundary=x"}
        if size is not None:
            headers["content-length"] = str(len(form.head) + size + len(form.foot))
        begun_s = time.monotonic()
        try:
            answer = browser.post(HERE, content=iter(form), headers=headers)
            said = str(answer.status_code)
        except httpx.TransportError as error:
            answer, said = None, type(error).__name__
        sending_s = time.monotonic() - begun_s
        if answer is not None and answer.status_code == 303:
            said = became(browser, answer.headers["location"])
        whole_s = time.monotonic() - begun_s
        time.sleep(1)
        rooms = (root / "data" / room for room in ("intake", "received"))
        stays = sum(path.stat().st_size for room in rooms for path in below(room) if path.is_file())
    return Run(name, form.sent, sending_s, whole_s, said, stays, peaks)


def became(browser: Browser, path: str) -> str:
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        text = browser.get(path).text
        if "data-over" in text:
            return "an episode" if "notice ok" in text else "refused"
        time.sleep(EVERY_S)
    return "nothing yet"


def zeros(size: int) -> Iterator[bytes]:
    for begin in range(0, size, PIECE):
        yield bytes(min(PIECE, size - begin))


def long_voice(folder: Path, minutes: int) -> Path:
    """Speech, said again and again."""
    source, target = spoken(folder), folder / "long.wav"
    with wave.open(str(source)) as short, wave.open(str(target), "wb") as long:
        long.setparams(short.getparams())
        samples, seconds = short.readframes(short.getnframes()), short.getnframes() / short.getframerate()
        for _ in range(round(60 * minutes / seconds)):
            long.writeframes(samples)
    return target


def read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(PIECE), b"")


def shown(run: Run) -> str:
    rss, data = run.peaks.resident, run.peaks.data
    memory = "; ".join(f"{kind} {rss[kind] // 1000} ({data[kind] // 1000})" for kind in sorted(rss))
    sizes = f"{run.sent / 1e6:.0f} | {run.sending_s:.0f} | {run.whole_s:.0f}"
    return f"| {run.name} | {sizes} | {run.said} | {memory} | {run.stays} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=2_000_000_000)
    parser.add_argument("--minutes", type=int, default=120)
    wish = parser.parse_args()
    before = processor_ticks()
    print(f"The panel's limit: {MEMORY_BYTES / 1e6:.0f} MB of data for each process.\n")
    print(
        "| upload | MB sent | sent in s | over after s | what became of it | MB resident (data) at most | bytes that stay |"
    )
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        root = make_station(Path(folder) / "one")
        print(shown(upload("no sound, its size said", root, zeros(wish.bytes), wish.bytes)), flush=True)
        root = limited(make_station(Path(folder) / "two"), wish.bytes // 4)
        print(shown(upload("four times the station's limit, unsaid", root, zeros(wish.bytes), None)), flush=True)
        root, voice = make_station(Path(folder) / "three"), long_voice(Path(folder), wish.minutes)
        run = upload(f"{wish.minutes} minutes of voice", root, read(voice), voice.stat().st_size)
        print(shown(run), flush=True)
    print(f"\n{kept(before)}")


if __name__ == "__main__":
    main()
