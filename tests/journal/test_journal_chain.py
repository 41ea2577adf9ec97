"""The chain: whole while nothing is touched, and the first touched row is named."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.journal.chain import GENESIS, Verification, canonical, link, verify
from broadcaster.journal.row import Record

WORDS = st.text(max_size=8)


def _chain(payloads: list[str], epochs: list[int]) -> list[Record]:
    """Rows of one node; a new epoch begins where ``epochs`` says."""
    rows: list[Record] = []
    for position, text in enumerate(payloads):
        before = rows[-1] if rows else None
        epoch = 1 + sum(start <= position for start in epochs if start > 0)
        seq = before.seq + 1 if before and before.epoch == epoch else 1
        blank = Record("0a1b", epoch, seq, "2021", -18000, position / 3, "b", "synced", "k", None, 1, text, "", "")
        rows.append(link(blank, before))
    return rows


CHAINS = st.builds(
    _chain, st.lists(WORDS, min_size=1, max_size=12), st.lists(st.integers(0, 12), max_size=2, unique=True)
)


def test_no_rows_are_an_intact_record() -> None:
    assert verify([]) == Verification(rows=0, intact=True, head=None, first_broken=None)


@given(CHAINS)
def test_an_untouched_chain_is_intact(rows: list[Record]) -> None:
    assert verify(rows) == Verification(len(rows), True, rows[-1].hash, None)
    assert rows[0].prev_hash == GENESIS


@given(CHAINS, st.data())
def test_one_value_changed_anywhere_is_found_in_its_row(rows: list[Record], data: st.DataObject) -> None:
    """Even when the row's own hash is computed anew, the next row tells."""
    at = data.draw(st.integers(0, len(rows) - 1))
    field, value = data.draw(
        st.sampled_from(
            [
                ("payload", rows[at].payload + "x"),
                ("utc", "2022"),
                ("offset_s", 0),
                ("monotonic_s", -1.0),
                ("clock", "shifted"),
                ("kind", "other"),
                ("airing", "a"),
                ("version", 2),
                ("hash", GENESIS),
            ]
        )
    )
    edited = replace(rows[at], **{field: value})  # type: ignore[arg-type]
    touched = [*rows[:at], edited, *rows[at + 1 :]]
    assert verify(touched).first_broken == rows[at].key
    if field != "hash" and at < len(rows) - 1:
        forged = [*rows[:at], link(edited, rows[at - 1] if at else None), *rows[at + 1 :]]
        assert verify(forged).first_broken == rows[at + 1].key


@given(CHAINS, st.data())
def test_a_row_taken_out_is_found_at_the_next(rows: list[Record], data: st.DataObject) -> None:
    if len(rows) < 2:
        return
    at = data.draw(st.integers(0, len(rows) - 2))
    assert verify(rows[:at] + rows[at + 1 :]).first_broken == rows[at + 1].key


@given(CHAINS, st.data())
def test_a_row_slipped_in_is_found(rows: list[Record], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    assert not verify([*rows[: at + 1], rows[at], *rows[at + 1 :]]).intact


def test_a_value_of_the_wrong_kind_is_a_broken_row() -> None:
    """Put in by hand: a blob where text was."""
    [row] = _chain(["{}"], [])
    assert verify([replace(row, payload=b"\xff")]).first_broken == row.key  # type: ignore[arg-type]
    assert verify([replace(row, monotonic_s=float("nan"))]).first_broken == row.key


def test_the_hash_is_taken_over_text_that_never_changes() -> None:
    """Every column but the hash, keys sorted: the way a stranger would compute it."""
    [row] = _chain(["{}"], [])
    assert canonical(row) == (
        b'{"airing":null,"boot_id":"b","clock":"synced","epoch":1,"kind":"k","monotonic_s":0.0,"node":"0a1b",'
        b'"offset_s":-18000,"payload":"{}","prev_hash":"' + GENESIS.encode() + b'","seq":1,"utc":"2021","version":1}'
    )


def _row(node: str, epoch: int, seq: int, before: Record | None) -> Record:
    return link(Record(node, epoch, seq, "2021", 0, 0.0, "b", "synced", "k", None, 1, "{}", "", ""), before)


def _several() -> list[Record]:
    """Two nodes; the first came back from an older copy, and what it had written since turned up again."""
    a1 = _row("a", 1, 1, None)
    a2 = _row("a", 1, 2, a1)
    a3 = _row("a", 1, 3, a2)
    begun = _row("a", 7, 1, a2)
    b1 = _row("b", 1, 1, None)
    return [a1, a2, a3, begun, _row("a", 7, 2, begun), _row("a", 9, 1, a3), b1, _row("b", 1, 2, b1)]


def test_each_node_and_epoch_is_a_chain_of_its_own() -> None:
    """An epoch begins after any row of an earlier one of its node: rows that turn up later break nothing."""
    assert verify(_several()).intact


def test_the_broken_chain_is_named_whichever_of_several_it_is() -> None:
    rows = _several()
    for at, row in enumerate(rows):
        edited = [*rows[:at], replace(row, payload='{"x":1}'), *rows[at + 1 :]]
        assert verify(edited).first_broken == row.key


def test_an_epoch_that_begins_after_nothing_known_is_broken_at_its_first_row() -> None:
    """The row it began after was taken out, or it is no row of this node's earlier epochs."""
    a1, a2, _a3, begun, *_ = _several()
    b1 = _row("b", 1, 1, None)
    assert verify([a1, begun]).first_broken == begun.key
    assert verify([begun]).first_broken == begun.key
    assert verify([a1, a2, _row("a", 7, 1, None)]).first_broken == "a-7-1"
    assert verify([a1, a2, b1, _row("b", 7, 1, a2)]).first_broken == "b-7-1"
