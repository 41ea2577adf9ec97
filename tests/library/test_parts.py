"""When a yes to one part is enough for an episode, and what a wrong part keeps off the air."""

from dataclasses import replace

import pytest
from people_at_hand import CLEAN

from broadcaster.journal.events import (
    Admitted,
    Answer,
    Built,
    BuiltPart,
    Event,
    PartAdded,
    PartApproved,
    PartReplaced,
    PartWrong,
)
from broadcaster.library.parts_decided import PartsDecided, carried
from broadcaster.model import EpisodeNumber, PartRole, Question, Seconds, Sha256

NUMBER = EpisodeNumber(5)
OLD, NEW, OWN, OTHER = (Sha256(letter * 64) for letter in "abcd")
SHAPE = Sha256("5" * 64)


def admitted(revision: int, **facts: object) -> Admitted:
    event = Admitted(
        NUMBER,
        revision,
        original_sha256=Sha256(f"{revision}" * 64),
        master_sha256=Sha256(f"{revision + 5}" * 64),
        duration_s=Seconds(20.0 + revision),
        defenders=("d-07",),
        consent="",
        helplines=("linea-100",),
    )
    return replace(event, **facts)  # type: ignore[arg-type]


def built(revision: int, helpline: Sha256, own: Sha256 = OWN, shape: Sha256 = SHAPE) -> Built:
    parts = (BuiltPart(PartRole.BLOCK, own), BuiltPart(PartRole.HELPLINE, helpline, "linea-100"))
    return Built(NUMBER, Sha256(f"{revision}" * 64), shape, parts)


def decided(*events: Event) -> PartsDecided:
    parts = PartsDecided()
    for event in (PartAdded("linea-100", PartRole.HELPLINE, OLD), *events):
        parts.take(event)
    return parts


REPLACED = PartReplaced("linea-100", NEW, OLD, by="d-07")
YES = PartApproved("linea-100", NEW, "coordinadora-1", answers=CLEAN)


def holds(parts: PartsDecided, now: Admitted | None = None, before: Admitted | None = None) -> bool:
    return carried(now or admitted(2), before or admitted(1), parts, counts=lambda _code, _admitted: True)


def test_one_yes_to_the_new_part_is_enough_where_nothing_else_differs() -> None:
    assert holds(decided(built(1, OLD), REPLACED, YES, built(2, NEW)))


@pytest.mark.parametrize(
    ("why", "events"),
    [
        ("nobody approved the new part", (built(1, OLD), REPLACED, built(2, NEW))),
        ("the yes was to another recording", (built(1, OLD), replace(YES, sha256=OTHER), built(2, NEW))),
        ("an own recording differs too", (built(1, OLD), YES, built(2, NEW, own=OTHER))),
        ("it is put together in another way", (built(1, OLD), YES, built(2, NEW, shape=OTHER))),
        ("nothing differs, so it was made for another reason", (built(1, OLD), YES, built(2, OLD))),
        ("who brought it said yes", (built(1, OLD), replace(REPLACED, by="coordinadora-1"), YES, built(2, NEW))),
        (
            "she who said yes had brought the recording before",
            (replace(REPLACED, sha256=OTHER, by="coordinadora-1"), built(1, OLD), REPLACED, YES, built(2, NEW)),
        ),
        ("no question was asked", (built(1, OLD), REPLACED, replace(YES, answers=()), built(2, NEW))),
        ("a question was left out", (built(1, OLD), REPLACED, replace(YES, answers=CLEAN[1:]), built(2, NEW))),
        (
            "a minor speaks in it",
            (
                built(1, OLD),
                REPLACED,
                replace(YES, answers=(*CLEAN[:-1], Answer(Question.MINORS, yes=True))),
                built(2, NEW),
            ),
        ),
        ("the one before came as one recording", (YES, built(2, NEW))),
        ("this one came as one recording", (built(1, OLD), YES)),
        (
            "an own recording took the shared one's place",
            (
                built(1, OLD),
                YES,
                replace(built(2, NEW), parts=(built(2, NEW).parts[0], BuiltPart(PartRole.HELPLINE, NEW))),
            ),
        ),
    ],
)
def test_two_must_approve_anew_where(why: str, events: tuple[Event, ...]) -> None:
    assert not holds(decided(*events)), why


@pytest.mark.parametrize("role", PartRole)
def test_a_part_in_which_somebody_new_may_speak_takes_no_approval_with_it(role: PartRole) -> None:
    """Neither where the part was added as one, nor where a rundown uses it as one."""
    speaks = role in {PartRole.GREETING, PartRole.BLOCK, PartRole.SPOT}

    def used(revision: int, recording: Sha256, as_what: PartRole) -> Built:
        return replace(built(revision, recording), parts=(BuiltPart(as_what, recording, "linea-100"),))

    assert holds(decided(used(1, OLD, role), REPLACED, YES, used(2, NEW, role))) is not speaks
    added = PartAdded("linea-100", role, OLD, "d-07")
    helpline = PartRole.HELPLINE
    assert holds(decided(added, used(1, OLD, helpline), REPLACED, YES, used(2, NEW, helpline))) is not speaks


@pytest.mark.parametrize(
    "other", [{"defenders": ("d-08",)}, {"consents": ("C-2",)}, {"helplines": ()}, {"sample": True}, {"consent": "C-2"}]
)
def test_what_people_said_of_it_must_be_the_same(other: dict[str, object]) -> None:
    parts = decided(built(1, OLD), REPLACED, YES, built(2, NEW))
    assert not holds(parts, now=admitted(2, **other))


def test_the_number_that_is_spoken_may_differ_since_that_is_why_it_was_replaced() -> None:
    parts = decided(built(1, OLD), REPLACED, YES, built(2, NEW))
    assert holds(parts, now=admitted(2, helpline_numbers=("100",)))


def test_a_yes_of_somebody_who_may_not_approve_counts_nothing() -> None:
    parts = decided(built(1, OLD), REPLACED, YES, built(2, NEW))
    assert not carried(admitted(2), admitted(1), parts, counts=lambda code, _admitted: code != "coordinadora-1")


def test_a_wrong_recording_is_known_wherever_it_is_and_the_one_that_replaced_it_is_not() -> None:
    parts = decided(built(1, OLD), PartWrong("linea-100", OLD), REPLACED, built(2, NEW))
    assert parts.holds_wrong(admitted(1))
    assert not parts.holds_wrong(admitted(2))
    assert decided(built(1, NEW, own=OLD), PartWrong("linea-100", OLD)).holds_wrong(admitted(1))  # brought as a file


def test_a_revision_with_an_older_recording_is_stale_and_one_with_the_new_is_not() -> None:
    parts = decided(built(1, OLD), REPLACED, built(2, NEW))
    assert [parts.stale_in(admitted(revision)) for revision in (1, 2, 3)] == [{"linea-100"}, set(), set()]


def test_the_episodes_own_recordings_are_told_from_shared_ones() -> None:
    parts = decided(built(1, OLD))
    assert parts.own_files(admitted(1)) == {OWN}
    assert parts.shared_in(admitted(1)) == {"linea-100"}
