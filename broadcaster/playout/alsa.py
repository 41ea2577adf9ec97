"""Sound cards without a sound server: what the kernel says of them under ``/proc/asound``.

A card is known by its id, which the kernel makes from the card's name, never by its number, which follows the order in
which cards were found.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from broadcaster.model import Output, alsa_pcm

ASOUND = Path("/proc/asound")

_CARD = re.compile(r"^ *(?P<number>\d+) \[(?P<id>[^\]]*)\]: (?:.* - )?(?P<name>.*)$")
_DEVICE = re.compile(r"^(?P<number>\d+)-(?P<device>\d+): (?P<name>[^:]*):.*\bplayback\b")


@dataclass(frozen=True)
class CardOutput:
    """A device of a card that can play."""

    number: int
    """The card's number today: good only to recognise it in what a sound server says today."""
    card: str
    device: int
    description: str
    """The card's and the device's words for people."""

    @property
    def pcm(self) -> str:
        """The name under which ALSA opens it."""
        return alsa_pcm(self.card, self.device)


def card_outputs(asound: Path = ASOUND) -> list[CardOutput]:
    """Every device that can play, as it is now; none where the kernel has no sound."""
    try:
        cards, devices = ((asound / name).read_text(encoding="utf-8", errors="replace") for name in ("cards", "pcm"))
    except OSError:
        return []
    return read_cards(cards, devices)


def read_cards(cards: str, devices: str) -> list[CardOutput]:
    """``/proc/asound/cards`` and ``/proc/asound/pcm``; lines of another form are passed over."""
    known = {int(card["number"]): card for card in map(_CARD.match, cards.splitlines()) if card}
    return [
        CardOutput(
            number=int(device["number"]),
            card=known[int(device["number"])]["id"].strip(),
            device=int(device["device"]),
            description=f"{known[int(device['number'])]['name'].strip()}, {device['name'].strip()}",
        )
        for device in map(_DEVICE.match, devices.splitlines())
        if device and int(device["number"]) in known
    ]


def find_card(output: Output, asound: Path = ASOUND) -> CardOutput | None:
    """The device that ``output`` names, if it is there now."""
    return next(
        (there for there in card_outputs(asound) if (there.card, there.device) == (output.card, output.device)), None
    )
