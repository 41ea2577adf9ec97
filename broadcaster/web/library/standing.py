"""Where an episode stands, in words for a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broadcaster.config import Station
from broadcaster.library.catalogue import intact, rules_of
from broadcaster.library.decisions import Decisions
from broadcaster.library.gates import objections
from broadcaster.locale import gettext as _
from broadcaster.model import EpisodeNumber, Reason
from broadcaster.reasons import NAMES, sentence
from broadcaster.web import words

GRAVE = frozenset({Reason.WITHDRAWN, Reason.SUSPENDED, Reason.BAD_FILE})


@dataclass(frozen=True)
class State:
    """A badge: what it says, and its colour's name in ``panel.css``."""

    said: str
    kind: str


def state(seen: Mapping[str, Any]) -> State:
    """Of an episode as :func:`~broadcaster.library.episode_view.view` shows it, in the language spoken now."""
    if seen["sample"]:
        return State(_("sample"), "quiet")
    if seen["state"] == "ready":
        return State(_("may air"), "warn" if seen["flags"] else "ok")
    reason = Reason(seen["state"])
    return State(_(NAMES[reason]), "bad" if reason in GRAVE else "warn")


def lacking(station: Station, now: datetime, number: EpisodeNumber, decisions: Decisions) -> Iterator[str]:
    """A sentence for each thing that keeps the episode off the air, the gravest first, with what to do on a page."""
    rules = rules_of(station, now.astimezone(station.timezone).date(), samples_may_air=False, now=now)
    for objection in objections(number, decisions, rules):
        yield words.lacks(objection)
    admitted = decisions.newest(number)
    if admitted is not None and not decisions.is_withdrawn(number) and not intact(station, admitted):
        yield sentence(Reason.BAD_FILE)
