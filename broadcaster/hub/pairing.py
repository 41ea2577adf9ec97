"""An office and a box come to know each other: each one's card goes to the other on a stick, each one's code by word of mouth.

::

    office: export for a market it has no box of ─▶ its card on the stick; its code on the screen
    box:    import ─▶ asks for the office's code ─▶ a row; its own card on the stick, its own code on the screen
    office: import ─▶ asks for the box's code ─▶ a row; from now on export writes for it
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from broadcaster.hub.fellows import Fellows
from broadcaster.hub.keys import Card, card_from, card_text
from broadcaster.hub.refusals import AnotherOffice, WrongCode
from broadcaster.hub.stick import read_small, write_whole
from broadcaster.journal.append import Journal
from broadcaster.journal.events import BoxPaired, OfficePaired
from broadcaster.model import MarketId

AskCode = Callable[[str], str]
"""Asks a person for the code of a market's box, or of the office (its word is empty); gives what she types."""


@dataclass(frozen=True)
class Met:
    """Two came to know each other."""

    market: MarketId
    with_office: bool
    """A box met its office; else an office a box."""
    code: str = ""
    """Of a box: what is to be read out at the office."""


def office_card(room: Path, market: str) -> Path:
    """Where an office leaves its card for a market's box."""
    return room / f"office-for-{market}.card"


def box_card(room: Path, market: str) -> Path:
    """Where a market's box leaves its card."""
    return room / f"box-{market}.card"


def leave(path: Path, card: Card) -> None:
    """Put a card on a stick.

    :raises OSError: the stick would not take it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, card_text(card))


@dataclass(frozen=True)
class Meeting:
    """At a stick that holds cards: this station's journal, its own card, and whom to ask for a code."""

    journal: Journal
    room: Path
    own: Card
    ask: AskCode

    def office(self, market: MarketId, known: Fellows, *, again: bool) -> Met | None:
        """A box looks at the card that an office left; ``None`` when there is none.

        :param again: the office may be another one than was known.
        :raises WrongCode: the code is another card's.
        :raises AnotherOffice: a box has one office.
        """
        card = self._card(office_card(self.room, market))
        if card is None:
            return None
        if card != known.office:
            if known.office is not None and not again:
                raise AnotherOffice(name=self.room)
            _compare(card, self.ask(""))
            self.journal.append(OfficePaired(**asdict(card)))
        leave(box_card(self.room, market), self.own)
        return Met(market, with_office=True, code=self.own.code)

    def box(self, market: MarketId, known: Fellows) -> Met | None:
        """An office looks at the card that a market's box left; ``None`` when there is none.

        :raises WrongCode: the code is another card's.
        """
        card = self._card(box_card(self.room, market))
        if card is None:
            return None
        if card != known.boxes.get(market):
            _compare(card, self.ask(market))
            self.journal.append(BoxPaired(market, **asdict(card)))
        return Met(market, with_office=False)

    def is_from_here(self, market: MarketId) -> bool:
        """Whether it was this office that left its card for the market."""
        path = office_card(self.room, market)
        return path.exists() and card_from(read_small(path), path.name) == self.own

    def _card(self, path: Path) -> Card | None:
        """Somebody else's card, if one lies there."""
        if not path.exists():
            return None
        card = card_from(read_small(path), path.name)
        return None if card.node == self.own.node else card


def _compare(card: Card, code: str) -> None:
    if not card.is_called(code):
        raise WrongCode
