"""A sealed file opens whole and as it was, or not at all, whatever its list says of it; and a list says little."""

import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from broadcaster.hub import stick
from broadcaster.hub.listing import LARGEST, ROWS, Listing, Part, Way, as_text, listing_from
from broadcaster.hub.refusals import HalfCopied, Tampered
from broadcaster.hub.sealing import PIECE, pieces_of, seal_into, sealed_size, unsealed
from broadcaster.model import MarketId, Sha256

HEADER, MORE = 24, 17
"""Bytes that libsodium's secret stream adds to a file and to each piece (its documentation)."""
KEY = bytes(range(32))
TEXT = bytes(PIECE) + b"b" * PIECE + b"the end"
STEP = PIECE + MORE


def sealed(text: bytes = TEXT) -> bytes:
    target = BytesIO()
    seal_into(target, pieces_of(BytesIO(text)), KEY, lambda _size: None)
    return target.getvalue()


def opened(text: bytes, key: bytes = KEY) -> bytes:
    return b"".join(unsealed(BytesIO(text), key, "x"))


@pytest.mark.parametrize("text", [b"", b"x", bytes(PIECE), TEXT])
def test_what_was_sealed_comes_out_and_is_as_long_as_was_said(text: bytes) -> None:
    assert opened(sealed(text)) == text
    assert len(sealed(text)) == sealed_size(len(text))


def test_pieces_cannot_be_left_out_changed_about_added_or_cut_off_where_one_ends() -> None:
    whole = sealed()
    head, first, second, last = whole[:HEADER], *(whole[HEADER + at : HEADER + at + STEP] for at in (0, STEP, 2 * STEP))
    for wrong in (
        head,
        head + first,
        head + first + second,
        head + first + last,
        head + second + first + last,
        whole + first,
        whole + sealed(b"more")[HEADER:],
        whole[:-1],
        b"",
    ):
        with pytest.raises(Tampered):
            opened(wrong)
    with pytest.raises(Tampered):
        opened(whole, bytes(32))


def test_only_a_plain_file_of_the_length_that_was_said_is_opened(tmp_path: Path) -> None:
    good = tmp_path / "good.part"
    good.write_bytes(b"12345")
    with stick.opened(good, 5) as file:
        assert file.read() == b"12345"
    (tmp_path / "link.part").symlink_to(good)
    (tmp_path / "folder.part").mkdir()
    os.mkfifo(tmp_path / "pipe.part")
    for name in ("link", "folder", "pipe"):
        with pytest.raises(Tampered), stick.opened(tmp_path / f"{name}.part", 5):
            pass
    for path, size, error in ((good, 4, Tampered), (good, 6, HalfCopied), (tmp_path / "none.part", 5, HalfCopied)):
        with pytest.raises(error), stick.opened(path, size):
            pass


@pytest.mark.parametrize(
    "lie",
    [{"part": "../../x"}, {"part": "f" * 31}, {"size": -1}, {"size": LARGEST + 1}, {"key": "x"}, {"name": "../x"}],
    ids=str,
)
def test_a_list_may_not_name_what_lies_elsewhere_nor_sizes_that_no_file_has(lie: dict[str, Any]) -> None:
    rows = Part(ROWS, Sha256("a" * 64), 5, "b" * 32, "c" * 64)
    file = Part("schedules/x.toml", Sha256("d" * 64), 5, "e" * 32, "f" * 64)
    good = Listing(Way.TO, MarketId("unicachi"), "n", "m", "", (0, 0), (1, 1), rows, (file,))
    assert listing_from(as_text(good)) == good
    with pytest.raises(Tampered):
        listing_from(as_text(replace(good, files=(replace(file, **lie),))))
