"""Captions for a video: an ``.srt`` file beside the episode, read with suspicion and written anew as ASS, in our own style."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import is_plain

MOST_BYTES = 1_000_000
MOST_LETTERS = 200
"""Of one caption."""
_TIME = r"(\d{1,2}):(\d{2}):(\d{2})[,.](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}.*")
_MARKUP = re.compile(r"<[^<>\n]{0,80}>|\{[^{}\n]{0,80}\}")


class BadCaptions(BadInput):
    """No captions can be read from the file."""

    sentence = N_(
        "The captions {name} cannot be read, so no video was made. Save them as SubRip (.srt), in UTF-8, and try again."
    )


class SeveralCaptions(BadInput):
    """It is not clear which is meant."""

    sentence = N_("There are several .srt files beside episode {number}, so no video was made. Leave one.")


@dataclass(frozen=True)
class Caption:
    """One caption; seconds of the episode's sound."""

    begin_s: float
    end_s: float
    lines: tuple[str, ...]


def find(folder: Path, number: int) -> Path | None:
    """The one ``.srt`` beside an episode. Raises :class:`SeveralCaptions`."""
    found = sorted(path for path in folder.iterdir() if path.suffix.casefold() == ".srt" and path.is_file())
    if len(found) > 1:
        raise SeveralCaptions(number=number)
    return found[0] if found else None


def read_srt(path: Path) -> list[Caption]:
    """Its captions, in order, without markup. Raises :class:`BadCaptions`."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig") if len(raw) <= MOST_BYTES else ""
    except (OSError, UnicodeDecodeError):
        raise BadCaptions(name=path.suffix) from None
    captions = list(_captions(text.replace("\r\n", "\n").replace("\r", "\n")))
    if not captions:
        raise BadCaptions(name=path.suffix)
    return sorted(captions, key=lambda caption: caption.begin_s)


def _captions(text: str) -> Iterator[Caption]:
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((index for index, line in enumerate(lines[:2]) if _TIMES.fullmatch(line)), None)
        times = None if at is None else _TIMES.fullmatch(lines[at])
        if at is None or times is None:
            continue
        numbers = times.groups()
        begin_s, end_s = _seconds(numbers[:4]), _seconds(numbers[4:])
        said = tuple(filter(None, (_cleaned(line) for line in lines[at + 1 :])))
        if said and end_s > begin_s:
            yield Caption(begin_s, end_s, said)


def _seconds(parts: Sequence[str]) -> float:
    hours, minutes, seconds, rest = parts
    return 3600 * int(hours) + 60 * int(minutes) + int(seconds) + int(rest.ljust(3, "0")) / 1000


def _cleaned(line: str) -> str:
    bare = "".join(c for c in _MARKUP.sub("", line) if is_plain(c))
    return bare.strip()[:MOST_LETTERS]


STYLE_FIELDS = (
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, "
    "Encoding"
)
STYLE = (
    "Style: Said,Bitstream Vera Sans,{size},&H00FFFFFF,&H00FFFFFF,&H00200A10,&H80000000,-1,0,0,0,100,100,0,0,1,{edge},0,2,"
    "{side},{side},{bottom},1"
)


def as_ass(captions: Sequence[Caption], width: int, height: int, *, size: int, bottom: int, later_s: float) -> str:
    """The captions as an ASS file for a picture of this size; ``bottom``: pixels from its lower edge; all ``later_s`` later."""
    head = [
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {width}",
        f"PlayResY: {height}",
        "WrapStyle: 0",
        "",
        "[V4+ Styles]",
        STYLE_FIELDS,
        STYLE.format(size=size, edge=size // 12, side=width // 14, bottom=bottom),
        "",
        "[Events]",
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ]
    return "\n".join([*head, *(_event(caption, later_s) for caption in captions)]) + "\n"


def _event(caption: Caption, later_s: float) -> str:
    words = r"\N".join(line.replace("\\", "/").replace("{", "(").replace("}", ")") for line in caption.lines)
    return f"Dialogue: 0,{_moment(caption.begin_s + later_s)},{_moment(caption.end_s + later_s)},Said,,0,0,0,,{words}"


def _moment(seconds: float) -> str:
    hundredths = round(seconds * 100)
    return f"{hundredths // 360_000}:{hundredths // 6000 % 60:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"
