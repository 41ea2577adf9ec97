"""What do a play's blocks come to? Pure: block by block what the microphone made of it, and one word for the whole.

**Heard** is not said of a block but of half a minute: of six blocks that follow each other at least three must stand out *and*
be late by the same time, to a hundredth of a second. Chance, or the same words in another episode, make a block stand out now
and then, but each somewhere else.

What was not found is *missing* only where it should have been: the found blocks tell how loud the master comes, so of every
other it is known whether it could have been heard above what there was. An ident that all episodes share is found when
another episode sounds, and then most of the rest is missing: that is not heard.

Where nothing was found, the background before the first word decides. All limits stand here, each with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from statistics import median

from broadcaster.model import Hearing
from broadcaster.sound.acoustic import Block

WINDOW, AT_LEAST = 6, 3
"""Blocks looked at together, and those among them that must agree. Of fewer than six, half of them, and two."""
AGREE_S = 0.010
"""How far apart their lags may lie: clocks drift by 6 ms in half a minute at most."""
CERTAIN = 24.0
"""Score that nothing else reached (20.5 at most, in 7,000 blocks): enough for a sound of one block; in a play that was heard,
also for a block that came by another loudspeaker than its neighbours."""
BURIED_DB = -6.0
"""Speech so far below everything else is not understood: there the speech transmission index of IEC 60268-16,
(level + 15) / 30, falls below 0.3, its class "bad"."""
LOUDER_DB = 6.0
"""By how much everything else must be louder than usual to be somebody who talks, and not the market."""
RISES_DB, SAME_DB = 4.0, 2.0
"""A market's own level wavers by less than the second from one half minute to the next; what adds the first sounds there."""
DEAF_DB = -85.0
"""A microphone that gives less is muted or unplugged; a quiet room gives -70."""
DEAFENED_DB = -12.0
"""A band this loud leaves a microphone no room: it is overdriven."""


@dataclass(frozen=True)
class Listening:
    """What a microphone makes of a play."""

    hearing: Hearing
    blocks: int
    """Blocks of the master that could be judged."""
    found: int
    """Those that were found, late by the same time as their neighbours or beyond doubt."""
    score: float
    """Their share, 0 … 1."""
    level_db: float | None
    """The master above everything else where it was found (the median), dB."""
    talked_over: int
    """Blocks in which somebody was so loud over it that nobody understood it: found or drowned."""
    missing: int
    """Blocks that should have been found by how loud the master comes, and were not."""
    lag_s: float | None
    """How late it came (the median)."""
    heard_db: float | None
    """The master itself at the microphone (the median), dB relative to full scale."""


def conclude(blocks: Sequence[Block], background_db: float | None, usual_db: float | None = None) -> Listening:
    """The verdict on the blocks of a play that were judged, in order.

    ``background_db``: how loud the band was before the first word. ``usual_db``: :attr:`Listening.heard_db` of this
    microphone's earlier plays, when there were any.
    """
    found = agreeing(blocks)
    heard_db = median(ours_db(block) for block in found) if found else None
    rest = [block for block in blocks if block not in found]
    expected = [(block, _expected_db(block, found)) for block in rest] if found else []
    missing = [block for block, level_db in expected if level_db >= BURIED_DB]
    buried = [block for block in found if block.level_db <= BURIED_DB]
    buried += [block for block, level_db in expected if level_db < BURIED_DB]
    if found and len(missing) <= len(found):
        hearing = Hearing.HEARD
    else:
        hearing = _not_heard(blocks, missing or blocks, background_db, usual_db)
    return Listening(
        hearing=hearing,
        blocks=len(blocks),
        found=len(found),
        score=len(found) / len(blocks) if blocks else 0.0,
        level_db=median(block.level_db for block in found) if found else None,
        talked_over=_talked_over(blocks, buried, background_db),
        missing=len(missing),
        lag_s=median(block.lag_s for block in found) if found else None,
        heard_db=heard_db,
    )


def agreeing(blocks: Sequence[Block], needed: int | None = None) -> list[Block]:
    """The blocks that were found and with enough of their neighbours are late by the same time."""
    if len(blocks) == 1:
        return [block for block in blocks if block.score >= CERTAIN]
    needed = needed or max(2, -(-min(len(blocks), WINDOW) * AT_LEAST // WINDOW))
    good: set[int] = set()
    for first in range(max(1, len(blocks) - WINDOW + 1)):
        window = range(first, min(first + WINDOW, len(blocks)))
        order = sorted((at for at in window if blocks[at].found), key=lambda at: blocks[at].lag_s)
        for begin in range(len(order)):
            near = [at for at in order[begin:] if blocks[at].lag_s - blocks[order[begin]].lag_s <= AGREE_S]
            good.update(near if len(near) >= needed else ())
    if good:
        good.update(at for at, block in enumerate(blocks) if block.score >= CERTAIN)
    return [blocks[at] for at in sorted(good)]


def ours_db(block: Block) -> float:
    """The master in what was heard, dB relative to full scale."""
    return block.power_db - 10 * log10(1 + 10 ** (-block.level_db / 10))


def others_db(block: Block) -> float:
    """Everything else in what was heard; all of it where the master was not found."""
    return block.power_db - 10 * log10(1 + 10 ** (block.level_db / 10)) if block.found else block.power_db


def _expected_db(block: Block, found: Sequence[Block]) -> float:
    """How far above all that was heard the master would stand if it came as loud as in the blocks around."""
    gain_db = median(ours_db(each) - each.master_db for each in found)
    return gain_db + block.master_db - block.power_db


def _talked_over(blocks: Sequence[Block], buried: Sequence[Block], background_db: float | None) -> int:
    """Of the blocks in which the master was buried, those in which it was not the market's usual noise that did it."""
    others = sorted(others_db(block) for block in blocks)
    usual = background_db if background_db is not None or not others else others[len(others) // 4]
    return sum(usual is not None and others_db(block) >= usual + LOUDER_DB for block in buried)


def _not_heard(
    blocks: Sequence[Block], without: Sequence[Block], background_db: float | None, usual_db: float | None
) -> Hearing:
    """Why a play was not heard, as far as ``without``, the blocks in which it was not, can tell."""
    if not without or background_db is None:
        return Hearing.UNSURE
    level_db = median(block.power_db for block in without)
    drowned = usual_db is not None and usual_db - level_db < BURIED_DB
    if level_db <= DEAF_DB or level_db >= DEAFENED_DB or drowned:
        return Hearing.UNSURE
    rise_db = min(level_db, median(block.power_db for block in without[:AT_LEAST])) - background_db
    if rise_db >= RISES_DB:
        return Hearing.OTHER
    a_trace = any(agreeing(blocks, 2))
    return Hearing.SILENT if level_db - background_db <= SAME_DB and not a_trace else Hearing.UNSURE
