"""A copy for the organisations' pages: what is seen of an episode, from the station, the episode and its captions."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from broadcaster.config import Station
from broadcaster.journal.events import Admitted
from broadcaster.library.helplines import usable
from broadcaster.library.shelf import folder_of, read_episode
from broadcaster.locale import gettext as _
from broadcaster.model import Helpline
from broadcaster.production.exports.audio import Encoded
from broadcaster.production.exports.captions import Caption, find, read_srt
from broadcaster.production.exports.card import Layout, Words, card
from broadcaster.production.exports.making import Finish
from broadcaster.production.exports.strip_frames import bar_heights
from broadcaster.production.exports.video import Scene, render
from broadcaster.sound.blocks import Progress


def finishing(station: Station, layout: Layout, today: date) -> Finish:
    """What makes a video of an encoded sound."""
    own = station.root / station.copies.picture if station.copies.picture else None

    def finish(encoded: Encoded, admitted: Admitted, folder: Path, progress: Progress) -> Path:
        drawn = card(layout, words_of(station, admitted, today), own)
        scene = Scene(layout, drawn, bar_heights(encoded.recording), captions_of(station, admitted))
        return render(scene, encoded.path, encoded.measure.duration_s, folder / "video.mp4", progress)

    return finish


def captions_of(station: Station, admitted: Admitted) -> list[Caption]:
    """The captions beside the episode; none where there is no file."""
    path = find(folder_of(station, admitted.episode), admitted.episode)
    return read_srt(path) if path else []


def words_of(station: Station, admitted: Admitted, today: date) -> Words:
    """What stands on the card."""
    episode = read_episode(station, admitted.episode)
    known = (station.helplines.get(helpline) for helpline in admitted.helplines)
    return Words(
        programme=station.name,
        heading=_("Episode {number}").format(number=admitted.episode),
        title=episode.title if episode else "",
        help=[" · ".join(_said(helpline)) for helpline in known if helpline is not None and usable(helpline, today)],
        organisations=" · ".join(organisation.name for organisation in station.organisations),
    )


def _said(helpline: Helpline) -> Iterator[str]:
    """«Línea 100 · marque 100 · 24 horas · gratuita»."""
    yield helpline.name
    if helpline.number:
        yield _("dial {number}").format(number=helpline.number)
    yield from filter(None, (helpline.hours, helpline.cost))
