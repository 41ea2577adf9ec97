"""A video for the organisations' pages: the card, a waveform that moves with the sound, captions; H.264 and AAC in an MP4."""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from broadcaster.production.exports.audio import EDGE_S
from broadcaster.production.exports.captions import Caption, as_ass
from broadcaster.production.exports.card import Layout
from broadcaster.production.exports.strip_frames import FRAMES_A_SECOND, frames
from broadcaster.production.pictures.png import font_file
from broadcaster.sound.blocks import Progress
from broadcaster.sound.ffmpeg import program
from broadcaster.sound.flac import NotWritten
from broadcaster.sound.room import check_room

CARD, CAPTIONS, FONTS = "card.png", "captions.ass", "fonts"
_ROOM_EVERY = 250
"""Frames between two looks at the disk."""


@dataclass(frozen=True)
class Scene:
    """What is shown."""

    layout: Layout
    card: Image.Image
    bars: NDArray[np.float64]
    captions: Sequence[Caption]


def render(scene: Scene, sound: Path, duration_s: float, target: Path, progress: Progress) -> Path:
    """Write ``target`` from the encoded ``sound`` beside it; all lies in one private folder.

    Raises :class:`~broadcaster.sound.flac.NotWritten`.
    """
    folder, layout = target.parent, scene.layout
    scene.card.save(folder / CARD, "PNG", compress_level=1)
    if scene.captions:
        _lay_out_captions(scene, folder)
    _left, _top, width, height = layout.wave
    masks = frames(scene.bars, duration_s, width, height)
    command = video_command(layout, sound, target, captions=bool(scene.captions))
    _run(command, folder, masks, round(duration_s * FRAMES_A_SECOND), progress)
    return target


def _lay_out_captions(scene: Scene, folder: Path) -> None:
    """The captions, and the font they are set in: libass reads every file it is shown, so it gets a folder of its own."""
    layout = scene.layout
    text = as_ass(
        scene.captions,
        layout.width,
        layout.height,
        size=layout.caption_size,
        bottom=layout.captions_bottom,
        later_s=EDGE_S,
    )
    (folder / CAPTIONS).write_text(text, encoding="utf-8")
    (folder / FONTS).mkdir()
    for bold in (False, True):
        source = font_file(bold=bold)
        (folder / FONTS / source.name).write_bytes(source.read_bytes())


def video_command(layout: Layout, sound: Path, target: Path, *, captions: bool) -> list[str]:
    """ffmpeg's words: masks on standard input; names are relative to the folder it runs in, where no letter misleads it."""
    left, top, width, height = layout.wave
    bars = f"color=white:s={width}x{height}:r={FRAMES_A_SECOND}[paint];[paint][0:v]alphamerge=shortest=1[wave]"
    still = f"[1:v]fps={FRAMES_A_SECOND},loop=loop=-1:size=1,format=yuv420p[card]"
    shown = f"[card][wave]overlay={left}:{top}:shortest=1:format=yuv420"
    said = f",ass=f={CAPTIONS}:fontsdir={FONTS}" if captions else ""
    return [
        *(program("ffmpeg"), "-hide_banner", "-nostats", "-v", "error", "-y", "-protocol_whitelist", "file,pipe"),
        *("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-r", str(FRAMES_A_SECOND), "-i", "pipe:0"),
        *("-i", f"file:{CARD}", "-i", f"file:{sound.name}"),
        *("-filter_complex", f"{bars};{still};{shown}{said},format=yuv420p[v]", "-map", "[v]", "-map", "2:a"),
        *(
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "22",
            "-g",
            str(10 * FRAMES_A_SECOND),
            "-profile:v",
            "high",
        ),
        *("-c:a", "copy", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"),
        *("-movflags", "+faststart", "-f", "mp4", f"file:{target.name}"),
    ]


def _run(command: list[str], folder: Path, masks: Iterable[NDArray[np.uint8]], count: int, progress: Progress) -> None:
    child = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pipesize=1 << 20
    )
    try:
        assert child.stdin is not None  # noqa: S101  it is a pipe
        try:
            for number, mask in enumerate(masks):
                child.stdin.write(mask.tobytes())
                if number % _ROOM_EVERY == 0:
                    check_room(folder)
                progress(min(number / max(count, 1), 1.0))
        except BrokenPipeError:
            pass  # what it has to say about it comes next
        complaint = child.communicate()[1]
    except BaseException:
        child.kill()
        child.communicate()
        raise
    if child.returncode:
        raise NotWritten(path=Path(command[-1]).name, problem=complaint.decode(errors="replace").strip()[-200:])
