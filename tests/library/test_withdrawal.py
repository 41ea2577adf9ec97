"""Off the air by episode, by consent, by voice: what is touched, what is told, and that doing it twice changes nothing."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from library_station import SetClock, Shelf, pin_of

from broadcaster.clock import Instant
from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    Admitted,
    Built,
    BuiltPart,
    ConsentConfirmed,
    ConsentRegistered,
    ConsentWithdrawn,
    CopyMade,
    CopyRemoved,
    Ended,
    Event,
    Intent,
    ProcessId,
    Suspended,
    SuspensionLifted,
    Withdrawn,
)
from broadcaster.library import copies, withdrawal
from broadcaster.library import refusals as no
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.library.reach import AFTERMATH, aftermath
from broadcaster.model import (
    AiringId,
    ClockTrust,
    EpisodeNumber,
    MarketId,
    Outcome,
    PartRole,
    Reason,
    Scope,
    Seconds,
    Sha256,
)

THREE, FOUR, NINE = EpisodeNumber(3), EpisodeNumber(4), EpisodeNumber(9)
UNO = ("uno", pin_of("uno"))
UNICACHI = MarketId("unicachi")
SOUNDS_NOW = -1.0

pytestmark = pytest.mark.usefixtures("hands")


def events(journal: Journal, *kinds: type[Event]) -> list[Event]:
    return [row.event for row in journal.rows(kinds=kinds)]


def refused(error: type[BadInput], journal: Journal, act: object, *words: object) -> None:
    before = len(journal.rows())
    with pytest.raises(error) as refusal:
        act(journal, *words)  # type: ignore[operator]
    assert refusal.value.exit_code == 65
    assert len(journal.rows()) == before


def signed(journal: Journal, clock: SetClock, consent: str, voice: str) -> None:
    expires = clock.utc.date() + timedelta(days=90)
    journal.append(ConsentRegistered(consent, voice, "2021", (Scope.LOUDSPEAKERS,), f"F-{consent}", expires, "uno"))


def admit(shelf: Shelf, number: int, revision: int, **facts: object) -> Admitted:
    """A recording of its own, unless it is said whose it is."""
    digest = hashlib.sha256(f"{number} {revision}".encode()).hexdigest()
    return shelf.admit(number, revision, **{"original_sha256": Sha256(digest), **facts})


def test_a_consent_takes_every_revision_that_names_it_and_no_later_one(
    station: Station, journal: Journal, shelf: Shelf
) -> None:
    """A new revision without that voice airs on."""
    admit(shelf, 3, 1, consents=("C-1", "C-2"))
    admit(shelf, 3, 2, consents=("C-2",))
    admit(shelf, 4, 1, consents=("c-1",))
    admit(shelf, 9, 1, consents=("C-9",))
    withdrawn = withdrawal.withdraw_consent(journal, station, " c-1 ", *UNO)
    assert withdrawn.touched == {THREE: 1, FOUR: 1}
    assert [event.episode for event in events(journal, Withdrawn) if isinstance(event, Withdrawn)] == [THREE, FOUR]
    assert events(journal, ConsentWithdrawn) == [ConsentWithdrawn(withdrawn.consents[0], "uno")]
    decisions = decide(journal.rows(kinds=DECISIONS))
    assert (decisions.is_withdrawn(THREE), decisions.is_withdrawn(FOUR)) == (False, True)


def test_a_consent_that_only_the_producer_named_counts_too(
    station: Station, journal: Journal, shelf: Shelf, clock: SetClock
) -> None:
    admitted = admit(shelf, 3, 1)
    signed(journal, clock, "C-1", "v-1")
    journal.append(ConsentConfirmed(THREE, 1, admitted.master_sha256, ("C-1",), "uno"))
    assert withdrawal.withdraw_consent(journal, station, "C-1", *UNO).touched == {THREE: 1}


def test_a_voice_takes_all_her_consents_and_all_she_made(
    station: Station, journal: Journal, shelf: Shelf, clock: SetClock
) -> None:
    for consent, voice in (("C-1", "v-1"), ("C-2", "V-1"), ("C-3", "v-3")):
        signed(journal, clock, consent, voice)
    admit(shelf, 3, 1, consents=("C-2", "C-3"))
    admit(shelf, 4, 1, consents=("C-3",), defenders=("v-1",))
    admit(shelf, 9, 1, consents=("C-3",))
    withdrawn = withdrawal.withdraw_voice(journal, station, "v-1", *UNO)
    assert (withdrawn.touched, withdrawn.consents) == ({THREE: 1, FOUR: 1}, ("C-1", "C-2"))
    assert [event.voice for event in events(journal, Withdrawn) if isinstance(event, Withdrawn)] == ["v-1", "v-1"]


def test_the_same_bytes_under_another_number_go_too(station: Station, journal: Journal, shelf: Shelf) -> None:
    same = Sha256("a" * 64)
    admit(shelf, 3, 1, original_sha256=same)
    admit(shelf, 4, 1, original_sha256=Sha256("b" * 64))
    admit(shelf, 4, 2, original_sha256=same)
    admit(shelf, 4, 3, original_sha256=Sha256("c" * 64))
    admit(shelf, 9, 1, original_sha256=Sha256("d" * 64))
    assert withdrawal.withdraw(journal, station, 3, *UNO).touched == {THREE: 1, FOUR: 2}


def test_what_was_cut_short_is_finished_by_doing_it_again_and_then_refused(
    station: Station, journal: Journal, shelf: Shelf, clock: SetClock
) -> None:
    """The power went after the consent's row: its episodes still get theirs."""
    signed(journal, clock, "C-1", "v-1")
    admit(shelf, 3, 1, consents=("C-1",))
    journal.append(ConsentWithdrawn("C-1", "uno"))
    withdrawal.withdraw_consent(journal, station, "C-1", *UNO)
    assert len(events(journal, ConsentWithdrawn, Withdrawn)) == 2
    refused(no.ConsentIsWithdrawn, journal, withdrawal.withdraw_consent, station, "C-1", *UNO)
    refused(no.VoiceIsWithdrawn, journal, withdrawal.withdraw_voice, station, "v-1", *UNO)
    refused(no.EpisodeWithdrawn, journal, withdrawal.withdraw, station, 3, *UNO)
    assert withdrawal.withdraw(journal, station, 3, *UNO, again=True).touched == {THREE: 1}
    assert len(events(journal, ConsentWithdrawn, Withdrawn)) == 2


def test_what_nobody_knows_is_not_withdrawn(station: Station, journal: Journal) -> None:
    refused(no.ConsentNotKnown, journal, withdrawal.withdraw_consent, station, "C-77", *UNO)
    refused(no.VoiceNotKnown, journal, withdrawal.withdraw_voice, station, "v-77", *UNO)
    refused(no.NothingAdmitted, journal, withdrawal.withdraw, station, 77, *UNO)


def test_a_suspension_stands_before_anybody_is_asked_who_she_is(
    station: Station, journal: Journal, shelf: Shelf
) -> None:
    """The code is put beside it afterwards; a wrong PIN leaves the silence as it is."""
    shelf.admit(3)
    withdrawal.suspend(journal, 3, "uid:1000")
    refused(no.NotSigned, journal, withdrawal.sign_suspension, station, 3, "uno", "9999")
    withdrawal.sign_suspension(journal, station, 3, *UNO)
    assert events(journal, Suspended) == [Suspended(THREE, "uid:1000"), Suspended(THREE, "uno")]
    assert decide(journal.rows(kinds=DECISIONS)).suspended == {THREE}


# What is left to be done


class Trusted(SetClock):
    """A clock by which a play counts."""

    def now(self) -> Instant:
        return replace(super().now(), trust=ClockTrust.SYNCED)


def play(journal: Journal, admitted: Admitted, at: str, played_s: float) -> None:
    airing, now = AiringId(f"2021-06-18T{at}/unicachi"), journal.clock.now().utc
    intent = Intent(
        airing=airing,
        market=UNICACHI,
        episode=admitted.episode,
        revision=admitted.revision,
        master_sha256=admitted.master_sha256,
        due=now,
        late_s=Seconds(0.0),
        expected_s=Seconds(20.0),
        sink="sink",
        player=ProcessId(1, 1),
        witness=None,
    )
    ended = Ended(
        airing=airing,
        market=UNICACHI,
        due=now,
        outcome=Outcome.PLAYED if played_s else Outcome.MISSED,
        reason=Reason.ON_TIME if played_s else Reason.PLAYER_FAILED,
        episode=admitted.episode,
        revision=admitted.revision,
        master_sha256=admitted.master_sha256,
        play=journal.append(intent).play,
        started=now,
        played_s=Seconds(played_s),
    )
    if played_s >= 0:
        journal.append(ended)


def test_where_it_was_heard_is_told_and_where_it_was_not_is_not(journal: Journal, shelf: Shelf) -> None:
    """A rehearsal is heard by nobody, a miss by nobody; what sounds at this moment is there without its length."""
    first, second, other = admit(shelf, 3, 1), admit(shelf, 3, 2), admit(shelf, 9, 1)
    play(journal, first, "09:00", 20.0)
    journal.clock = Trusted()
    play(journal, first, "10:00", 20.0)
    play(journal, first, "11:00", 0.0)
    play(journal, second, "12:00", 20.0)
    play(journal, other, "13:00", 20.0)
    play(journal, first, "14:00", SOUNDS_NOW)
    left = aftermath(journal.rows(kinds=AFTERMATH), {THREE: 1})
    assert [(each.airing[11:16], each.played_s) for each in left.aired] == [("10:00", 20.0), ("14:00", None)]


def test_copies_stay_on_the_list_until_somebody_says_that_they_are_gone(
    station: Station, journal: Journal, shelf: Shelf
) -> None:
    admitted = shelf.admit(3)
    made = [
        copies.register_copy(
            journal, admitted, form=form, copy_sha256=Sha256(f"{number}" * 64), scope="whatsapp", by="uid:1"
        )
        for number, form in enumerate(("mp3", "opus"))
    ]
    withdrawal.withdraw(journal, station, 3, *UNO)
    assert [each.made for each in aftermath(journal.rows(kinds=AFTERMATH), {THREE: 1}).copies] == made
    copies.remove_copy(journal, station, made[0].copy.lower(), *UNO)
    refused(no.CopyGone, journal, copies.remove_copy, station, made[0].copy, *UNO)
    refused(no.CopyUnknown, journal, copies.remove_copy, station, "K-000000", *UNO)
    assert [each.made for each in aftermath(journal.rows(kinds=AFTERMATH), {THREE: 1}).copies] == made[1:]
    assert events(journal, CopyMade, CopyRemoved) == [*made, CopyRemoved(made[0].copy, "uno")]


def test_no_copy_is_registered_of_what_must_not_be_heard(station: Station, journal: Journal, shelf: Shelf) -> None:
    """Decided while the copy was being made: it never gets its place."""
    admitted = shelf.admit(3)
    other = replace(admitted, episode=FOUR)
    withdrawal.suspend(journal, 3, "uid:1000")
    journal.append(Withdrawn(FOUR, 1, "uno"))
    for each, refusal in ((admitted, no.IsSuspended), (other, no.EpisodeWithdrawn)):
        with pytest.raises(refusal):
            copies.register_copy(journal, each, form="mp3", copy_sha256=Sha256("1" * 64), scope="whatsapp")
    assert events(journal, CopyMade) == []


def test_a_consent_confirmed_before_a_shared_part_was_replaced_takes_what_was_built_again(
    station: Station, journal: Journal, shelf: Shelf, clock: SetClock
) -> None:
    """The producer's word carried over, so taking back does too; where she said anew which consents cover it, it does not."""
    signed(journal, clock, "C-1", "v-1")
    signed(journal, clock, "C-2", "v-2")
    own = BuiltPart(PartRole.BLOCK, Sha256("a" * 64))
    for revision in (1, 2, 3):
        part = BuiltPart(PartRole.HELPLINE, Sha256(f"{revision}" * 64), "linea-100")
        original = Sha256(f"{revision + 3}" * 64)
        journal.append(Built(THREE, original, Sha256("5" * 64), (own, part)))
        admitted = admit(shelf, 3, revision, original_sha256=original, consents=("C-2",), consented=False)
        if revision != 2:
            refs = ("C-1", "C-2") if revision == 1 else ("C-2",)
            journal.append(ConsentConfirmed(THREE, revision, admitted.master_sha256, refs, "d-07"))
    assert withdrawal.withdraw_consent(journal, station, "C-1", *UNO).touched == {THREE: 2}


def test_a_row_by_who_is_no_officer_lifts_no_suspension(journal: Journal, shelf: Shelf) -> None:
    admit(shelf, 3, 1)
    journal.append(Suspended(THREE, "uid:1000"))
    journal.append(SuspensionLifted(THREE, "uno"))
    assert decide(journal.rows(kinds=DECISIONS)).suspended == {THREE}
    journal.append(SuspensionLifted(THREE, "oficial"))
    assert decide(journal.rows(kinds=DECISIONS)).suspended == set()
