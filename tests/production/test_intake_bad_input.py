"""Bad input: one sentence, exit code 65, and ``episodes/`` as it was."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from intake_station import IntakeStation
from people_at_hand import OFFICER
from recordings import Recordings, damaged, ffmpeg, silent_flac

Make = Callable[[Recordings, Path], Path]
HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/x.ts\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{bait}'\n"
XSPF = '<?xml version="1.0"?><playlist version="1"><trackList><track><location>{bait}</location></track></trackList></playlist>'


def written(name: str, content: bytes | Callable[[Recordings], bytes]) -> Make:
    """Makes a file of this name and content."""

    def make(recordings: Recordings, folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content(recordings))
        return path

    return make


def cut(name: str, tenth: int = 6) -> Make:
    """Makes a recording without its end."""
    return written(name, lambda recordings: (whole := recordings.bytes_of(name))[: len(whole) * tenth // 10])


def hit(name: str) -> Make:
    """Makes a recording whose middle is overwritten."""
    return written(name, lambda recordings: damaged(recordings.bytes_of(name), 4, 20_000))


def png(_: Recordings, folder: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1", str(folder / "x.png"))
    return (folder / "x.png").rename(folder / "photo.mp3")


def program(_: Recordings, folder: Path) -> Path:
    return Path(shutil.copy(sys.executable, folder / "program.mp3"))


def pipe(_: Recordings, folder: Path) -> Path:
    os.mkfifo(folder / "pipe.mp3")
    return folder / "pipe.mp3"


def plug(_: Recordings, folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "plug.mp3"))
    return folder / "plug.mp3"


def looped(_: Recordings, folder: Path) -> Path:
    (folder / "loop.mp3").symlink_to(folder / "loop.mp3")
    return folder / "loop.mp3"


def linked_pipe(recordings: Recordings, folder: Path) -> Path:
    (folder / "link.mp3").symlink_to(pipe(recordings, folder))
    return folder / "link.mp3"


def silence(_: Recordings, folder: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", "3", str(folder / "nothing.wav"))
    return folder / "nothing.wav"


def hum(_: Recordings, folder: Path) -> Path:
    """Not zero, and below everything a meter counts."""
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=3:r=48000:a=0.0002", "-c:a", "flac", str(folder / "hum.flac"))
    return folder / "hum.flac"


BAD: Mapping[str, Make] = {
    "empty": written("empty.mp3", b""),
    "one byte": written("byte.mp3", b"\xff"),
    "a picture": png,
    "a program": program,
    "a page": written("page.mp3", b"<!doctype html><title>404</title>" * 50),
    "chance bytes": written("chance.mp3", os.urandom(50_000)),
    "zeros": written("zeros.mp3", bytes(50_000)),
    "a playlist": written("list.mp3", HLS.format(port=9).encode()),
    "a list of files": written("files.mp3", CONCAT.format(bait="/etc/passwd").encode()),
    "an xml playlist": written("tracks.mp3", XSPF.format(bait="/etc/passwd").encode()),
    "a subtitle": written("sub.mp3", b"1\n00:00:00,000 --> 00:00:09,000\nx\n"),
    "a pipe": pipe,
    "a link to a pipe": linked_pipe,
    "a socket": plug,
    "a loop": looped,
    "a device": lambda _, __: Path("/dev/zero"),
    "nothing there": lambda _, folder: folder / "gone.mp3",
    "silence": silence,
    "hum": hum,
    "a cut wav": cut("16-bit.wav"),
    "a cut mp3": cut("constant.mp3"),
    "a cut m4a": cut("phone.m4a"),
    "a cut ogg": cut("vorbis.ogg"),
    "a cut opus": cut("opus.opus"),
    "a cut flac": cut("16-bit.flac"),
    "a cut webm": cut("browser.webm"),
    "a damaged mp3": hit("constant.mp3"),
    "a damaged m4a": hit("phone.m4a"),
    "a damaged ogg": hit("vorbis.ogg"),
    "a damaged flac": hit("16-bit.flac"),
    "a damaged aac": hit("raw.aac"),
}


@pytest.mark.parametrize("what", BAD)
def test_it_is_refused_in_one_sentence_and_leaves_nothing(
    what: str,
    recordings: Recordings,
    intake_station: IntakeStation,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "in").mkdir()
    path = BAD[what](recordings, tmp_path / "in")
    before = intake_station.shelf()
    assert intake_station.add(path) == 65
    said = capfd.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith(path.name)
    assert intake_station.shelf() == before


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--number", "5", "--defender", "d-99"), "d-99"),
        (("--number", "0", "--defender", "d-07"), "999"),
        (("--number", "1000", "--defender", "d-07"), "999"),
        (("--number", "-3", "--defender", "d-07"), "999"),
        (("--number", "5", "--defender", "d-07", "--helpline", "linea-200"), "linea-200"),
        (("--number", "5", "--defender", "d-07", "--title", "x" * 10_000), "200"),
        (("--number", "5", "--defender", "d-07", "--title", "   "), "200"),
        (("--number", "5", "--defender", "d-07", "--title", "a\u202eb"), "hidden"),
        (("--number", "5", "--defender", "d-07", "--title", "a\x1b[2Jb"), "hidden"),
        (("--number", "5", "--defender", "d-07", "--title", "a\nb"), "hidden"),
        (("--number", "5", "--defender", "d-07", "--consent", "la de la señora"), "consent's reference"),
    ],
)
def test_what_is_said_with_a_recording_is_checked_first(
    words: tuple[str, ...],
    named: str,
    recordings: Recordings,
    intake_station: IntakeStation,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = intake_station.shelf()
    assert intake_station.call("episode", "add", recordings["16-bit.wav"], "--title", "Voz", *words) == 65
    said = capfd.readouterr().err
    assert named in said
    assert len(said.splitlines()) == 1
    assert intake_station.shelf() == before


def test_a_retired_defender_makes_no_new_episode(recordings: Recordings, intake_station: IntakeStation) -> None:
    assert intake_station.by(OFFICER, "defender", "retire", "d-07") == 0
    assert intake_station.add(recordings["16-bit.wav"]) == 65


def test_a_number_is_given_once(
    recordings: Recordings, intake_station: IntakeStation, capfd: pytest.CaptureFixture[str]
) -> None:
    assert intake_station.add(recordings["16-bit.wav"]) == 0
    before = intake_station.shelf()
    capfd.readouterr()
    assert intake_station.add(recordings["vorbis.ogg"]) == 65
    assert "revise 5" in capfd.readouterr().err
    assert intake_station.shelf() == before


def test_a_folder_with_somebodys_files_is_left_alone(recordings: Recordings, intake_station: IntakeStation) -> None:
    folder = intake_station.station.episodes / "005"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    before = intake_station.shelf()
    assert intake_station.add(recordings["16-bit.wav"]) == 65
    assert intake_station.shelf() == before


@pytest.fixture(scope="module")
def two_hours_of_silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small file that decodes to more than a gigabyte."""
    path = tmp_path_factory.mktemp("silence") / "two-hours.flac"
    path.write_bytes(silent_flac(7200))
    assert path.stat().st_size < 1_250_000
    return path


def test_two_hours_of_silence_cost_neither_memory_nor_disk(
    two_hours_of_silence: Path, intake_station: IntakeStation
) -> None:
    """The largest process stays below 200 MB where the sound alone is 2.5 GB."""
    weigh = (
        "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    done = typed(intake_station, two_hours_of_silence, under=(sys.executable, "-c", weigh))
    assert done.returncode == 65
    assert "silence" in done.stderr
    assert int(done.stdout) < 200 * 1024


def typed(
    station: IntakeStation,
    file: str | Path,
    cwd: Path | None = None,
    *,
    under: tuple[str, ...] = (),
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """``episode add`` as a process of its own."""
    words = ("episode", "add", str(file), "--number", "5", "--title", "Voz", "--defender", "d-07")
    command = [
        *under,
        sys.executable,
        "-m",
        "broadcaster",
        "--station",
        str(station.station.root),
        "--language",
        "en",
        *words,
    ]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


class Listener:
    """A server on this machine that counts who calls."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.2)
        self.port = self._server.getsockname()[1]
        self.calls = 0
        self._open = True
        self._thread = threading.Thread(target=self._listen)

    def _listen(self) -> None:
        while self._open:
            try:
                self._server.accept()[0].close()
            except TimeoutError:
                continue
            self.calls += 1

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._thread.join()
        self._server.close()


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (HLS, b""),
        (CONCAT, b""),
        (XSPF, b""),
        (HLS, b"ID3\x04\0\0\0\0\0\0"),
        (CONCAT, b"RIFF\xff\0\0\0WAVE"),
        (HLS, b"\0\0\0\x14ftypM4A \0\0\0\0M4A "),
    ],
)
def test_a_playlist_opens_no_other_file_and_makes_no_request(
    text: str, head: bytes, intake_station: IntakeStation, tmp_path: Path
) -> None:
    """Whatever stands before it: the kernel saw no open of the bait and no call to an address."""
    trace, bait, liar = tmp_path / "trace", tmp_path / "bait.wav", tmp_path / "liar.mp3"
    bait.write_bytes(b"x")
    with Listener() as listener:
        liar.write_bytes(head + text.format(port=listener.port, bait=bait).encode())
        watch = ("strace", "-f", "-qq", "-e", "trace=open,openat,connect,sendto", "-o", str(trace))
        done = typed(intake_station, liar, under=watch)
    assert done.returncode == 65
    seen = trace.read_text()
    assert "liar.mp3" in seen
    assert "bait" not in seen
    assert "AF_INET" not in seen
    assert listener.calls == 0


def test_a_program_called_ffmpeg_in_the_working_folder_is_not_run(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path
) -> None:
    for name in ("ffmpeg", "ffprobe", "flac", "prlimit"):
        trap = tmp_path / name
        trap.write_text(f"#!/bin/sh\necho run > {tmp_path / 'sprung'}\nexit 1\n")
        trap.chmod(0o755)
    done = typed(intake_station, recordings["16-bit.wav"], tmp_path, PATH=f".:{tmp_path}:{os.environ['PATH']}")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "name", ["-rf.mp3", "--number", "-", "a b;c$(d)'\".mp3", "\u202e3pm.mp3", "ñandú.mp3", "%s%n.mp3"]
)
def test_a_name_is_a_name_whatever_it_looks_like(
    name: str,
    recordings: Recordings,
    intake_station: IntakeStation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The recording is admitted under its number; no folder, file or option comes of its name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(recordings.bytes_of("constant.mp3"))
    before = intake_station.shelf()
    assert intake_station.add(f"./{name}") == 0
    added = set(intake_station.shelf()) - set(before)
    pictures = {"005/waveform.png", "005/waveform.svg"}
    assert added == {"005", "005/episode.toml", "005/master.flac", "005/original.mp3"} | pictures


def test_a_name_that_begins_with_a_dash_needs_no_trick(
    recordings: Recordings, intake_station: IntakeStation, tmp_path: Path
) -> None:
    (tmp_path / "-rf.mp3").write_bytes(b"no sound")
    done = typed(intake_station, "-rf.mp3", tmp_path)
    assert done.returncode == 65
    assert done.stderr.startswith("-rf.mp3 ")
    (tmp_path / "-rf.mp3").write_bytes(recordings.bytes_of("constant.mp3"))
    assert typed(intake_station, "-rf.mp3", tmp_path).returncode == 0


def test_a_name_that_would_turn_the_line_is_shown_safely(
    intake_station: IntakeStation, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a\u202e\x1b[31m\n3pm.exe"
    path.write_bytes(b"x")
    assert intake_station.add(path) == 65
    said = capfd.readouterr().err
    assert "\u202e" not in said
    assert "\x1b" not in said
    assert len(said.splitlines()) == 1
