"""A stranger's file goes through ``episode add``: it is admitted with a conforming master, or refused with one sentence."""

import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from intake_station import IntakeStation
from master_meter import file_by_ffmpeg
from process_tree import tree

TARGET_LUFS, CEILING_DBTP = -19.0, -1.5
LANGUAGES = ("es", "en")


@dataclass(frozen=True)
class _Spoken(IntakeStation):
    """The station, in a language."""

    language: str

    def call(self, *words: str | Path) -> int:
        return super().call("--language", self.language, *words)


@dataclass
class Judge:
    """One station to which file after file is brought."""

    station: IntakeStation
    capfd: pytest.CaptureFixture[str]
    _numbers: "count[int]" = field(default_factory=lambda: count(100))

    def __call__(self, file: Path) -> str | None:
        """Bring a file; the sentence with which it is refused, ``None`` when it is admitted.

        Fails for everything else: a traceback, a file or a process left behind, a master too quiet, too loud or missing.
        """
        number = next(self._numbers)
        children, before = tree(os.getpid()), self._names()
        self.capfd.readouterr()
        code = _Spoken(self.station.station, LANGUAGES[number % len(LANGUAGES)]).add(file, number)
        said = self.capfd.readouterr()
        assert tree(os.getpid()) == children
        assert self.station.staged() == []
        if code == 0:
            self._conforms(number, said.out)
            return None
        assert code == 65, said.err
        assert self._names() == before
        assert said.out == ""
        (sentence,) = said.err.splitlines()
        assert sentence.endswith(".")
        return sentence

    def _names(self) -> set[Path]:
        return set(self.station.station.episodes.rglob("*"))

    def _conforms(self, number: int, said: str) -> None:
        loudness, peak = file_by_ffmpeg(self.station.station.episodes / f"{number}" / "master.flac")
        assert peak <= CEILING_DBTP + 0.05
        assert loudness <= TARGET_LUFS + 0.2
        if " LU " not in said:  # no shortfall was told
            assert loudness >= TARGET_LUFS - 0.3
