"""The operating system's errors in words for people."""

import os
from pathlib import Path

import pytest

from broadcaster import locale
from broadcaster.locale.system import CLAUSES, clause


@pytest.mark.parametrize("number", CLAUSES)
def test_every_known_error_is_said_in_spanish(number: int) -> None:
    locale.use("es")
    assert clause(OSError(number, os.strerror(number))) not in {os.strerror(number), CLAUSES[number]}


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    locale.use("es")
    with pytest.raises(OSError) as caught:  # noqa: PT011  its words are what is tested
        (tmp_path / "nothing").open()
    assert clause(caught.value) == "no existe ese archivo o carpeta"


def test_an_unknown_error_keeps_the_systems_words() -> None:
    assert clause(OSError(9999, "odd")) == "odd"
