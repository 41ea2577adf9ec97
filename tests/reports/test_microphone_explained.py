"""Whether an airing came out in the market stands at the end of its chain, beside what left the computer."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from test_explanation import AIRING, DUE, ROOT, UNICACHI, Told, ended, intent, promise

from broadcaster.cli.program import run
from broadcaster.journal.events import Listened, PlanAccepted, Started
from broadcaster.library.hearings import PROBLEMS, SENTENCES, WORDS
from broadcaster.model import Deaf, Hearing, Outcome, Reason, Sha256
from broadcaster.reports.explanation import Mark, Stage


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Aired on the minute, whole, as far as the computer knows."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    shutil.copytree(ROOT / "schedules", tmp_path / "schedules")
    record = Told(tmp_path)
    record.at(3600, Started("0", 1, (UNICACHI,)), PlanAccepted(Sha256("f" * 64), (promise(),)))
    return record


def heard(told: Told, hearing: Hearing, **facts: object) -> None:
    play = told.at(3, intent()).play
    told.at(-490, ended(Outcome.PLAYED, Reason.ON_TIME, 484.0, play=play))
    said = Listened(AIRING, UNICACHI, DUE, play, "mic", hearing)
    told.at(-493, replace(said, **facts))  # type: ignore[arg-type]


def lines(told: Told) -> list[tuple[Mark, str]]:
    return [(step.mark, step.sentence) for step in told.explained().steps if step.stage is Stage.EVIDENCE]


def test_what_was_heard_says_how_much_and_is_the_proof(told: Told) -> None:
    heard(told, Hearing.HEARD, blocks=96, found=90, score=0.94, level_db=-3.2, talked_over=4, missing=2)
    said = lines(told)
    assert [mark for mark, _sentence in said] == [Mark.OK, Mark.NOTE, Mark.OK, Mark.NOTE, Mark.NOTE]
    assert said[2][1] == "El micrófono del mercado la oyó: 90 de 96 partes de cinco segundos, a -3 dB de lo demás."
    assert said[1][1] == "Un micrófono lo escuchó en el mercado."
    assert said[3][1].startswith("En 4 partes")
    assert said[4][1].startswith("2 partes")
    assert told.explained().broke_at is None


@pytest.mark.parametrize("hearing", [Hearing.SILENT, Hearing.OTHER, Hearing.UNSURE])
def test_what_was_not_heard_stands_beside_the_machines_word_and_breaks_nothing(told: Told, hearing: Hearing) -> None:
    heard(told, hearing, blocks=96)
    found = told.explained()
    assert (found.outcome, found.reason, found.broke_at) == (Outcome.PLAYED, Reason.ON_TIME, None)
    assert lines(told)[-1][0] is Mark.NOTE


def test_a_microphone_with_nothing_to_say_says_why(told: Told) -> None:
    heard(told, Hearing.UNSURE, problem=Deaf.SWITCHED_OFF)
    assert lines(told)[-1][1] == "Alguien apagó el micrófono del mercado, así que no dice nada de esto."


def test_every_word_and_every_problem_has_its_sentence() -> None:
    assert set(WORDS) == set(SENTENCES) == set(Hearing)
    assert set(PROBLEMS) == set(Deaf)


def test_the_log_shows_it_beside_the_proof_and_gives_it_to_programs(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    heard(told, Hearing.HEARD, blocks=96, found=90, score=0.94, level_db=-3.2, talked_over=1)
    log = ["--station", str(told.root), "--language", "en", "plays"]
    assert run(log) == 0
    shown = capsys.readouterr().out
    assert "heard in the market" in shown
    assert "heard, talked over in 1 part" in shown
    assert run([*log, "--json"]) == 0
    said = capsys.readouterr().out
    assert '"evidence": "microphone"' in said
    assert (
        '"listened": {"hearing": "heard", "blocks": 96, "found": 90, "score": 0.94, "level_db": -3.2, "talked_over": 1, '
        '"problem": null}' in said
    )
