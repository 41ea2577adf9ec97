"""An episode's picture: the one that was drawn when it was admitted or, where that is gone, one drawn now."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from broadcaster.config import MasteringSettings, Station
from broadcaster.journal.events import Admitted
from broadcaster.library.catalogue import master_path
from broadcaster.library.refusals import NothingAdmitted
from broadcaster.library.shelf import read_episode
from broadcaster.model import Finding, Measure

KEPT = 8
"""Pictures that were drawn now and are not drawn again soon."""


def drawn(station: Station, admitted: Admitted) -> bytes:
    """The picture as SVG. The master is intact.

    :raises NothingAdmitted: nothing lies on disk.
    """
    from broadcaster.production.pictures import SVG  # noqa: PLC0415  numpy is heavy

    master = master_path(station, admitted.episode)
    there = master.with_name(SVG)
    if there.is_file():
        return there.read_bytes()
    episode = read_episode(station, admitted.episode)
    if episode is None or episode.newest is None:
        raise NothingAdmitted(number=admitted.episode)
    aim = replace(station.mastering, lead_in_s=admitted.lead_in_s, tail_s=admitted.tail_s)
    newest = episode.newest
    return _draw(master, admitted.master_sha256, aim, newest.master.measure, newest.findings)


@lru_cache(maxsize=KEPT)
def _draw(master: Path, _sha256: str, aim: MasteringSettings, measure: Measure, findings: tuple[Finding, ...]) -> bytes:
    from broadcaster.production.pictures import shown_of  # noqa: PLC0415
    from broadcaster.production.pictures.svg import as_svg  # noqa: PLC0415
    from broadcaster.production.pictures.waveform import waveform  # noqa: PLC0415

    return as_svg(waveform(shown_of(master, aim, measure, findings))).encode()
