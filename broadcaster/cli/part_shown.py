"""How shared parts are shown, and what became of the episodes that hold them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from broadcaster.cli.show import table
from broadcaster.config import Station
from broadcaster.library.decisions import Decisions
from broadcaster.library.parts import file_of
from broadcaster.library.parts_decided import SharedPart
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import PartRole

if TYPE_CHECKING:
    from broadcaster.production.rundown.rebuilding import Rebuilt

ROLES = {
    PartRole.CHIME: N_("chime"),
    PartRole.IDENT: N_("ident"),
    PartRole.GREETING: N_("greeting"),
    PartRole.BLOCK: N_("block"),
    PartRole.SPOT: N_("spot"),
    PartRole.HELPLINE: N_("helpline"),
    PartRole.CREDITS: N_("credits"),
    PartRole.BED: N_("music bed"),
}
STATES = {
    "good": N_("approved"),
    "new": N_("nobody approved it by itself"),
    "wrong": N_("wrong: nothing with it airs"),
    "missing": N_("its recording is gone"),
}
OUTCOMES = {
    "rebuilt": N_("built again"),
    "waits": N_("airs with the old one until somebody approves the new one"),
    "changed": N_("its rundown or its recordings changed since: build it yourself"),
    "failed": N_("not built"),
}


def view(station: Station, decisions: Decisions) -> Iterator[dict[str, Any]]:
    """``{part, role, state, sha256, episodes, older}`` of each; ``older``: episodes that hold an older recording of it."""
    newest = [admitted for number in sorted(decisions.numbers()) if (admitted := decisions.newest(number))]
    for known in sorted(decisions.parts.current.values(), key=lambda each: each.part):
        holding = [admitted for admitted in newest if known.part in decisions.parts.shared_in(admitted)]
        older = [admitted.episode for admitted in holding if known.part in decisions.parts.stale_in(admitted)]
        yield {
            "part": known.part,
            "role": known.role,
            "state": _state(station, decisions, known),
            "sha256": known.sha256,
            "episodes": [admitted.episode for admitted in holding],
            "older": older,
        }


def _state(station: Station, decisions: Decisions, known: SharedPart) -> str:
    if known.sha256 in decisions.parts.wrong:
        return "wrong"
    if file_of(station, known.part, known.sha256) is None:
        return "missing"
    return "good" if decisions.parts.approved.get((known.part, known.sha256)) else "new"


def draw(parts: Sequence[dict[str, Any]]) -> None:
    """Print them as a table."""
    columns = [_("Id"), _("Part"), _("State"), _("Episodes"), _("With the old one")]
    rows = [
        _row(each["part"], ROLES[each["role"]], STATES[each["state"]], each["episodes"], each["older"])
        for each in parts
    ]
    table(_("Shared parts"), columns, rows)


def rebuilt(done: "Sequence[Rebuilt]") -> None:
    """Print what became of each episode."""
    columns = [_("No."), _("Version"), _("What became of it")]
    rows = [(each.episode, each.revision, _outcome(OUTCOMES[each.state], each.problem)) for each in done]
    table(_("Episodes that hold the old one"), columns, rows)


def _row(part: str, role: str, state: str, episodes: Sequence[int], older: Sequence[int]) -> tuple[str, ...]:
    return part, _(role), _(state), ", ".join(map(str, episodes)), ", ".join(map(str, older))


def _outcome(outcome: str, problem: str) -> str:
    said = _(outcome)
    return f"{said}: {problem}" if problem else said
