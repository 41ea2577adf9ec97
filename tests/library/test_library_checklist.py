"""An approval is six answers by somebody who did not make the episode; what puts a person at risk is not approved."""

import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from library_station import CLEAN, DEFENDER, THREE, Approve, Shelf, pin_of, refused
from people_at_hand import ANSWERS
from people_at_hand import CLEAN as ANSWERED

from broadcaster.cli import episode_decisions
from broadcaster.cli.answers import AnswersNeeded, BadAnswers, ask_all
from broadcaster.cli.program import run
from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Approved, PartAdded, PersonRegistered
from broadcaster.library.approving import ChecklistIncomplete, NotClean, OwnEpisode, approve
from broadcaster.library.approving import approve as put_approval
from broadcaster.library.catalogue import statuses
from broadcaster.library.decisions import DECISIONS, decide
from broadcaster.library.people_refusals import NotAllowed
from broadcaster.library.refusals import NewerVersion
from broadcaster.library.signing import confirm_consents
from broadcaster.model import PartRole, Question, Reason, Role, Sha256

UNCLEAN = [question for question in Question if question is not Question.MINORS]


@pytest.mark.parametrize("question", UNCLEAN)
def test_what_puts_somebody_at_risk_is_not_approved(
    station: Station, journal: Journal, shelf: Shelf, hands: None, question: Question
) -> None:
    shelf.admit()
    words = (journal, station, 3, "uno", pin_of("uno"))
    refused(journal, NotClean, approve, *words, answers={**CLEAN, question: True})


def test_every_question_is_answered(station: Station, journal: Journal, shelf: Shelf, hands: None) -> None:
    shelf.admit()
    some = {question: answer for question, answer in CLEAN.items() if question is not Question.WHEREABOUTS}
    refused(journal, ChecklistIncomplete, approve, journal, station, 3, "uno", pin_of("uno"), answers=some)


def test_the_answers_are_on_record_as_codes(station: Station, journal: Journal, shelf: Shelf, approve: Approve) -> None:
    shelf.admit()
    approve(3, "uno")
    event = journal.rows()[-1].event
    assert isinstance(event, Approved)
    assert {answer.question: answer.yes for answer in event.answers} == CLEAN


def test_nobody_approves_what_she_made_and_only_approvers_do(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    shelf.admit()
    shelf.admit(number=4, defenders=("uno",))
    refused(journal, NotAllowed, approve, journal, station, 3, DEFENDER, pin_of(DEFENDER), answers=CLEAN)
    refused(journal, OwnEpisode, approve, journal, station, 4, "uno", pin_of("uno"), answers=CLEAN)


@pytest.mark.parametrize(
    ("code", "answers"),
    [("uno", ()), ("uno", ANSWERED[1:]), ("nadie", ANSWERED), (DEFENDER, ANSWERED), ("d-08", ANSWERED)],
    ids=["no checklist", "a question short", "unregistered", "its maker", "no approver"],
)
def test_a_row_round_the_act_that_breaks_a_rule_counts_for_nothing(
    shelf: Shelf, approve: Approve, code: str, answers: tuple[object, ...]
) -> None:
    admitted = shelf.admit()
    approve(3, "dos")
    shelf.write(Approved(THREE, 1, admitted.master_sha256, code, answers=answers))  # type: ignore[arg-type]
    assert shelf.status().reason is Reason.NOT_APPROVED
    approve(3, "uno")
    assert shelf.status().reason is None


def test_who_becomes_an_approver_later_had_not_approved(shelf: Shelf, approve: Approve) -> None:
    """What counts is what she was allowed when she said so; and it goes on counting when she is retired."""
    admitted = shelf.admit()
    approve(3, "dos")
    shelf.write(Approved(THREE, 1, admitted.master_sha256, "nueva-1", answers=ANSWERED))
    shelf.write(PersonRegistered("nueva-1", (Role.APPROVER,), "oficial"))
    assert shelf.status().reason is Reason.NOT_APPROVED
    shelf.write(Approved(THREE, 1, admitted.master_sha256, "nueva-1", answers=ANSWERED))
    assert shelf.status().reason is None


def test_the_first_release_s_record_folds_and_lets_nothing_air_that_lacks_what_is_asked_now(
    station: Station, tmp_path: Path
) -> None:
    """Its defenders are producers; its approvals had no checklist."""
    sql = (Path(__file__).parents[1] / "journal" / "first_release.sql").read_text(encoding="utf-8")
    database = tmp_path / "data" / "broadcaster.db"
    database.parent.mkdir(exist_ok=True)
    with sqlite3.connect(database) as older:
        older.executescript(sql)
    from broadcaster.journal.reading import read  # noqa: PLC0415  beside its only use

    rows = read(station.database, kinds=DECISIONS)
    decisions = decide(rows)
    assert {code: person.retired for code, person in decisions.defenders.items()} == {"d-07": False, "d-08": True}
    newest = decisions.newest(THREE)
    assert newest is not None
    assert newest.consent_refs == ("2021-014",)
    found = statuses(station, rows, rows[-1].utc.date(), samples_may_air=False)
    assert all(found[number].reason is not None for number in decisions.numbers())


# As they are asked

QUESTIONS = {"names": "¿Nombres?", "minors": "¿Menores?"}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_answers_may_come_line_by_line_in_either_language(typed: Callable[[str], None]) -> None:
    typed("Sí\nno\n")
    assert ask_all(QUESTIONS, None) == {"names": True, "minors": False}
    typed("perhaps\ny\nN\n")
    assert ask_all(QUESTIONS, None) == {"names": True, "minors": False}


@pytest.mark.parametrize(
    "words",
    [
        ("episode", "approve", "3", "--as", "uno"),
        ("episode", "confirm-consent", "3", "--as", DEFENDER),
        ("part", "approve", "saludo", "--as", "uno"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_wrong_pin_is_told_before_the_questions_and_is_one_try(  # noqa: PLR0917  fixtures
    station: Station,
    journal: Journal,
    shelf: Shelf,
    hands: None,
    typed: Callable[[str], None],
    capfd: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    """Nothing more is typed than the PIN: it is that which is told, not that the answers are wanting."""
    shelf.admit()
    journal.append(PartAdded("saludo", PartRole.GREETING, Sha256("a" * 64), DEFENDER))
    for left in (4, 3):
        typed("0000\n")
        assert run(["--station", str(station.root), "--language", "en", *words]) == 65
        assert f"{left} more tries are left" in capfd.readouterr().err


def test_no_answer_stands_ready(typed: Callable[[str], None]) -> None:
    """An empty line is no answer."""
    typed("no\n\n")
    with pytest.raises(AnswersNeeded):
        ask_all(QUESTIONS, None)


@pytest.mark.parametrize(
    "text", ["", "names = false\n", ANSWERS + "more = true\n", 'names = "no"\nminors = false\n', "="]
)
def test_a_file_answers_every_question_and_no_other(tmp_path: Path, text: str) -> None:
    (tmp_path / "answers").write_text(text, encoding="utf-8")
    with pytest.raises(BadAnswers):
        ask_all(QUESTIONS, tmp_path / "answers")


def test_nobody_answers_for_a_version_that_came_while_she_listened(
    station: Station, journal: Journal, shelf: Shelf, hands: None
) -> None:
    heard = shelf.admit().master_sha256
    shelf.admit(revision=2)
    approver, producer = (journal, station, 3, "uno", pin_of("uno")), (journal, station, 3, DEFENDER, pin_of(DEFENDER))
    refused(journal, NewerVersion, put_approval, *approver, answers=CLEAN, heard=heard)
    refused(journal, NewerVersion, confirm_consents, *producer, every_voice=True, heard=heard)


def test_nor_does_she_at_a_terminal(
    station: Station, journal: Journal, shelf: Shelf, hands: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes while she answers the questions."""
    shelf.admit()
    pin = station.root / "pin"
    pin.write_text(pin_of("uno"))

    def meanwhile(_file: Path | None) -> dict[Question, bool]:
        shelf.admit(revision=2)
        return CLEAN

    monkeypatch.setattr(episode_decisions, "ask_checklist", meanwhile)
    words = ["episode", "approve", "3", "--as", "uno", "--pin-file", str(pin)]
    assert run(["--station", str(station.root), *words]) == 65
    assert not [row for row in journal.rows() if isinstance(row.event, Approved)]


def test_who_made_an_earlier_revision_approves_no_later_one(
    station: Station, journal: Journal, shelf: Shelf, hands: None, approve: Approve
) -> None:
    """What she recorded may be in it still, though another producer is named with it now."""
    shelf.admit(defenders=("uno",))
    admitted = shelf.admit(revision=2)
    refused(journal, OwnEpisode, put_approval, journal, station, 3, "uno", pin_of("uno"), answers=CLEAN)
    approve(3, "dos")
    shelf.write(Approved(THREE, 2, admitted.master_sha256, "uno", answers=ANSWERED))
    assert shelf.status().reason is Reason.NOT_APPROVED
    approve(3, "tres")
    assert shelf.status().reason is None
