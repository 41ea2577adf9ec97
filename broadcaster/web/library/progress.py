"""How far received recordings have come; what became of those that are over outlasts the panel that listened to them."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path

from broadcaster.hub.stick import write_whole
from broadcaster.locale import gettext as _

FILE = "received.json"
"""In the station's ``data``, beside the folder of those that wait."""
KEPT = 200
"""So many of those that are over, the newest."""


class Phase(Enum):
    """How far one has come."""

    WAITING = "waiting"
    WORKING = "working"
    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Progress:
    """What is to be told of one recording."""

    id: str
    code: str
    """Whose it is."""
    number: int
    phase: Phase = Phase.WAITING
    share: float = 0.0
    """Of the listening, 0 … 1."""
    revision: int = 0
    refusal: str = ""

    @property
    def over(self) -> bool:
        return self.phase in (Phase.ADMITTED, Phase.REFUSED)


def keep(data: Path, over: Progress, called: str) -> None:
    """Write down what became of one, without the name (``called``) that its sender gave the file: that may be a person's.

    :raises OSError: the disk would not.
    """
    known = {**kept(data), over.id: replace(over, refusal=_nameless(over.refusal, called))}
    told = [{**asdict(each), "phase": each.phase.value} for each in list(known.values())[-KEPT:]]
    write_whole(data / FILE, json.dumps(told).encode(), mode=0o600)


def kept(data: Path) -> Mapping[str, Progress]:
    """What became of those that are over, by their words; nothing where nothing can be read: it is told, not decided by."""
    try:
        told = json.loads((data / FILE).read_bytes())
        return {each["id"]: Progress(**{**each, "phase": Phase(each["phase"])}) for each in told}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _nameless(refusal: str, called: str) -> str:
    """The sentence about whatever the file was called."""
    if not called:
        return refusal
    said = re.sub(rf"(?<!\w){re.escape(called)}(?!\w)", lambda _found: _("the file"), refusal, count=1)
    return said[:1].upper() + said[1:]
