"""Looking at many things side by side: one that is broken, slow or at fault itself hinders none of the others."""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import datetime

from broadcaster.care.checks import Check, Probe, broken
from broadcaster.config import Station
from broadcaster.errors import BroadcasterError, ConfigurationError
from broadcaster.locale import gettext as _
from broadcaster.locale.system import clause

LIMIT_S = 8.0
"""How long all of it may take, but for what has a longer patience of its own: what has not answered by then is told as such."""
NAMED = 3
"""Faults of a file that are named in one sentence; more are counted."""

log = logging.getLogger(__name__)


def examine(probes: Sequence[Probe], station: Station, now: datetime, limit_s: float = LIMIT_S) -> list[Check]:
    """What each of them found, in their order; the same fault, met by several, is told once. Raises nothing."""
    found: list[list[Check] | None] = [None] * len(probes)

    def look(place: int) -> None:
        found[place] = _looked(probes[place], station, now)

    looking = [threading.Thread(target=look, args=(place,), daemon=True) for place in range(len(probes))]
    for thread in looking:  # nobody waits for one that hangs, not even at the program's end
        thread.start()
    limits = [max(limit_s, probe.patience_s) for probe in probes]
    began = time.monotonic()
    for thread, within_s in zip(looking, limits, strict=True):
        thread.join(max(0.0, began + within_s - time.monotonic()))
    answers = (
        _unanswered(probe, within_s) if checks is None else checks
        for probe, checks, within_s in zip(probes, list(found), limits, strict=True)
    )
    return _once(check for checks in answers for check in checks)


def parted(text: str) -> tuple[str, str]:
    """A sentence that ends with what to do, as what it says and what to do; a lone one says no more than it says."""
    said, stop, todo = text.rpartition(". ")
    return (f"{said}.", todo) if stop else (text, "")


def about_files(code: str, error: ConfigurationError) -> Check:
    """The station's files are wrong."""
    named = "; ".join(map(str, error.faults[:NAMED]))
    more = len(error.faults) - NAMED
    said = _("The station's files are wrong: {faults}.").format(faults=f"{named}; +{more}" if more > 0 else named)
    return broken(
        code,
        said,
        _("Correct them; `broadcaster schedule check` says what is left."),
        faults=len(error.faults),
    )


def _looked(probe: Probe, station: Station, now: datetime) -> list[Check]:
    try:
        return list(probe.look(station, now))
    except ConfigurationError as error:
        return [about_files(probe.code, error)]
    except BroadcasterError as error:
        return [broken(probe.code, *parted(str(error)))]
    except OSError as error:
        return [_unknown(probe, clause(error))]
    except Exception as error:
        log.info("a look at %s failed", probe.code, exc_info=True)
        return [_unknown(probe, type(error).__name__)]


def _unanswered(probe: Probe, limit_s: float) -> list[Check]:
    return [_unknown(probe, _("no answer for {seconds} seconds").format(seconds=f"{limit_s:g}"))]


def _unknown(probe: Probe, problem: str) -> Check:
    """Nobody knows whether it is well: that is no green light."""
    said = _("This could not be checked ({problem}), so nobody knows whether it is well.")
    todo = _("Restart the computer and check again; if that does not help, call the coordinator.")
    return broken(probe.code, said.format(problem=problem), todo, problem=problem)


def _once(checks: Iterable[Check]) -> list[Check]:
    kept: dict[tuple[str, str], Check] = {}
    for check in checks:
        kept.setdefault((check.sentence, check.todo), check)
    return list(kept.values())
