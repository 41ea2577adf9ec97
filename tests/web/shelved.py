"""A panel's station with an episode on its shelf, as the intake puts it there, and recordings to send."""

import os
import re
import shutil
import struct
import subprocess
import time
import wave
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from panel import OFFICER, PRODUCER, Browser, Panel, WallClock, make_station
from people_at_hand import FOR_EVER

from broadcaster.journal.events import ConsentConfirmed, ConsentRegistered, Event, HelplineVerified
from broadcaster.model import EpisodeNumber, Question, Scope
from broadcaster.production import intake
from broadcaster.production.submission import Submission
from broadcaster.web.desk import Desk

THREE = EpisodeNumber(3)
CONSENT, VOICE = "C-2021-014", "v-03"
HELPLINE = "linea-100"
LIMIT_S = 300.0
"""For what takes a second or two where nothing else runs."""
CLEAN = {question.value: "no" for question in Question}
"""A checklist by which nobody is at risk, as a form says it."""
TITLE = 'Nuestra <b>voz</b> & "ella"'
WORDS = (
    "Vecinas y vecinos del mercado, si usted o alguien que conoce vive violencia, no está sola. "
    "La Línea cien atiende las veinticuatro horas, gratis, también en quechua y en aimara. "
)


@cache
def spoken(folder: Path, name: str = "voz.wav", *, times: int = 1, louder: float = 1.0) -> Path:
    """Spanish speech by espeak-ng; ``louder``: so many times, cut off where a file's numbers end, as by a bad microphone."""
    path = folder / name
    subprocess.run(["espeak-ng", "-v", "es-419", "-w", str(path), WORDS * times], check=True)
    if louder != 1.0:
        with wave.open(str(path)) as file:
            shape, samples = file.getparams(), file.readframes(file.getnframes())
        loud = (max(-32768, min(32767, round(sample * louder))) for (sample,) in struct.iter_unpack("<h", samples))
        with wave.open(str(path), "wb") as file:
            file.setparams(shape)
            file.writeframes(b"".join(struct.pack("<h", sample) for sample in loud))
    return path


def make_shelved(root: Path, recording: Path) -> Path:
    """The station of :func:`panel.make_station` with episode 3, heard and levelled; only two approvals are missing."""
    make_station(root)
    desk = Desk(root, WallClock())
    with desk.journal() as journal:
        said = Submission(THREE, TITLE, (PRODUCER,), (CONSENT,), (HELPLINE,), sample=False)
        intake.add(desk.station, journal, recording, said, lambda _share: None)
    for event in consented(desk):
        with desk.journal() as journal:
            journal.append(event)
    return root


def consented(desk: Desk) -> list[Event]:
    """The voice's signed form, the producer's word, a call to the helpline."""
    admitted = desk.decisions().newest(THREE)
    assert admitted is not None
    number = desk.station.helplines[HELPLINE].number
    scopes = (Scope.LOUDSPEAKERS,)
    return [
        ConsentRegistered(CONSENT, VOICE, "2021-junio-julio", scopes, "F-2021-014", FOR_EVER, OFFICER),
        ConsentConfirmed(THREE, 1, admitted.master_sha256, (CONSENT,), by=PRODUCER),
        HelplineVerified(HELPLINE, number, FOR_EVER, OFFICER),
    ]


def limited(root: Path, most: int) -> Path:
    """The station, which takes no larger file than this."""
    settings = root / "config.toml"
    text, count = re.subn(r"max_file_bytes = \d+", f"max_file_bytes = {most}", settings.read_text(encoding="utf-8"))
    assert count == 1
    settings.write_text(text, encoding="utf-8")
    return root


def copied(made: Path, to: Path) -> Path:
    """A station of a test's own, as it was made once for all of them."""
    shutil.copytree(made, to)
    return to


def events(panel: Panel, *kinds: type[Event]) -> list[Any]:
    """What stands on record, in order."""
    return [row.event for row in panel.desk.rows(kinds)]


def send(
    browser: Browser,
    recording: bytes,
    name: str = "voz.wav",
    fields: Mapping[str, Any] | None = None,
    **said: Any,
) -> httpx.Response:
    """Send the form of *Recibir grabación* as a page of ours would; fields come before the file, as they stand there."""
    words = {
        "csrf": browser.word("/library/receive"),
        "number": "5",
        "title": "Nuestra voz",
        "code": PRODUCER,
        "consent": CONSENT,
        "helpline": HELPLINE,
        **(fields or {}),
        **said,
    }
    parts = [(key, (None, str(value))) for key, value in words.items()]
    return browser.post("/library/receive", files=[*parts, ("recording", (name, recording, "audio/wav"))])


def becomes(browser: Browser, answer: httpx.Response) -> str:
    """The page that tells what became of a recording that was sent, once there is nothing more to come."""
    assert answer.status_code == 303, answer.text
    path, until_s = answer.headers["location"], time.monotonic() + LIMIT_S
    while True:
        page = browser.get(path)
        assert page.status_code == 200
        if "data-over" in page.text:
            return page.text
        assert time.monotonic() < until_s
        time.sleep(0.1)


def below(folder: Path) -> Iterator[Path]:
    """All that lies in it. What the panel takes away while this looks is passed over, which ``Path.rglob`` stumbles at."""
    for place, folders, files in os.walk(folder):
        yield from (Path(place) / name for name in (*folders, *files))


def left(panel: Panel) -> list[str]:
    """What of recordings lies anywhere in the station's folder, beside its episodes."""
    data = panel.root / "data"
    return sorted(
        str(path.relative_to(data))
        for room in ("intake", "received")
        for path in below(data / room)
        if path.name != "lock"
    )
