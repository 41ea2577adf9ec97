"""Whether somebody is there to play: the running program, and what it says of itself."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.playout.control import ask
from broadcaster.playout.lock import is_held
from broadcaster.playout.orders import DaemonSilent, NoDaemon, Refusal, Status

PROGRAM = "program"
ANSWER_LIMIT_S = 3.0


def program(station: Station, now: datetime) -> Iterator[Check]:
    """It runs, it answers, and it has taken the station's files."""
    del now
    if not is_held(station.root):
        said = _("The program is not running now, so nothing will sound until it is started.")
        yield doubtful(PROGRAM, said, _("Start it: broadcaster run."), running=False)
        return
    try:
        answer = ask(station.control, Status(), ANSWER_LIMIT_S)
    except DaemonSilent:
        said = _("The program is running but does not answer, so the next airing may stay silent.")
        yield broken(PROGRAM, said, _("Restart the computer."), running=True, answers=False)
    except NoDaemon:
        said = _("Another program is using this station (perhaps a rehearsal), so no airing goes out meanwhile.")
        yield doubtful(PROGRAM, said, _("Wait until it ends; then: broadcaster run."), running=False)
    except Refusal:
        yield doubtful(PROGRAM, _("The program is running, started by another user."), "", running=True)
    else:
        yield _answered(*(len(answer.get(what, ())) for what in ("failing", "faults", "waiting")))


def _answered(failing: int, faults: int, waiting: int) -> Check:
    facts: dict[str, Any] = {"running": True, "answers": True, "failing": failing, "faults": faults, "waiting": waiting}
    if failing:
        said = _("The program is running, but a part of it does not answer, so the next airing may stay silent.")
        return broken(PROGRAM, said, _("Restart the computer."), **facts)
    if faults:
        said = _("The program is running by the last good schedule, because the changed files have faults.")
        return broken(PROGRAM, said, _("Correct them; `broadcaster schedule check` says what is left."), **facts)
    if waiting:
        said = _("The program is running; some changed settings count only once it is restarted.")
        return doubtful(PROGRAM, said, _("See which with `broadcaster status`, then restart it."), **facts)
    return well(PROGRAM, _("The program is running."), **facts)


PROBES = (Probe(PROGRAM, program),)
