"""What has been decided about parts, and when one yes to a part is enough for an episode. Pure: rows in, values out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields

from broadcaster.journal.events import (
    Admitted,
    Answer,
    Built,
    BuiltPart,
    EditionMade,
    Event,
    PartAdded,
    PartApproved,
    PartReplaced,
    PartWrong,
)
from broadcaster.model import PartRole, Question, Sha256

PART_KINDS: tuple[type[Event], ...] = (PartAdded, PartReplaced, PartWrong, PartApproved, Built, EditionMade)
"""All that :meth:`PartsDecided.take` reads."""
_OF_THE_REVISION = frozenset(
    {"revision", "helpline_numbers", "original_sha256", "master_sha256", "duration_s", "lead_in_s", "tail_s"}
)
"""What may differ between an approved revision and the one built again with another shared part."""

CARRYING = frozenset({PartRole.CHIME, PartRole.IDENT, PartRole.HELPLINE, PartRole.CREDITS, PartRole.BED})
"""Roles in which a replaced part keeps an episode's approvals: in the others somebody new may speak, whom no consent covers."""


@dataclass(frozen=True)
class SharedPart:
    """What a shared part's id means now."""

    part: str
    role: PartRole
    sha256: Sha256


@dataclass
class PartsDecided:
    """Everything decided about parts so far; to be read only."""

    current: dict[str, SharedPart] = field(default_factory=dict)
    """By id."""
    wrong: set[Sha256] = field(default_factory=set)
    """Recordings of shared parts that say something wrong."""
    approved: dict[tuple[str, Sha256], set[str]] = field(default_factory=dict)
    """Codes whose yes counts, by the part's id and recording."""
    brought: dict[str, set[str]] = field(default_factory=dict)
    """Codes that brought any recording of it, by the part's id."""
    built: dict[Sha256, Built] = field(default_factory=dict)
    """By the built recording."""
    editions: list[EditionMade] = field(default_factory=list)
    """Every one that was ever made."""

    def take(self, event: Event) -> None:
        """Fold one event."""
        match event:
            case PartAdded(part, role, sha256, by):
                self._bring(SharedPart(part, role, sha256), by)
            case PartReplaced(part, sha256, _, by):
                role = self.current[part].role if part in self.current else PartRole.BLOCK
                self._bring(SharedPart(part, role, sha256), by)
            case PartWrong(_, sha256):
                self.wrong.add(sha256)
            case PartApproved(part, sha256, approver, answers):
                if approver not in self.brought.get(part, ()) and is_clean(answers):
                    self.approved.setdefault((part, sha256), set()).add(approver)
            case Built(_, original_sha256):
                self.built[original_sha256] = event
            case EditionMade():
                self.editions.append(event)

    def _bring(self, shared: SharedPart, by: str) -> None:
        self.current[shared.part] = shared
        self.brought.setdefault(shared.part, set()).update({by} - {""})

    def may_carry(self, part: str, role: PartRole) -> bool:
        """Whether a new recording of this part, used in this role, can keep an episode's approvals."""
        return role in CARRYING and part in self.current and self.current[part].role in CARRYING

    def parts_of(self, admitted: Admitted) -> tuple[BuiltPart, ...]:
        """What a revision was built from; nothing for a recording that came whole."""
        built = self.built.get(admitted.original_sha256)
        return built.parts if built else ()

    def shared_in(self, admitted: Admitted) -> frozenset[str]:
        """Ids of the shared parts in a revision."""
        return frozenset(each.part for each in self.parts_of(admitted) if each.part)

    def own_files(self, admitted: Admitted) -> frozenset[Sha256]:
        """The episode's own recordings in a revision: shared parts are not among them."""
        return frozenset(each.sha256 for each in self.parts_of(admitted) if not each.part)

    def holds_wrong(self, admitted: Admitted) -> bool:
        """Whether a revision holds a recording that says something wrong, by whatever name it came into it."""
        return any(each.sha256 in self.wrong for each in self.parts_of(admitted))

    def wrong_in(self, admitted: Admitted) -> frozenset[str]:
        """Ids of the shared parts in a revision whose recording says something wrong."""
        return frozenset(each.part for each in self.parts_of(admitted) if each.part and each.sha256 in self.wrong)

    def stale_in(self, admitted: Admitted) -> frozenset[str]:
        """Ids of the shared parts in a revision that mean another recording by now."""
        known = {part: each.sha256 for part, each in self.current.items()}
        return frozenset(
            each.part
            for each in self.parts_of(admitted)
            if each.part and known.get(each.part, each.sha256) != each.sha256
        )


def is_clean(answers: Iterable[Answer]) -> bool:
    """Whether every question was asked of a part, and each answered no.

    A minor too keeps a part from being shared: her consent is one episode's, and a shared part comes into any.
    """
    said = {answer.question: answer.yes for answer in answers}
    return set(said) == set(Question) and not any(said.values())


def carried(
    admitted: Admitted,
    before: Admitted | None,
    parts: PartsDecided,
    *,
    counts: Callable[[str, Admitted], bool],
) -> bool:
    """Whether the yes to the revision ``before`` holds for ``admitted`` too, should there have been one.

    So it is when nothing differs but shared parts in roles where nobody new is to be recognised (:data:`CARRYING`), and
    somebody who brought none of its recordings said yes to each one that is new. Everything else must be the same: the
    episode's own recordings by hash, order, cuts and levels, voices, consent and helplines.

    :param counts: whether a code's yes counts for this revision.
    """
    if before is None or not rebuilt(admitted, before, parts):
        return False
    return all(
        parts.may_carry(each.part, each.role)
        and any(counts(code, admitted) for code in parts.approved.get((each.part, each.sha256), ()))
        for each in replaced(admitted, before, parts)
    )


def rebuilt(admitted: Admitted, before: Admitted, parts: PartsDecided) -> bool:
    """Whether ``admitted`` is ``before`` with other recordings of shared parts, and nothing else, approved or not."""
    return _same_facts(admitted, before) and bool(replaced(admitted, before, parts))


def replaced(admitted: Admitted, before: Admitted, parts: PartsDecided) -> tuple[BuiltPart, ...]:
    """The shared parts that are new; none where anything else differs too."""
    new, old = parts.built.get(admitted.original_sha256), parts.built.get(before.original_sha256)
    if new is None or old is None or new.shape_sha256 != old.shape_sha256 or len(new.parts) != len(old.parts):
        return ()
    changed = [(now, then) for now, then in zip(new.parts, old.parts, strict=True) if now != then]
    shared_only = all(now.part and (now.part, now.role) == (then.part, then.role) for now, then in changed)
    return tuple(now for now, _ in changed) if shared_only else ()


def _same_facts(one: Admitted, other: Admitted) -> bool:
    names = (each.name for each in fields(one) if each.name not in _OF_THE_REVISION)
    return all(getattr(one, name) == getattr(other, name) for name in names)
