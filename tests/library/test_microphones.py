"""Who lets a microphone listen, who ends it, and that the rows are judged whoever wrote them."""

from collections.abc import Callable

import pytest
from library_station import HANDS, OFFICER, pin_of

from broadcaster.errors import BadInput
from broadcaster.journal.append import Journal
from broadcaster.journal.events import MicrophoneOff, MicrophoneOn, PersonRetired
from broadcaster.library.decisions import decisions_of
from broadcaster.library.microphones import MicrophoneIsOn, MicrophoneTaken, switch_off, switch_on
from broadcaster.library.people_refusals import UnknownCode, WrongPin
from broadcaster.library.refusals import NotOfficer
from broadcaster.model import MarketId

pytestmark = pytest.mark.usefixtures("hands")

HERE, THERE = MarketId("unicachi"), MarketId("el-bosque")


def on(journal: Journal) -> dict[MarketId, str]:
    return decisions_of(journal).microphones


def test_the_protection_officer_allows_it_and_anybody_ends_it(journal: Journal) -> None:
    assert on(journal) == {}
    switch_on(journal, HERE, "mic", OFFICER, pin_of(OFFICER))
    assert on(journal) == {HERE: "mic"}
    row = switch_off(journal, HERE, "uid:1000")
    assert row is not None
    assert row.event == MicrophoneOff(HERE, "uid:1000")
    assert on(journal) == {}
    assert switch_off(journal, HERE, "uid:1000") is None


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda journal: switch_on(journal, THERE, "otro", HANDS[0], pin_of(HANDS[0])), NotOfficer),
        (lambda journal: switch_on(journal, THERE, "otro", "nadie-1", "1234"), UnknownCode),
        (lambda journal: switch_on(journal, THERE, "otro", OFFICER, "9999"), WrongPin),
        (lambda journal: switch_on(journal, HERE, "mic", OFFICER, pin_of(OFFICER)), MicrophoneIsOn),
        (lambda journal: switch_on(journal, THERE, "mic", OFFICER, pin_of(OFFICER)), MicrophoneTaken),
    ],
    ids=["another's role", "unknown", "wrong PIN", "on already", "hangs elsewhere"],
)
def test_what_is_refused_writes_nothing(
    journal: Journal, act: Callable[[Journal], object], refusal: type[BadInput]
) -> None:
    switch_on(journal, HERE, "mic", OFFICER, pin_of(OFFICER))
    rows = journal.rows()
    with pytest.raises(refusal):
        act(journal)
    assert journal.rows() == rows


def test_another_microphone_takes_the_first_ones_place(journal: Journal) -> None:
    for source in ("mic", "otro"):
        switch_on(journal, HERE, source, OFFICER, pin_of(OFFICER))
    assert on(journal) == {HERE: "otro"}


@pytest.mark.parametrize("by", [HANDS[0], "nadie-1", ""])
def test_a_row_by_somebody_who_was_not_allowed_counts_for_nothing(journal: Journal, by: str) -> None:
    journal.append(MicrophoneOn(HERE, "mic", by))
    assert on(journal) == {}


def test_what_an_officer_allowed_outlasts_her_office(journal: Journal) -> None:
    switch_on(journal, HERE, "mic", OFFICER, pin_of(OFFICER))
    journal.append(PersonRetired(OFFICER, OFFICER))
    assert on(journal) == {HERE: "mic"}
