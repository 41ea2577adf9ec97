"""What can befall a market around one of its slots, by name: each adds what happens, and when, to a story.

Times are seconds after the slot is due; ``chance`` is the story's own, so that a seed tells the same story again.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from tale import CANARY, EPISODES, Tale, sha, status

from broadcaster.config import load_station
from broadcaster.errors import ConfigurationError
from broadcaster.journal.events import Held, Resumed, StopOrdered, make_good_id
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, MarketId, Reason, Seconds
from broadcaster.playout.makegood_record import strike_out, write_down
from broadcaster.playout.orders import CancelMakeGood, MakeGood, Pause, Play, Resume, Stop, Test
from broadcaster.playout.simulated import Fault, Planned
from broadcaster.playout.simulated.disk import PLACES, Doom
from broadcaster.schedule.plan import airing_id

AGES_S = -1.6e9
"""To 1970, from 2021."""
BEFORE_S, LONGEST_S = 45.0, 30.0


class Story(Protocol):
    """What a mishap adds itself to."""

    tale: Tale

    def at(self, moment_s: float, do: Callable[[], object]) -> None:
        """Something happens then, by the world's time."""

    def trouble(self, kind: str, from_s: float, until_s: float, market: str = "") -> None:
        """It stands in the way for so long."""


Mishap = Callable[[Story, float], None]


def _around(story: Story, due_s: float, first: float = -BEFORE_S, last: float = LONGEST_S) -> float:
    return due_s + story.tale.chance.uniform(first, last)


# The process and the light


def killed(story: Story, due_s: float) -> None:
    """At any moment."""
    at_s = _around(story, due_s)
    story.at(at_s, story.tale.box.kill)
    story.trouble("killed", at_s, at_s + 30)


def killed_between_two_steps(story: Story, due_s: float) -> None:
    """Between any two things it does."""
    tale, at_s, steps = story.tale, _around(story, due_s), story.tale.chance.randint(1, 300)

    def doom() -> None:
        if tale.box.life is not None:
            tale.box.life.loop.kill_after(steps)

    story.at(at_s, doom)
    story.trouble("killed", at_s, at_s + 600)


def _doomed_row(story: Story, due_s: float, *, power: bool) -> None:
    tale, chance, at_s = story.tale, story.tale.chance, _around(story, due_s)
    where, rows = chance.choice(PLACES), chance.choice((0, 0, 1, 2, 3, 5))

    def doom() -> None:
        tale.box.outage_s = chance.choice((5.0, 60.0, 400.0, 5000.0))
        tale.box.disk.doom = Doom(rows, where, power) if tale.box.life else None

    story.at(at_s, doom)
    story.at(due_s + 900, lambda: setattr(tale.box.disk, "doom", None))
    story.trouble("killed", at_s, due_s + 6000)


def killed_at_a_row(story: Story, due_s: float) -> None:
    """Before, within or after the sync of a row."""
    _doomed_row(story, due_s, power=False)


def light_out_at_a_row(story: Story, due_s: float) -> None:
    """The same, and what was not synced is lost."""
    _doomed_row(story, due_s, power=True)


def light_out(story: Story, due_s: float) -> None:
    """For seconds, minutes or an afternoon."""
    tale, at_s = story.tale, _around(story, due_s, -300)
    outage_s = tale.chance.choice((4.0, 30.0, 120.0, 500.0, 3000.0, 20000.0))

    def cut() -> None:
        tale.box.outage_s = outage_s
        tale.box.kill(power=True)

    story.at(at_s, cut)
    story.trouble("light", at_s, at_s + outage_s + 60)


def away_for_days(story: Story, due_s: float) -> None:
    """Switched off in order, and forgotten: over some slots, or for weeks."""
    tale, at_s = story.tale, _around(story, due_s, -3000)
    away_s = 86400 * tale.chance.choice((0.5, 1.0, 4.0, 21.0))
    story.at(at_s, tale.box.stop)
    story.at(at_s + away_s, lambda: back_on(tale))
    story.trouble("away", at_s, at_s + away_s + 60)


def restarted(story: Story, due_s: float) -> None:
    """Stopped in order and started again."""
    tale, at_s = story.tale, _around(story, due_s)
    story.at(at_s, tale.box.stop)
    back_s = at_s + tale.chance.choice((1.0, 20.0, 300.0, 900.0))
    story.at(back_s, lambda: back_on(tale, anew=False))
    story.trouble("restarted", at_s, back_s + 60)


def dark_boot(story: Story, due_s: float) -> None:
    """The light comes back with a clock that has lost the date; a time server sets it right later."""
    tale, box = story.tale, story.tale.box
    at_s, off_s = _around(story, due_s, -900, 10), tale.chance.choice((AGES_S, -3600.0, -90000.0, 40.0, 7200.0))
    dark_s, set_s = tale.chance.uniform(5, 60), tale.chance.choice((3.0, 60.0, 400.0, 4000.0))

    def cut() -> None:
        box.outage_s = 1e9
        box.kill(power=True)

    def back() -> None:
        if box.life is None:
            box.believe(ClockTrust.UNVERIFIED)
            box.switch_on(off_s=off_s)

    story.at(at_s, cut)
    story.at(at_s + dark_s, back)
    story.at(at_s + dark_s + set_s, lambda: set_right(tale))
    story.trouble("clock", at_s, at_s + dark_s + set_s + 60)


def back_on(tale: Tale, *, anew: bool = True) -> None:
    """Somebody starts it again, should nobody have done so before; ``anew``: the computer too, as after an outage."""
    if tale.box.life is None and (anew or tale.box.dark):
        tale.box.switch_on()
    elif tale.box.life is None:
        tale.box.start()


def set_right(tale: Tale) -> None:
    """A time server is reached."""
    if tale.box.off_s:
        tale.box.step_clock(-tale.box.off_s)
    tale.box.believe(ClockTrust.SYNCED)


# The clock


def clock_set(story: Story, due_s: float) -> None:
    """By seconds, an hour, a day, forward or back; later it is set right."""
    tale, at_s = story.tale, _around(story, due_s, -120)
    step_s = tale.chance.choice((-4.0, 4.0, 0.7, -60.0, 90.0, 500.0, -3600.0, 3600.0, -86400.0, 86400.0))
    until_s = at_s + tale.chance.choice((2.0, 30.0, 300.0, 5000.0))
    story.at(at_s, lambda: tale.box.step_clock(step_s))
    story.at(until_s, lambda: set_right(tale))
    story.trouble("clock", at_s, until_s + max(step_s, 0.0) + 60)  # put back, it waits for its own record
    if abs(step_s) > 600:  # slots of other days are passed over, or come again
        story.trouble("clock", at_s - 90000, until_s + 90000)


# The outputs, the players, the witnesses


def _output(story: Story, due_s: float, kind: str) -> None:
    tale, at_s, market = story.tale, _around(story, due_s, -60), story.tale.market()
    until_s = at_s + tale.chance.choice((3.0, 40.0, 300.0, 700.0))
    story.at(at_s, lambda: getattr(tale.box, kind)(market))
    story.at(until_s, lambda: tale.box.mend(market))
    story.trouble(kind, at_s, until_s + 60, market)


def unplugged(story: Story, due_s: float) -> None:
    """No device, before or while it sounds."""
    _output(story, due_s, "unplug")


def muted(story: Story, due_s: float) -> None:
    """Somebody mutes the output."""
    _output(story, due_s, "mute")


def _child(story: Story, due_s: float, where: str, faults: tuple[Fault, ...]) -> None:
    tale, market = story.tale, story.tale.market()
    planned = [
        Planned(tale.chance.choice(faults), Seconds(tale.chance.uniform(0, 20)))
        for _ in range(tale.chance.choice((1, 1, 2)))
    ]
    sinks = getattr(tale.hall, where)
    story.at(due_s - 40, lambda: sinks.__setitem__(f"sink-{market}", list(planned)))
    story.at(due_s + 900, lambda: sinks.pop(f"sink-{market}", None))
    story.trouble(where, due_s - 40, due_s + 900, market)


def player_fails(story: Story, due_s: float) -> None:
    """It crashes, hangs, does not start; its stream is lost, moved or muted."""
    _child(story, due_s, "faults", (Fault.NO_START, Fault.CRASH, Fault.HANG, Fault.LOST, Fault.MOVED, Fault.MUTED))


def witness_fails(story: Story, due_s: float) -> None:
    """It dies, or can say nothing of the output."""
    _child(story, due_s, "deaf", (Fault.WITNESS_DIES, Fault.NO_MONITOR))


# The disk


def _disk(story: Story, due_s: float, what: str) -> None:
    tale, at_s = story.tale, _around(story, due_s, -60)
    until_s = at_s + tale.chance.choice((2.0, 20.0, 60.0, 800.0))
    story.at(at_s, lambda: setattr(tale.box.disk, what, True))
    story.at(until_s, lambda: setattr(tale.box.disk, what, False))
    story.trouble("disk" if what == "full" else what, at_s, until_s + 60)


def disk_full(story: Story, due_s: float) -> None:
    """Nothing can be written."""
    _disk(story, due_s, "full")


def record_busy(story: Story, due_s: float) -> None:
    """Somebody else holds the database."""
    _disk(story, due_s, "busy")


# The library


def _episode(story: Story, due_s: float) -> int:
    """What is due then, as the season was planned first."""
    tale = story.tale
    due = tale.box.world.begins.timestamp() + due_s
    planned = [airing.episode for airing in tale.plan.airings if abs(airing.due.timestamp() - due) < 1]
    return next((number for number in planned if number is not None), 1)


def _decided(story: Story, due_s: float, reason: Reason, back_s: float | None) -> None:
    tale, number, at_s = story.tale, _episode(story, due_s), _around(story, due_s)

    def decide() -> None:
        before = tale.statuses[number]
        gone = before.revision if reason is Reason.WITHDRAWN else before.withdrawn_through
        tale.decide(replace(before, reason=reason, withdrawn_through=gone))

    def undo() -> None:
        tale.decide(replace(tale.statuses[number], reason=None))

    story.at(at_s, decide)
    if back_s is not None:
        story.at(at_s + back_s, undo)
    story.trouble("library", at_s, at_s + (back_s or 1e9))


def withdrawn(story: Story, due_s: float) -> None:
    """Consent is taken back: for ever."""
    _decided(story, due_s, Reason.WITHDRAWN, None)


def suspended(story: Story, due_s: float) -> None:
    """Stop this now; lifted later."""
    _decided(story, due_s, Reason.SUSPENDED, story.tale.chance.choice((1.0, 15.0, 200.0, 3000.0)))


def unapproved(story: Story, due_s: float) -> None:
    """An approval is missing for a while."""
    reason = story.tale.chance.choice((Reason.NOT_APPROVED, Reason.NO_CONSENT, Reason.NO_HELPLINE, Reason.BAD_FILE))
    _decided(story, due_s, reason, story.tale.chance.choice((1.0, 15.0, 200.0, 3000.0)))


def _prepared(story: Story, due_s: float) -> float:
    """As likely as not in the seconds in which a play is prepared."""
    return _around(story, due_s, -8.1, -5.0) if story.tale.chance.random() < 0.5 else _around(story, due_s)


def revised(story: Story, due_s: float) -> None:
    """Another recording takes its place: first the file, then the word."""
    tale, number, at_s = story.tale, _episode(story, due_s), _prepared(story, due_s)
    revision = tale.statuses[number].revision + 1
    withdraws = tale.chance.random() < 0.3
    story.at(at_s, lambda: tale.hall.files.__setitem__(tale.master(number), sha(number, revision)))

    def decide() -> None:
        before = tale.statuses[number]
        through = max(before.withdrawn_through, revision - 1 if withdraws else 0)
        tale.decide(replace(status(number, tale.length_s(number), None, revision), withdrawn_through=through))

    story.at(at_s + tale.chance.choice((0.0, 0.2, 3.0)), decide)
    story.trouble("library", at_s, at_s + 60)


def damaged(story: Story, due_s: float) -> None:
    """The master is overwritten; later the right one is put back."""
    tale, number, at_s = story.tale, _episode(story, due_s), _prepared(story, due_s)
    story.at(at_s, lambda: tale.hall.files.__setitem__(tale.master(number), sha(0, 0)))

    def restore() -> None:
        tale.hall.files[tale.master(number)] = sha(number, tale.statuses[number].revision)

    story.at(at_s + 700, restore)
    story.trouble("library", at_s, at_s + 760)


# The operator


def stopped(story: Story, due_s: float) -> None:
    """Stop, of a market or everywhere."""
    tale, at_s = story.tale, _around(story, due_s)
    market = tale.market() if tale.chance.random() < 0.7 else None
    story.at(at_s, lambda: tale.box.obey(Stop(market)))
    story.trouble("operator", at_s, at_s + 60, market or "")


def paused(story: Story, due_s: float) -> None:
    """Paused and resumed, at the socket or, with the daemon away, in the record."""
    tale, at_s, market = story.tale, _around(story, due_s, -90), story.tale.market()
    until_s = at_s + tale.chance.choice((2.0, 40.0, 900.0, 200000.0))

    def pause() -> None:
        if tale.chance.random() < 0.3 or not tale.box.listens:
            tale.box.write(Held(market, "uid:1000", CANARY))
        else:
            tale.box.obey(Pause(market, CANARY))

    def resume() -> None:
        if tale.chance.random() < 0.3 or not tale.box.listens:
            tale.box.write(Resumed(market, "uid:1000"))
        else:
            tale.box.obey(Resume(market))

    def resume_again() -> None:
        """Should the record have been away then; where it still is, the market stays paused."""
        if not tale.box.write(Resumed(market, "uid:1000")):
            story.trouble("operator", until_s, 1e9, market)

    story.at(at_s, pause)
    story.at(until_s, resume)
    story.at(until_s + 60, resume_again)
    story.trouble("operator", at_s, until_s + 120, market)


def by_hand(story: Story, due_s: float) -> None:
    """Somebody starts an episode, within the hours or past them."""
    tale, market = story.tale, story.tale.market()
    at_s = _around(story, due_s, -150, 200) + tale.chance.choice((0, 0, 0, 12 * 3600))
    episode = EpisodeNumber(tale.chance.randint(1, EPISODES))
    override = CANARY if tale.chance.random() < 0.4 else None
    story.at(at_s, lambda: tale.box.obey(Play(episode, market, override)))
    story.trouble("operator", at_s - 1, at_s + 120, market)


def tested(story: Story, due_s: float) -> None:
    """The speaker's test."""
    tale, at_s, market = story.tale, _around(story, due_s, -150, 100), story.tale.market()
    story.at(at_s, lambda: tale.box.obey(Test(market)))
    story.trouble("operator", at_s - 1, at_s + 60, market)


def tested_as_the_clock_jumps(story: Story, due_s: float) -> None:
    """The airing's minute comes while the speaker's test still sounds."""
    tale, at_s, market = story.tale, due_s - 75.0, story.tale.market()
    story.at(at_s - tale.chance.uniform(3, 9), tale.box.stir)  # its looks at the clock fall anywhere
    story.at(at_s, lambda: tale.box.obey(Test(market)))
    story.at(at_s + 0.1, lambda: tale.box.step_clock(70.0))
    story.at(due_s + 300, lambda: set_right(tale))
    story.trouble("clock", at_s, due_s + 360)


def stopped_in_the_record(story: Story, due_s: float) -> None:
    """A command that cannot reach the socket writes its row."""
    tale, at_s, market = story.tale, _around(story, due_s), story.tale.market()
    story.at(at_s, lambda: tale.box.write(StopOrdered((MarketId(market),), "uid:1000")))
    story.trouble("operator", at_s, at_s + 60, market)


def made_good(story: Story, due_s: float) -> None:
    """Somebody orders what was missed then, or tries to: for now, or for a minute to come; at the socket, or in the record."""
    tale, chance = story.tale, story.tale.chance
    at_s = due_s + chance.choice((20.0, 90.0, 400.0, 700.0, 5000.0)) + chance.uniform(0.0, 30.0)
    ahead_s = chance.choice((None, None, 61.0, 300.0, 3600.0, 5 * 3600.0))
    written = ahead_s is not None and chance.random() < 0.4
    for market in tale.of.markets:
        story.at(at_s, partial(order_make_good, tale, _named(tale, due_s, market), ahead_s, written=written))
        if chance.random() < 0.5:  # twice, and the second time by the name of the first
            again = make_good_id(_named(tale, due_s, market), 1)
            story.at(at_s + chance.choice((0.0, 1.0, 900.0)), partial(order_make_good, tale, again, ahead_s))
        if chance.random() < 0.3:
            back_s = at_s + chance.uniform(0.0, 60.0 + (ahead_s or 0.0))
            story.at(back_s, partial(take_back, tale, _named(tale, due_s, market), written=chance.random() < 0.4))


def order_make_good(tale: Tale, missed: AiringId, ahead_s: float | None, *, written: bool = False) -> None:
    """For now, or for the first whole minute so many seconds ahead; where no daemon listens the command writes it down."""
    box = tale.box
    zone = box.world.begins.tzinfo
    at = None
    if ahead_s is not None:
        wanted = box.now().utc + timedelta(seconds=ahead_s + 60)
        at = wanted.replace(second=0, microsecond=0).astimezone(zone)
    if at is not None and (written or not box.listens):
        with suppress(ConfigurationError):  # a command that cannot read the station's files says so and does nothing
            station, begin = load_station(tale.root), at
            box.at_the_record(lambda journal: write_down(station, journal, missed, begin, "uid:1000", ask=tale.ask))
    else:
        box.obey(MakeGood(missed, at.isoformat() if at else None))


def take_back(tale: Tale, missed: AiringId, *, written: bool = False) -> None:
    """The make-good that was ordered is not wanted any more."""
    box = tale.box
    if written or not box.listens:
        lives = box.life is not None
        box.at_the_record(lambda journal: strike_out(journal, missed, "uid:1000", daemon_lives=lives))
    else:
        box.obey(CancelMakeGood(missed))


def _named(tale: Tale, due_s: float, market: str) -> AiringId:
    """The airing that was planned for then."""
    return airing_id(_local(tale, due_s), MarketId(market))


# The station's files and a second daemon


def edited(story: Story, due_s: float) -> None:
    """An airing is taken out, moved, or the quiet hours change; later the file is as it was."""
    tale, at_s = story.tale, _around(story, due_s, -400, 10)
    day = _local(tale, due_s)
    exceptions = tale.chance.choice(
        (
            _exception(f"date = {day:%Y-%m-%d}", 'action = "skip"'),
            _exception(f"date = {day:%Y-%m-%d}", 'action = "move"', f'to_time = "{_later(day.hour, day.minute)}"'),
            "",
        )
    )
    quiet = "" if exceptions else f"{day:%H:%M}-{_later(day.hour, day.minute)}"
    story.at(at_s, lambda: tale.edit(exceptions=exceptions, quiet=quiet))
    story.at(at_s + tale.chance.choice((30.0, 900.0, 90000.0)), tale.edit)
    story.trouble("files", at_s - 60, at_s + 90060)


def _later(hour: int, minute: int) -> str:
    return f"{hour:02}:{(minute + 7) % 60:02}"


def _local(tale: Tale, due_s: float) -> datetime:
    """The local minute of a slot."""
    begins = tale.box.world.begins
    return (begins.astimezone(UTC) + timedelta(seconds=due_s)).astimezone(begins.tzinfo)


def _exception(*lines: str) -> str:
    return "\n".join(["[[exceptions]]", *lines, f'reason = "{CANARY}"', "amended = 2021-06-01"])


def broken_edit(story: Story, due_s: float) -> None:
    """A file is saved that is none; mended within the hour."""
    tale, at_s = story.tale, _around(story, due_s, -400, 10)
    file = tale.chance.choice(("config.toml", "schedules/temporada.toml"))
    story.at(at_s, lambda: tale.spoil(file))
    story.at(at_s + tale.chance.choice((30.0, 900.0)), tale.edit)
    story.trouble("files", at_s - 60, at_s + 1060)


def rival(story: Story, due_s: float) -> None:
    """A second daemon is started on the same station."""
    tale, at_s = story.tale, _around(story, due_s)
    story.at(at_s, tale.box.start_rival)


MISHAPS: Mapping[str, tuple[Mishap, int]] = {
    "killed": (killed, 8),
    "killed between two steps": (killed_between_two_steps, 8),
    "killed at a row": (killed_at_a_row, 8),
    "light out at a row": (light_out_at_a_row, 8),
    "light out": (light_out, 8),
    "away for days": (away_for_days, 3),
    "restarted": (restarted, 4),
    "boot with a wrong clock": (dark_boot, 6),
    "clock set": (clock_set, 8),
    "no device": (unplugged, 6),
    "muted": (muted, 4),
    "player fails": (player_fails, 10),
    "witness fails": (witness_fails, 6),
    "disk full": (disk_full, 5),
    "record busy": (record_busy, 4),
    "withdrawn": (withdrawn, 4),
    "suspended": (suspended, 5),
    "not approved": (unapproved, 5),
    "revised": (revised, 5),
    "master damaged": (damaged, 3),
    "stopped by the operator": (stopped, 5),
    "paused": (paused, 5),
    "played by hand": (by_hand, 6),
    "speaker tested": (tested, 4),
    "test as the clock jumps": (tested_as_the_clock_jumps, 2),
    "stop in the record": (stopped_in_the_record, 3),
    "made good": (made_good, 6),
    "second daemon": (rival, 1),
}
"""Each with how often it is chosen."""
OF_FILES: Mapping[str, tuple[Mishap, int]] = {"files edited": (edited, 30), "broken edit": (broken_edit, 15)}
"""Those of a station whose files are watched."""
