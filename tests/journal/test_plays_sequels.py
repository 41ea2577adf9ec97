"""What came after the ends, read from the database a few rows at a time, is what all rows come to; and is followed."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_makegoods import ends, orders, words
from written import write

from broadcaster.journal import fold
from broadcaster.journal import playlog as reader
from broadcaster.journal.events import Event
from broadcaster.journal.playlog import PlayLog
from broadcaster.journal.reading import read
from broadcaster.model import ClockTrust
from broadcaster.store.engine import open_to_write, url_of


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows, to be copied: laying one out takes time."""
    path = tmp_path_factory.mktemp("empty") / "journal.db"
    open_to_write(url_of(path)).close()
    return path


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "AT_ONCE", 2)


@given(history=st.lists(st.one_of(ends, orders, words), max_size=14), cut=st.integers(0, 14))
@settings(max_examples=60)
def test_make_goods_and_words_are_read_with_their_airings_and_a_word_tells_its_airing_again(
    empty: Path, history: Sequence[Event], cut: int
) -> None:
    rows = [(("a1", 1, seq), ClockTrust.SYNCED, event) for seq, event in enumerate(history, start=1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, folder))
        log = PlayLog(write(path, rows[:cut]))
        told = {record.airing: record for record in log.plays()}
        url = write(path, rows[cut:])
        told |= {record.airing: record for record in log.newer()}
        whole = fold.plays(read(url, kinds=fold.FOR_PLAYS, everyone=True))
        assert list(log.plays()) == whole
        log.close()
    assert told.keys() == {record.airing for record in whole}
    for record in whole:
        after = told[record.airing].sequel
        assert (after.confirmed, after.declared) == (record.sequel.confirmed, record.sequel.declared)
