"""What must be true after a crash, asked of a story. Pure: a story in, the faults found in it out.

The judge believes what was noted outside (rows acknowledged, seconds sounded) and what stands in the record; it knows
nothing of how the program recovers.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from crash_look import NEXT, THIS, Look
from crash_season import AIRINGS, LEAD_IN_S
from crash_story import ROUNDING_S, End, Past, Story, airing_of, length_s, spoken

from broadcaster.journal.events import Ended, Heartbeat, Intent, PlanAccepted, RecordIncident, Started, Stopped
from broadcaster.journal.row import Row
from broadcaster.model import Airing, Outcome, Reason

HEARTBEAT_S = 5.5
"""What a play's record may lack of what sounded: one heartbeat, and how far the witness is behind."""
START_S = 10.0
"""A daemon that is there so long before a minute plays on the minute."""
HASTE_S = 7.0
"""A late start takes up to so long."""

Verdict = tuple[Outcome, Reason]
PLAYED = ((Outcome.PLAYED, Reason.ON_TIME), (Outcome.PLAYED, Reason.LATE))


def faults(story: Story) -> list[str]:
    """Everything in the story that must not be; empty when all is as it should be."""
    return [
        *_failures(story),
        *_damage(story),
        *_losses(story),
        *_copies(story),
        *_rewriting(story),
        *_ends(story),
        *_unrecorded(story),
        *_second_voices(story),
        *_claims(story),
        *_surprises(story),
        *_other_recoveries(story),
    ]


def _failures(story: Story) -> Iterator[str]:
    for number, past in enumerate(story.pasts):
        if past.lived.failed:
            yield f"life {number} failed"


def _damage(story: Story) -> Iterator[str]:
    for number, look in enumerate((*story.looks, story.ending)):
        if look.integrity != "ok":
            yield f"look {number}: integrity_check says {look.integrity}"
        if look.chain is not None and not look.chain.intact:
            yield f"look {number}: the chain breaks at {look.chain.first_broken}"
        if look.layout not in {None, THIS, NEXT}:
            yield f"look {number}: {look.layout}"
    if story.ending.layout != NEXT:
        yield f"the last life left the layout {story.ending.layout}"


def _losses(story: Story) -> Iterator[str]:
    """Rows that were acknowledged and are not there, and more rows than can have been under way."""
    first_crash = len(story.before) - len(story.looks)
    for number, look in enumerate((*story.looks, story.ending)):
        acknowledged = _acknowledged(story.pasts[: first_crash + number + 1])
        there = _keys(look)
        for key in acknowledged.keys() - there.keys():
            yield f"look {number}: the acknowledged row {key} is lost"
        for key in acknowledged.keys() & there.keys():
            if acknowledged[key] != there[key]:
                yield f"look {number}: the acknowledged row {key} is another"
        crashes = sum(past.end is not End.ORDER for past in story.pasts)
        if len(there.keys() - acknowledged.keys()) > crashes:
            yield f"look {number}: rows nobody wrote: {sorted(there.keys() - acknowledged.keys())}"


def _copies(story: Story) -> Iterator[str]:
    """An acknowledged row stands in the second copy, too; in the end every row does, and nothing had to be fetched from it."""
    first_crash = len(story.before) - len(story.looks)
    for number, look in enumerate((*story.looks, story.ending)):
        wanted = _keys(look) if look is story.ending else _acknowledged(story.pasts[: first_crash + number + 1])
        for key in wanted.keys() - look.copied.keys():
            yield f"look {number}: {key} is lost from the second copy"
        for key in look.copied.keys() & _keys(look).keys():
            if look.copied[key] != _keys(look)[key]:
                yield f"look {number}: {key} is another in the second copy"
    for row in story.ending.rows:
        if isinstance(row.event, RecordIncident):
            yield f"the record had to be mended: {row.event.what}"


def _acknowledged(pasts: tuple[Past, ...]) -> dict[str, str]:
    return {key: digest for past in pasts for key, digest in past.lived.rows.items()}


def _keys(look: Look) -> dict[str, str]:
    return {row.play: row.hash for row in look.rows}


def _rewriting(story: Story) -> Iterator[str]:
    """A beginning once seen stays the beginning."""
    looks = (*story.looks, story.ending)
    for number, (earlier, later) in enumerate(pairwise(looks)):
        if later.rows[: len(earlier.rows)] != earlier.rows:
            yield f"rows of look {number} were changed afterwards"


def _ends(story: Story) -> Iterator[str]:
    """One terminal row for each airing that was promised, none for what was due before the first plan."""
    counted = Counter(row.event.airing for row in story.ending.rows if isinstance(row.event, Ended))
    for airing in AIRINGS:
        wanted = 1 if _promised(airing, story) else 0
        if counted[airing.id] != wanted:
            yield f"{airing.id} has {counted[airing.id]} terminal rows, not {wanted}"
    for key in counted.keys() - {airing.id for airing in AIRINGS}:
        yield f"{key} is no airing"


def _promised(airing: Airing, story: Story) -> bool:
    return airing.due > story.final.lived.life.start or any(
        promise.airing == airing.id
        for row in story.found.rows
        if isinstance(row.event, PlanAccepted)
        for promise in row.event.promises
    )


def _unrecorded(story: Story) -> Iterator[str]:
    """A sound before whose first sample no row of it had been acknowledged in that life."""
    intents = {str(row.play): row.event for row in story.ending.rows if isinstance(row.event, Intent)}
    for past in story.pasts:
        known: list[Intent] = []
        counted = 0
        for told in past.told:
            for sound in told.heard[counted:]:
                if not any(_begins(intent, sound.sink, sound.began) for intent in known):
                    yield f"a sound on {sound.sink} at {sound.began:%H:%M:%S} was not on record"
            counted = len(told.heard)
            if told.row in intents:
                known.append(intents[told.row])


def _begins(intent: Intent, sink: str, began: datetime) -> bool:
    starts = intent.due + timedelta(seconds=intent.late_s - LEAD_IN_S)
    return intent.sink == sink and abs((began - starts).total_seconds()) < 1.0


def _second_voices(story: Story) -> Iterator[str]:
    """What has sounded is neither resumed nor replayed; nothing sounds that is no airing."""
    voices = Counter(airing for _past, airing, words in spoken(story) if words > 0)
    for airing, number in voices.items():
        if number > 1:
            yield f"{airing} sounded {number} times"
    for past in story.pasts:
        for sound in past.sounds():
            if airing_of(sound) is None:
                yield f"a sound on {sound.sink} at {sound.began:%H:%M:%S} is no airing"


def _claims(story: Story) -> Iterator[str]:
    """Never more seconds than sounded, nor less than all but a heartbeat."""
    truth: dict[str, float] = {}
    for _past, airing, words in spoken(story):
        truth[airing] = max(truth.get(airing, 0.0), words)
    lengths = {airing.id: length_s(airing) for airing in AIRINGS}
    for row in story.ending.rows:
        if isinstance(row.event, Ended):
            ended, sounded = row.event, truth.get(row.event.airing, 0.0)
            if ended.played_s > sounded + ROUNDING_S:
                yield f"{ended.airing} claims {ended.played_s} s, {sounded:.2f} s sounded"
            if ended.played_s < sounded - HEARTBEAT_S:
                yield f"{ended.airing} claims {ended.played_s} s only, {sounded:.2f} s sounded"
            if ended.outcome is Outcome.PLAYED and sounded < 0.98 * lengths.get(ended.airing, 0.0):
                yield f"{ended.airing} is said to be played, {sounded:.2f} s sounded"


def _surprises(story: Story) -> Iterator[str]:
    """Outcomes and reasons other than what the record that was found asks for."""
    closed = {row.event.airing for row in story.found.rows if isinstance(row.event, Ended)}
    ends = story.ending.ends
    for airing in AIRINGS:
        if airing.id in closed or airing.id not in ends:
            continue
        got = (ends[airing.id].outcome, ends[airing.id].reason)
        wanted = _wanted(airing, story)
        if got not in wanted:
            yield f"{airing.id} ended {got[0]}: {got[1]}, not {' or '.join(f'{a}: {b}' for a, b in wanted)}"


def _other_recoveries(story: Story) -> Iterator[str]:
    """A recovery that was interrupted comes to the same ends as one that was not."""
    ends = story.ending.ends
    for ended in story.same:
        if ends.get(ended.airing) != ended:
            yield f"uninterrupted it had been {ended}, now it is {ends.get(ended.airing)}"


def _wanted(airing: Airing, story: Story) -> tuple[Verdict, ...]:
    """What may become of an airing that had no end on record when the last life began."""
    tries = [row for row in story.found.rows if isinstance(row.event, Intent) and row.event.airing == airing.id]
    begun = story.final.lived.life.start
    beats = _last_beats(story.found, tries)
    if beats:
        whole = beats[-1].heard_s >= length_s(airing) - 0.25
        return PLAYED if whole else ((Outcome.PARTIAL, Reason.PROCESS_DIED),)
    if tries:
        intent = tries[-1].event
        assert isinstance(intent, Intent)
        still = begun < intent.due + timedelta(seconds=intent.late_s)
        return PLAYED if still else ((Outcome.MISSED, Reason.PROCESS_DIED_BEFORE_SOUND),)
    return _of_untried(airing, story)


def _last_beats(look: Look, tries: list[Row]) -> list[Heartbeat]:
    plays = {row.play for row in tries}
    return [row.event for row in look.rows if isinstance(row.event, Heartbeat) and row.event.play in plays]


def _of_untried(airing: Airing, story: Story) -> tuple[Verdict, ...]:
    late_s = (story.final.lived.life.start - airing.due).total_seconds()
    missed = (Outcome.MISSED, _absence(story))
    if late_s < -START_S:
        return PLAYED[:1]
    if late_s < airing.grace_s - HASTE_S:
        return PLAYED
    return (missed,) if late_s > airing.grace_s else (*PLAYED, missed)


def _absence(story: Story) -> Reason:
    """Why nobody was there: told from what is on record of the last life that took the station."""
    lives = [row for row in story.found.rows if isinstance(row.event, Started | Stopped)]
    if lives and isinstance(lives[-1].event, Stopped):
        return Reason.SWITCHED_OFF
    same = bool(lives) and lives[-1].boot_id == story.final.lived.life.boot
    return Reason.PROCESS_DIED if same else Reason.POWER_LOSS
