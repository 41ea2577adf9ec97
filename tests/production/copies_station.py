"""A station whose episode may leave, and what is asked of its copies."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake_station import IntakeStation
from recordings import ffmpeg

from broadcaster.journal.events import CopyMade
from broadcaster.journal.reading import read
from broadcaster.sound.ffmpeg import program

NUMBER = 5
SENTENCES = (
    "Vecina, si usted o alguien que conoce vive violencia, marque cien. La llamada no cuesta y nadie le pide su nombre.",
    "Hoy hablamos de qué hacer cuando una amiga nos cuenta lo que le pasa: escuchar con calma, creerle, y no dejarla sola.",
)
TITLE = "Nuestra voz, nuestra fuerza: rutas de ayuda para las compañeras del mercado"


def voice(folder: Path, which: int = 0) -> Path:
    """A few seconds of a made voice with clicks in it: peaks that an encoder raises."""
    spoken, peaky = folder / f"spoken-{which}.wav", folder / f"peaky-{which}.wav"
    subprocess.run([program("espeak-ng"), "-v", "es-419", "-w", str(spoken), SENTENCES[which]], check=True)
    clicks = "aevalsrc='0.5*sin(2*PI*1500*t)*exp(-900*mod(t,1.3))*lt(mod(t,1.3),0.01)':s=22050"
    mixed = "[0][1]amix=inputs=2:normalize=0:duration=first,atrim=duration=6"
    ffmpeg("-i", str(spoken), "-f", "lavfi", "-i", clicks, "-filter_complex", mixed, str(peaky))
    return peaky


def open_gates(at_work: IntakeStation, number: int) -> None:
    """Whatever an episode needs to be on the air."""
    assert at_work.confirm(number) == 0
    for code in ("coordinadora-1", "coordinadora-2"):
        assert at_work.approve(code, number) == 0
    for name in ("pin", "answers"):
        (at_work.station.root / name).unlink()


@dataclass(frozen=True)
class Copying:
    """The station and its copies."""

    at_work: IntakeStation
    outside: Path
    """A folder that is no part of the station."""

    def export(self, *words: str | Path) -> int:
        """Type ``episode export``; its exit code."""
        return self.at_work.call("episode", "export", *words)

    def on_record(self) -> list[CopyMade]:
        """The rows of all copies."""
        return [
            row.event
            for row in read(self.at_work.station.database, kinds=[CopyMade])
            if isinstance(row.event, CopyMade)
        ]

    def left(self) -> list[str]:
        """The names of all that lies outside and among the copies."""
        folders = (self.outside, self.at_work.station.root / "copies")
        return sorted(path.name for folder in folders if folder.is_dir() for path in folder.iterdir())


def probed(path: Path) -> dict[str, Any]:
    """What ffprobe says of a file's container and streams."""
    command = [program("ffprobe"), "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return answer


def tags_of(path: Path) -> dict[str, str]:
    """Every tag, of the file and of its streams, but what a container must say of itself."""
    said = probed(path)
    tags = {**said["format"].get("tags", {})}
    for stream in said["streams"]:
        tags |= stream.get("tags", {})
    own = {"major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id", "language", "encoder"}
    return {name: value for name, value in tags.items() if name.lower() not in own}


def one_channel(path: Path, target: Path) -> Path:
    """The first channel of a copy as a WAV file, which other meters read."""
    ffmpeg("-i", str(path), "-map", "0:a:0", "-af", "pan=mono|c0=c0", "-c:a", "pcm_f32le", str(target))
    return target
