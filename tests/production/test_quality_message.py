"""What was noticed is said in sentences that can be sent on."""

import re
import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from intake_station import IntakeStation
from quality_signals import RATE_HZ, real_voice, silence
from recordings import ffmpeg

from broadcaster.cli.program import run
from broadcaster.locale import use
from broadcaster.sound.findings import KINDS, finding, in_minutes

Capture = pytest.CaptureFixture[str]
JARGON = re.compile(r"\b(dB|dBFS|dBTP|LUFS|LU|RMS|Hz|kHz|clip|SNR|offset|fase|phase|umbral|threshold)\b")
FIGURES = {"levelled", "levelled_for_horns", "short_of_loudness", "odd_sample_rate"}
"""Sentences that a figure belongs in."""


def _filled(code: str, language: str, at_s: float | None) -> str:
    use(language)
    try:
        kind = KINDS[code]
        names = {
            name for text in (kind.sentence, kind.placed) for _, name, _, _ in string.Formatter().parse(text) if name
        }
        facts: dict[str, object] = {name: f"«{name}»" for name in names - {"at"}}
        return finding(code, at_s=at_s, **facts).text
    finally:
        use("es")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("code", sorted(set(KINDS) - FIGURES))
def test_a_sentence_has_no_word_of_the_trade_and_says_what_to_do(code: str, language: str) -> None:
    said = [_filled(code, language, 200.0)]
    if "{at}" not in KINDS[code].sentence:
        said.append(_filled(code, language, None))
    for text in said:
        assert not JARGON.search(text), text
        assert len(re.findall(r"[.:;] \w", text)) >= 1, text


def test_a_place_is_said_in_minutes_and_seconds() -> None:
    assert [in_minutes(each) for each in (0, 12.4, 59.6, 200, 4530)] == ["0:00", "0:12", "1:00", "3:20", "75:30"]
    placed = finding("hum", at_s=200.04)
    assert (placed.at_s, "3:20" in placed.text) == (200.0, True)
    assert finding("hum").at_s is None


@pytest.mark.parametrize("code", ["levelled", "levelled_for_horns"])
def test_of_three_words_no_range_is_told(code: str) -> None:
    facts: dict[str, Any] = dict.fromkeys(("before_lufs", "after_lufs", "limited_db", "raised_db", "lowered_db"), "1.0")
    assert finding(code, before_lu="7.0", after_lu="4.0", **facts).text.count(" LU ") == 1
    bare = finding(code, before_lu=None, after_lu=None, **facts).text
    assert " LU " not in bare and "None" not in bare and "LUFS" in bare  # noqa: PT018


def test_findings_become_a_message_to_the_producer(
    tmp_path: Path, intake_station: IntakeStation, capfd: Capture
) -> None:
    voice = real_voice(62.0)
    signal = np.concatenate([voice[: 20 * RATE_HZ], silence(6), voice[20 * RATE_HZ :], silence(5)])
    signal.astype("<f4").tofile(tmp_path / "raw")
    ffmpeg("-f", "f32le", "-ar", str(RATE_HZ), "-ac", "1", "-i", str(tmp_path / "raw"), str(tmp_path / "rec.wav"))
    facts = ("--number", "5", "--title", "Secreta", "--defender", "d-07")
    station = ("--station", str(intake_station.station.root), "--language", "es")
    assert _spanish(station, "episode", "add", str(tmp_path / "rec.wav"), *facts) == 0
    capfd.readouterr()
    assert _spanish(station, "episode", "findings", "5", "--whatsapp") == 0
    message = capfd.readouterr().out
    assert message == (
        "Hola. Escuchamos la grabación del *episodio 5* (versión 1, 1:13 minutos).\n\n"
        "Antes de que salga al aire, por favor revise esto:\n"
        "• En el minuto 0:20 hay 6 segundos de silencio. En un mercado la gente cree que ya terminó: acórtelo.\n\n"
        "Para tener en cuenta:\n"
        "• Desde el minuto 1:08 ya no se oye nada: son 5 segundos de silencio. Corte el final.\n\n"
        "Puede mandar la nueva grabación por aquí. ¡Gracias!\n"
    )
    assert [each["at_s"] for each in intake_station.json(capfd, "episode", "findings", "5")][:2] == pytest.approx(
        [20, 68], abs=0.5
    )


def _spanish(station: tuple[str, ...], *words: str) -> int:
    return run([*station, *words])
