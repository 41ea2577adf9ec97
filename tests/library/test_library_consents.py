"""No voice is heard without a signed form for that use on that day, and the producer's word that none is missing."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from library_station import CLEAN, DEFENDER, OTHER_DEFENDER, THREE, TODAY, Approve, SetClock, Shelf, pin_of, refused
from people_at_hand import consented

from broadcaster import locale
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Admitted, ConsentConfirmed, ConsentRegistered, ConsentWithdrawn
from broadcaster.library import signing
from broadcaster.library.approving import MinorsNeedForms, NeverUrgent, approve
from broadcaster.library.catalogue import rules_of
from broadcaster.library.decisions import decisions_of
from broadcaster.library.gates import objections
from broadcaster.library.people_refusals import NotAllowed, UnknownCode, WrongPin
from broadcaster.library.refusals import MasterChanged, NothingAdmitted
from broadcaster.library.register import Consent
from broadcaster.model import Question, Reason, Scope

SHIPPED_SEASON = Path(__file__).parents[2] / "schedules" / "2021-junio-julio.toml"
SPEAKERS = (Scope.LOUDSPEAKERS,)
FORM = Consent("C-1", "v-03", "2021-junio-julio", SPEAKERS, "F-1", TODAY + timedelta(days=60), "oficial")
YES: Any = {"every_voice": True}


def said(station: Station, journal: Journal, *, day: date = TODAY, scope: Scope = Scope.LOUDSPEAKERS) -> list[str]:
    """What people are told of the consents of episode 3, in English."""
    rules = rules_of(station, day, samples_may_air=False)
    found = objections(THREE, decisions_of(journal), rules, scope)
    spoken = locale.language()
    locale.use("en")
    try:
        return [each.sentence for each in found if each.reason is Reason.NO_CONSENT]
    finally:
        locale.use(spoken)


def signed(shelf: Shelf, ref: str, **facts: object) -> None:
    """A form in the register, written round the act."""
    row = ConsentRegistered(ref, f"v-{ref}", "2021", SPEAKERS, f"F-{ref}", TODAY, "oficial")
    shelf.write(replace(row, **facts))  # type: ignore[arg-type]


def confirmed(shelf: Shelf, admitted: Admitted, *refs: str, **facts: object) -> None:
    """The producer's word, written round the act."""
    row = ConsentConfirmed(admitted.episode, admitted.revision, admitted.master_sha256, refs, DEFENDER)
    shelf.write(replace(row, **facts))  # type: ignore[arg-type]


# The gate


def test_each_thing_that_a_consent_lacks_is_told_by_its_reference(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    """None named, then unknown, ended, for another use, taken back, unconfirmed: each shuts the gate alone."""
    shelf.admit(consents=(), consented=False)
    approve(3, "uno", "dos")
    assert ["names no consent" in each for each in said(station, journal)] == [True]
    admitted = shelf.admit(revision=2, consents=("C-9",), consented=False)
    shelf.write(*list(consented(replace(admitted, consents=())))[1:])
    confirmed(shelf, admitted, "C-9")
    assert ["C-9 is not in the register" in each for each in said(station, journal)] == [True]
    signed(shelf, "C-9", expires=TODAY)
    assert said(station, journal) == []
    assert ["C-9 ended" in each for each in said(station, journal, day=TODAY + timedelta(days=1))] == [True]
    found = said(station, journal, scope=Scope.FACEBOOK)
    assert ["does not cover this use (Facebook)" in each for each in found] == [True]
    shelf.write(ConsentWithdrawn("C-9", "oficial"))
    assert ["C-9 was taken back" in each for each in said(station, journal)] == [True]
    approve(3, "uno", "dos")
    assert shelf.status().reason is Reason.NO_CONSENT


def test_without_the_producers_word_nothing_airs(
    station: Station, journal: Journal, shelf: Shelf, approve: Approve
) -> None:
    admitted = shelf.admit()
    approve(3, "uno", "dos")
    assert shelf.status().reason is None
    again = shelf.admit(revision=2, consented=False)
    approve(3, "uno", "dos")
    assert shelf.status().reason is Reason.NO_CONSENT
    confirmed(shelf, again, "C-2021-014", by=OTHER_DEFENDER)  # she did not make it
    confirmed(shelf, again, "C-2021-014", by="uno")  # she is no producer
    confirmed(shelf, admitted, "C-2021-014")  # of another recording
    assert shelf.status().reason is Reason.NO_CONSENT
    confirmed(shelf, again, "C-2021-014")
    assert shelf.status().reason is None


def test_what_the_episode_names_and_the_register_knows_cannot_be_left_out(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    """A consent that was taken back stays in the way; a mistyped reference does not."""
    signed(shelf, "C-1", expires=TODAY + timedelta(days=9))
    signed(shelf, "C-2", expires=TODAY + timedelta(days=9))
    admitted = shelf.admit(consents=("C-1", "C-77"), consented=False)
    signing.confirm_consents(journal, station, 3, DEFENDER, pin_of(DEFENDER), refs=["C-2"], **YES)
    assert decisions_of(journal).confirmed[admitted.episode, 1, admitted.master_sha256].consents == ("C-2", "C-1")
    assert said(station, journal) == []
    shelf.write(ConsentWithdrawn("C-1", "oficial"))
    assert len(said(station, journal)) == 1


def test_an_older_rows_only_consent_is_judged_like_any(station: Station, journal: Journal, shelf: Shelf) -> None:
    shelf.admit(consent="C-1", consents=())
    assert said(station, journal) == []


def test_a_row_of_somebody_who_keeps_no_register_is_no_consent(
    station: Station, journal: Journal, shelf: Shelf
) -> None:
    for by in ("tres", DEFENDER, "nadie"):
        signed(shelf, f"C-{by[-1]}", by=by)
    assert decisions_of(journal).consents == {}


# The register


def test_a_signed_form_comes_into_the_register_by_who_keeps_it(station: Station, journal: Journal, hands: None) -> None:
    add = (signing.register_consent, journal, station)
    refused(journal, UnknownCode, *add, replace(FORM, by="nadie"), "1234")
    for by in ("tres", DEFENDER):
        refused(journal, NotAllowed, *add, replace(FORM, by=by), pin_of(by))
    refused(journal, WrongPin, *add, FORM, "0000")
    signing.register_consent(journal, station, FORM, pin_of("oficial"))
    assert decisions_of(journal).consents["C-1"] == FORM
    refused(journal, signing.ConsentKnown, *add, replace(FORM, ref="c-1", voice="v-09"), pin_of("oficial"))
    refused(journal, signing.VoiceHasConsent, *add, replace(FORM, ref="C-2"), pin_of("oficial"))
    signing.register_consent(journal, station, replace(FORM, ref="C-2", season="2022"), pin_of("oficial"))


@pytest.mark.parametrize("field", ["ref", "voice", "form", "guardian_form"])
def test_what_may_be_a_name_is_no_reference(station: Station, journal: Journal, hands: None, field: str) -> None:
    for text in ("María", "carta de la señora 7", "../7", "x" * 40 + "1"):
        form = replace(FORM, **{field: text})  # type: ignore[arg-type]
        refused(journal, signing.BadReference, signing.register_consent, journal, station, form, pin_of("oficial"))


def test_a_form_says_a_season_a_day_to_come_and_a_guardian(station: Station, journal: Journal, hands: None) -> None:
    add = (signing.register_consent, journal, station)
    refused(journal, signing.BadSeason, *add, replace(FORM, season="La de María"), pin_of("oficial"))
    over = replace(FORM, expires=TODAY - timedelta(days=1))
    refused(journal, signing.AlreadyOver, *add, over, pin_of("oficial"))
    station.schedules.mkdir()
    shutil.copy(SHIPPED_SEASON, station.schedules)
    refused(journal, signing.BeyondSeason, *add, replace(FORM, expires=date(2021, 7, 31)), pin_of("oficial"))
    minor = replace(FORM, minor=True, expires=date(2021, 7, 30))
    refused(journal, signing.GuardianNeeded, *add, minor, pin_of("oficial"))
    signing.register_consent(journal, station, replace(minor, guardian_form="F-2"), pin_of("oficial"))


# The producer's word


def test_a_producer_confirms_what_she_made_when_every_voice_has_signed(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    yes = (signing.confirm_consents, journal, station, 3, DEFENDER, pin_of(DEFENDER))
    refused(journal, NothingAdmitted, *yes, **YES)
    shelf.admit(consented=False)
    refused(journal, signing.ConsentUnusable, *yes, **YES)
    signed(shelf, "C-2021-014")
    other = (journal, station, 3, OTHER_DEFENDER, pin_of(OTHER_DEFENDER))
    refused(journal, signing.NotHerEpisode, signing.confirm_consents, *other, **YES)
    refused(journal, NotAllowed, signing.confirm_consents, journal, station, 3, "uno", pin_of("uno"), **YES)
    refused(journal, signing.NotEveryVoice, *yes, every_voice=False)
    refused(journal, signing.MinorsDiffer, *yes, every_voice=True, minors=True)
    signing.confirm_consents(journal, station, 3, DEFENDER, pin_of(DEFENDER), **YES)
    shelf.admit(number=4, consents=(), consented=False)
    refused(
        journal, signing.NoConsents, signing.confirm_consents, journal, station, 4, DEFENDER, pin_of(DEFENDER), **YES
    )


def test_she_confirms_the_audio_that_was_admitted(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    signed(shelf, "C-2021-014")
    shelf.admit(consented=False)
    (station.episodes / "003" / "master.flac").write_bytes(b"another programme")
    yes = (signing.confirm_consents, journal, station, 3, DEFENDER, pin_of(DEFENDER))
    refused(journal, MasterChanged, *yes, **YES)


# Minors, and a survivor's story


def test_minors_need_a_guardians_form_and_are_never_urgent(
    station: Station, journal: Journal, shelf: Shelf, hands: None, clock: SetClock
) -> None:
    """Whoever of the three said that a minor speaks: an approver, the producer, the form."""
    shelf.admit()
    minors = {**CLEAN, Question.MINORS: True}
    words = (journal, station, 3, "uno", pin_of("uno"))
    refused(journal, MinorsNeedForms, approve, *words, answers=minors)
    signed(shelf, "C-5", minor=True, guardian_form="F-6", expires=TODAY + timedelta(days=9))
    signing.confirm_consents(journal, station, 3, DEFENDER, pin_of(DEFENDER), refs=["C-5"], **YES)
    urgent = (journal, station, 3, "oficial", pin_of("oficial"))
    refused(journal, NeverUrgent, approve, *urgent, answers=CLEAN, urgent=True)
    approve(*words, answers=minors)
    approve(journal, station, 3, "dos", pin_of("dos"), answers=minors)
    assert shelf.status().reason is None


def test_an_urgent_approval_falls_when_a_minor_or_a_story_is_found_later(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    admitted = shelf.admit()
    approve(journal, station, 3, "oficial", pin_of("oficial"), answers=CLEAN, urgent=True)
    assert shelf.status().reason is None
    confirmed(shelf, admitted, "C-2021-014", testimony=True)
    assert shelf.status().reason is Reason.NOT_APPROVED
    approve(journal, station, 3, "uno", pin_of("uno"), answers=CLEAN)
    assert shelf.status().reason is None


def test_what_was_taken_back_before_it_was_registered_carries_nothing(
    station: Station, journal: Journal, shelf: Shelf, hands: None, approve: Approve
) -> None:
    """Whatever the order of the rows and however its letters are written; and no act brings it back."""
    shelf.write(ConsentWithdrawn("c-9", "oficial"))
    refused(
        journal,
        signing.ConsentTakenBack,
        signing.register_consent,
        journal,
        station,
        replace(FORM, ref="C-9"),
        pin_of("oficial"),
    )
    signed(shelf, "C-9")
    confirmed(shelf, shelf.admit(consents=("C-9",), consented=False), "C-9")
    approve(3, "uno", "dos")
    assert "C-9 was taken back" in said(station, journal)[0]
    assert shelf.status().reason is Reason.NO_CONSENT


def test_a_reference_in_other_letters_leaves_no_consent_out(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    """Named as ``c-9``, it is the form ``C-9``, which ended; confirming another one does not get round it."""
    signed(shelf, "C-9", expires=TODAY - timedelta(days=1))
    signed(shelf, "C-2")
    confirmed(shelf, shelf.admit(consents=("c-9",), consented=False), "C-2")
    assert ["C-9 ended" in each for each in said(station, journal)] == [True]
