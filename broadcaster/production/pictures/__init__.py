"""Pictures of a master, beside it: ``waveform.svg`` and ``waveform.png``.

::

    master ─▶ profile (least, greatest, energy of every 21 ms) ─▶ waveform (shapes) ─▶ svg · png
                                    └─▶ strip: a small one for the terminal
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from broadcaster.config import MasteringSettings
from broadcaster.model import Finding, Measure
from broadcaster.production.pictures.profile import profile
from broadcaster.production.pictures.waveform import COLUMNS, Shown, waveform
from broadcaster.sound.flac import read_flac

SVG, PNG = "waveform.svg", "waveform.png"

log = logging.getLogger(__name__)


def shown_of(master: Path, aim: MasteringSettings, measure: Measure, findings: Sequence[Finding]) -> Shown:
    """What the picture of a master shows: it is read once more. ``measure``: of the whole file; ``aim``: how it was made.

    :raises NotWritten: the master is missing or does not decode.
    """
    duration_s = measure.duration_s - aim.lead_in_s - aim.tail_s
    seen = profile(read_flac(master), aim.lead_in_s, duration_s, COLUMNS)
    return Shown(seen, aim.aim_lufs, measure.integrated_lufs, tuple(findings))


def draw(shown: Shown, folder: Path) -> tuple[Path, Path]:
    """Write both pictures into ``folder``, each whole or not at all; answers where they are."""
    from broadcaster.production.pictures.png import as_png  # noqa: PLC0415  Pillow is only needed here
    from broadcaster.production.pictures.svg import as_svg  # noqa: PLC0415

    picture = waveform(shown)
    svg, png = folder / SVG, folder / PNG
    for path, content in ((svg, as_svg(picture).encode()), (png, as_png(picture))):
        temporary = path.with_name(f".{path.name}.new")
        temporary.write_bytes(content)
        temporary.replace(path)
    return svg, png


def try_draw(master: Path, aim: MasteringSettings, measure: Measure, findings: Sequence[Finding]) -> None:
    """Draw a master that was just made, beside it: whatever goes wrong with its picture, it is admitted."""
    try:
        draw(shown_of(master, aim, measure, findings), master.parent)
    except Exception:  # a picture is worth no admission
        log.exception("no picture")
