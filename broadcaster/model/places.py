"""Where it sounds: markets, their hours and their loudspeakers."""

from dataclasses import dataclass
from datetime import time

from broadcaster.model.units import MarketId


@dataclass(frozen=True)
class Hours:
    """A stretch of the local day, ``start`` included, ``end`` excluded; it may run over midnight."""

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class Output:
    """A sound output of this machine by its stable name."""

    id: str
    """The name the station gives it."""
    kind: str
    """``pulse``: a PulseAudio or PipeWire sink; ``alsa``: a sound card itself, without a sound server."""
    sink: str
    """The sink's name on the sound server; of a card, the name under which ALSA opens it."""
    card: str = ""
    """The card's id, as ``/proc/asound/cards`` shows it in brackets; never its number, which changes."""
    device: int = 0
    """Which of the card's devices."""

    @property
    def is_card(self) -> bool:
        """Whether the sound leaves by a card itself: no sound server, so no monitor to listen to."""
        return self.kind == "alsa"


def alsa_pcm(card: str, device: int) -> str:
    """The name under which ALSA opens a card's device, with whatever conversion of rate and form it needs."""
    return f"plughw:CARD={card},DEV={device}"


@dataclass(frozen=True)
class Announcement:
    """What a market lets sound before every episode: ids of shared parts, empty for none."""

    chime: str = ""
    """``chime`` is the program's own, unless a shared part has that id."""
    ident: str = ""


@dataclass(frozen=True)
class Market:
    """A place with loudspeakers."""

    id: MarketId
    name: str
    aliases: tuple[str, ...]
    district: str
    ubigeo_inei: str
    """INEI code of the district, six digits, as text."""
    output: str
    """Id of the :class:`Output` that serves it."""
    hours: Hours
    """When the market is open; nothing sounds outside."""
    quiet: tuple[Hours, ...]
    """When loudspeakers must be silent, whatever the market's hours."""
    volume: float
    """Volume of our stream, 0 … 1, never above ``volume_cap``."""
    volume_cap: float
    """The most the market allows, 0 … 1."""
    authorisation: str
    """Number of the permit to use the loudspeakers; empty when none is on record."""
    chime: str = ""
    ident: str = ""

    @property
    def announcement(self) -> Announcement | None:
        """What sounds here before every episode; ``None`` where nothing does."""
        return Announcement(self.chime, self.ident) if self.chime or self.ident else None

    def may_sound(self, moment: time) -> bool:
        """Whether the market is open and not in quiet hours at this local time of day."""
        return moment in self.hours and not any(moment in quiet for quiet in self.quiet)
