"""What markets let sound before every episode: which recordings may, and which editions count. Pure: decisions in, values out.

An edition is a master with an announcement before it, as one file. It counts while its announcement is exactly what may
sound now. Nothing of an announcement sounds unless all of it may.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from broadcaster.journal.events import Admitted, BuiltPart, EditionMade
from broadcaster.library.decisions import Decisions, Rules
from broadcaster.library.gates import gate
from broadcaster.library.parts_decided import PartsDecided
from broadcaster.locale import mark as N_
from broadcaster.model import Announcement, Edition, EpisodeNumber, PartRole, Seconds, Sha256

ROLES = (PartRole.CHIME, PartRole.IDENT)
"""What a part may be that sounds as an announcement: behind a greeting, a block or a spot there may be a voice."""
OWN_CHIME = "chime"
"""What names the program's own chime, unless a shared part has that id."""


UNKNOWN = N_("{market}: there is no shared part {part}, so episodes air there without an announcement.")
WRONG = N_("{market}: the shared part {part} is marked as wrong, so episodes air there without an announcement.")
NEW = N_("{market}: nobody has approved the shared part {part} yet, so episodes air there without an announcement.")
OTHER = N_("{market}: {part} is neither a chime nor an ident, so episodes air there without an announcement.")
REMEDIES: Mapping[str, str] = {
    UNKNOWN: N_("Bring it: «broadcaster part add FILE --id {part} --role ident --as CODE», or correct config.toml."),
    WRONG: N_("Bring another recording: «broadcaster part replace {part} FILE --as CODE»."),
    NEW: N_("Listen to it and approve it: «broadcaster part approve {part} --as CODE»."),
    OTHER: N_("Name another shared part in config.toml; «broadcaster part list» shows them."),
}
"""What to do about each of them."""


@dataclass(frozen=True)
class Missing:
    """An edition that nobody has made yet, or that is gone from the disk."""

    admitted: Admitted
    announcement: Announcement
    parts: tuple[BuiltPart, ...]


def named(announcement: Announcement) -> Iterator[tuple[PartRole, str]]:
    """Each part of an announcement in its order: its role, and the id that names it."""
    for role, part in zip(ROLES, (announcement.chime, announcement.ident), strict=True):
        if part:
            yield role, part


def recordings(announcement: Announcement, parts: PartsDecided) -> tuple[BuiltPart, ...] | None:
    """What sounds as this announcement now; ``None`` when a part of it may not sound.

    The hash of the program's own chime is left empty here.
    """
    found = tuple(_recording(role, part, parts) for role, part in named(announcement))
    return tuple(each for each in found if each) if all(found) else None


def _recording(role: PartRole, part: str, parts: PartsDecided) -> BuiltPart | None:
    if part == OWN_CHIME and part not in parts.current:
        return BuiltPart(role, Sha256(""))
    sha256 = recording_of(part, parts)
    return BuiltPart(role, sha256, part) if sha256 else None


def recording_of(part: str, parts: PartsDecided) -> Sha256 | None:
    """The recording of a shared part that may announce: the one that is meant, once somebody has approved it; until then the
    one approved last. ``None``: there is none, or the one that is meant is marked as wrong.
    """
    known = parts.current.get(part)
    if known is None or known.role not in ROLES or known.sha256 in parts.wrong:
        return None
    if parts.approved.get((part, known.sha256)):
        return known.sha256
    older = [sha256 for (of, sha256), codes in parts.approved.items() if of == part and codes]
    return next((sha256 for sha256 in reversed(older) if sha256 not in parts.wrong), None)


def silent(announcement: Announcement, parts: PartsDecided) -> tuple[str, str] | None:
    """The first part that keeps an announcement from sounding, and why: a key of :data:`REMEDIES`. ``None``: it may sound."""
    for _role, part in named(announcement):
        known = parts.current.get(part)
        if (part == OWN_CHIME and known is None) or recording_of(part, parts):
            continue
        if known is None:
            return part, UNKNOWN
        if known.role not in ROLES:
            return part, OTHER
        return part, WRONG if known.sha256 in parts.wrong else NEW
    return None


def counting(admitted: Admitted, parts: PartsDecided) -> tuple[EditionMade, ...]:
    """The editions of a revision that may sound now, one for each announcement."""
    found = {
        announcement_of(made): made
        for made in parts.editions
        if _is_of(made, admitted) and _is_current(made, recordings(announcement_of(made), parts))
    }
    return tuple(found.values())


def announcement_of(made: EditionMade) -> Announcement:
    """By what it is asked for."""
    return Announcement(made.chime, made.ident)


def _is_of(made: EditionMade, admitted: Admitted) -> bool:
    master = (admitted.episode, admitted.revision, admitted.master_sha256)
    return (made.episode, made.revision, made.master_sha256) == master


def _is_current(made: EditionMade, wanted: tuple[BuiltPart, ...] | None) -> bool:
    return (
        wanted is not None
        and len(wanted) == len(made.parts)
        and all(
            (now.role, now.part) == (then.role, then.part) and now.sha256 in {then.sha256, ""}
            for now, then in zip(wanted, made.parts, strict=True)
        )
    )


def lengths(parts: PartsDecided) -> dict[Announcement, Seconds]:
    """How long each announcement lasts, the pause after it included, as far as one has been put before any episode."""
    return {
        announcement_of(made): made.announcement_s
        for made in parts.editions
        if _is_current(made, recordings(announcement_of(made), parts))
    }


def edition(made: EditionMade) -> Edition:
    """A row as the value that playout is given."""
    return Edition(
        announcement_of(made),
        made.edition_sha256,
        tuple(part.sha256 for part in made.parts),
        made.announcement_s,
        made.duration_s,
    )


def wrong(number: EpisodeNumber, parts: PartsDecided) -> frozenset[Sha256]:
    """Editions of an episode whose announcement says something wrong, whether or not they count."""
    return frozenset(
        made.edition_sha256
        for made in parts.editions
        if made.episode == number and any(part.sha256 in parts.wrong for part in made.parts)
    )


def missing(
    announcements: Collection[Announcement], decisions: Decisions, rules: Rules, ready: Callable[[Sha256], bool]
) -> Iterator[Missing]:
    """What must still be made so that every episode that may air sounds with every one of these announcements.

    :param ready: whether the file of an edition is there, byte for byte.
    """
    wanted = {each: recordings(each, decisions.parts) for each in announcements}
    for number in sorted(decisions.numbers()):
        admitted = decisions.newest(number)
        if admitted is None or gate(number, decisions, rules) is not None:
            continue
        made = {announcement_of(each) for each in counting(admitted, decisions.parts) if ready(each.edition_sha256)}
        for announcement, parts in wanted.items():
            if parts is not None and announcement not in made:
                yield Missing(admitted, announcement, parts)
