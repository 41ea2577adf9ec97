"""The same audio again: under another number, or after it was taken off the air for good.

Found by fingerprint, so a new file name, another format, another loudness or a cut second hides nothing.
"""

from collections.abc import Iterator

from broadcaster.config import Station
from broadcaster.library.decisions import Decisions
from broadcaster.library.fingerprints import known, same
from broadcaster.model import EpisodeNumber, Finding
from broadcaster.production.refusals import WithdrawnAudio
from broadcaster.sound.findings import finding
from broadcaster.sound.fingerprint import Words, alike

PART = 0.3
"""Share of a recording from which it repeats another; jingles, helplines and credits are shared by all."""


def judge(station: Station, decisions: Decisions, words: Words, number: EpisodeNumber, name: str) -> Iterator[Finding]:
    """What a recording that comes as episode ``number`` repeats.

    The audio of a withdrawn revision is refused (:class:`~broadcaster.production.refusals.WithdrawnAudio`); a cut of it
    is remarked upon, for the part that was taken back may be just what was cut out. The same audio under another number
    is remarked upon too: it may be meant, and whoever withdraws one finds the other by the same means.
    """
    for admitted, other in known(station, decisions):
        withdrawn = admitted.revision <= decisions.withdrawn.get(admitted.episode, 0)
        if withdrawn:
            if same(words, other):
                raise WithdrawnAudio(name=name, number=admitted.episode)
            like = alike(words, other)
            if like.share >= PART:
                yield finding("withdrawn_part", at_s=like.first_s, number=admitted.episode)
        elif admitted.episode != number and same(words, other):
            yield finding("same_audio", number=admitted.episode)
