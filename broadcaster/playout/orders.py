"""What people may ask of the running daemon, and how it says no: the words that go over its socket.

=============  ================================================  ===========================================================
order          asks                                              answer
=============  ================================================  ===========================================================
``status``     what sounds, what is held, what comes             see :mod:`broadcaster.playout.status`
``stop``       end what sounds, there or everywhere              ``{stopped: [airing…], markets: [id…], recorded}``;
                                                                 a speaker's test is ``test/…`` among the airings
``pause``      the same, and keep silent until resumed           ``{stopped, markets, recorded}``: those newly held
``safety``     the same for the rest of the day, also where    ``{stopped, markets, recorded}``
               it is paused already
``resume``     let a held market sound again                     ``{markets}``: those that were held
``play``       start an episode now                              ``{airing, due, sounds, until, outcome, reason}``
``make-good``  air what was missed, now or at a moment to come   the same
``cancel``     no longer air a make-good that is to come         the same, without ``until``
``test``       let a market's speaker be heard                   ``{market, heard, evidence, reason, start_error_ms}``
``volume``     take the volume the station's file has now        ``{market, volume, read_back}``
``look``       read changed files and decisions now              ``{plan_sha256, faults: […], waiting: [key…]}``
=============  ================================================  ===========================================================
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from broadcaster.errors import BroadcasterError, RecordUnavailable
from broadcaster.journal import makegood_refusals
from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Reason
from broadcaster.reasons import sentence


@dataclass(frozen=True)
class Order:
    """Base of all orders; ``word`` is its name on the socket."""

    word: ClassVar[str]


@dataclass(frozen=True)
class Status(Order):
    """What goes on?"""

    word: ClassVar[str] = "status"


@dataclass(frozen=True)
class Look(Order):
    """Something was changed: look now."""

    word: ClassVar[str] = "look"


@dataclass(frozen=True)
class Stop(Order):
    """End what sounds or is about to; ``None``: everywhere."""

    word: ClassVar[str] = "stop"
    market: MarketId | None = None


@dataclass(frozen=True)
class Pause(Order):
    """End what sounds and keep silent until resumed."""

    word: ClassVar[str] = "pause"
    market: MarketId | None = None
    reason: str = ""


@dataclass(frozen=True)
class Safety(Order):
    """Somebody may be in danger: end what sounds, keep silent for the rest of the day. Only the protection officer is told."""

    word: ClassVar[str] = "safety"
    market: MarketId | None = None


@dataclass(frozen=True)
class Resume(Order):
    """Let a held market sound again."""

    word: ClassVar[str] = "resume"
    market: MarketId | None = None


@dataclass(frozen=True)
class Play(Order):
    """Start an episode now; ``override``: why outside the permitted hours too."""

    word: ClassVar[str] = "play"
    episode: EpisodeNumber
    market: MarketId
    override: str | None = None


@dataclass(frozen=True)
class MakeGood(Order):
    """Air what was missed, or broke off; ``at``: when, as ISO 8601 with its offset; ``None``: now."""

    word: ClassVar[str] = "make-good"
    airing: AiringId
    at: str | None = None


@dataclass(frozen=True)
class CancelMakeGood(Order):
    """No longer air the make-good that is ordered: its own name, or that of the airing that was missed."""

    word: ClassVar[str] = "cancel"
    airing: AiringId


@dataclass(frozen=True)
class Test(Order):
    """Let a market's speaker be heard."""

    __test__: ClassVar[bool] = False  # its name is no test's
    word: ClassVar[str] = "test"
    market: MarketId
    override: str | None = None


@dataclass(frozen=True)
class Volume(Order):
    """Take the volume that the station's file has now."""

    word: ClassVar[str] = "volume"
    market: MarketId


ORDERS: Mapping[str, type[Order]] = {
    order.word: order
    for order in (Status, Look, Stop, Pause, Safety, Resume, Play, MakeGood, CancelMakeGood, Test, Volume)
}


def to_words(order: Order) -> dict[str, Any]:
    """The order as JSON-friendly words."""
    return {"order": order.word, **asdict(order)}


def from_words(words: Mapping[str, Any]) -> Order:
    """The order in a message. Raises ``ValueError`` or ``TypeError`` when there is none."""
    kind = ORDERS.get(str(words.get("order")))
    facts = {key: value for key, value in words.items() if key != "order"}
    if kind is None or not all(isinstance(value, str | int | None) for value in facts.values()):
        raise ValueError(words)
    for value in facts.values():
        str(value).encode()  # half a character, as JSON may spell one, would go on no record
    return kind(**facts)


# How it says no


class Refusal(BroadcasterError):
    """It was not done; nothing else changed."""

    exit_code = 1


class NoDaemon(Refusal):
    """Nobody listens at the station's socket."""

    sentence: ClassVar[str] = N_("The program is not running on this computer. Start it with `broadcaster run`.")


class DaemonSilent(Refusal):
    """It is there and does not answer."""

    sentence: ClassVar[str] = N_(
        "The program is running but does not answer. To silence everything, switch the amplifier off; "
        "then restart the computer."
    )


class NotServed(Refusal):
    """The daemon was started without this market."""

    sentence: ClassVar[str] = N_("The program that is running does not serve {market}; it serves: {markets}.")


class MarketHeld(Refusal):
    """The market is paused."""

    sentence: ClassVar[str] = N_(
        "{market} is paused, so nothing sounds there. First: broadcaster resume --market {market}."
    )


class MarketBusy(Refusal):
    """Something sounds there, or is about to."""

    sentence: ClassVar[str] = N_(
        "Something already sounds at {market}, or is about to. Wait for its end, or first: broadcaster stop --market {market}."
    )


class AiringSoon(Refusal):
    """The next airing is too near."""

    sentence: ClassVar[str] = N_("The next airing at {market} begins at {time}, too soon for anything before it. Wait.")


class OutOfHours(Refusal):
    """The market may not sound now."""

    sentence: ClassVar[str] = N_(
        "{market} must be silent at this hour. If somebody with the right to do so wants it all the same: "
        "--override --reason «why»; it goes on record."
    )


class TimeUnsure(Refusal):
    """Nothing vouches for the computer's clock."""

    sentence: ClassVar[str] = N_(
        "Nobody confirmed this computer's time, so it is not known whether anything may sound now. "
        "Compare it with your phone, then: broadcaster clock confirm."
    )


class EpisodeStays(Refusal):
    """The library keeps the episode off the air; ``reason`` is its code."""

    sentence: ClassVar[str] = N_("Episode {episode} cannot sound: {sentence}")

    def __str__(self) -> str:
        why = sentence(Reason(str(self.facts["reason"])))
        return gettext(self.sentence).format(episode=self.facts["episode"], sentence=why)


class OnlyRehearsing(Refusal):
    """A rehearsal runs, which ends with all that was ordered in it."""

    sentence: ClassVar[str] = N_(
        "A rehearsal is running: only `status` and `stop` are obeyed now. Wait for its end and try again."
    )


class NotUnderstood(Refusal):
    """The daemon does not know the order: it is older or newer than the command."""

    sentence: ClassVar[str] = N_("The program that is running is of another version. Restart it and try again.")


class NotAllowed(Refusal):
    """Another user of the computer asks."""

    sentence: ClassVar[str] = N_("Only the user who started the program may do this on this computer.")


_KINDS: tuple[type[BroadcasterError], ...] = (
    NotServed,
    MarketHeld,
    MarketBusy,
    AiringSoon,
    OutOfHours,
    TimeUnsure,
    EpisodeStays,
    OnlyRehearsing,
    *makegood_refusals.REFUSALS,
    NoDaemon,
    NotUnderstood,
    NotAllowed,
    RecordUnavailable,
)
REFUSALS: Mapping[str, type[BroadcasterError]] = {kind.__name__: kind for kind in _KINDS}


def refusal_to_words(refusal: BroadcasterError) -> dict[str, Any]:
    """A refusal as JSON-friendly words; the sentence is made by who reads it, in her language."""
    return {"refused": type(refusal).__name__, "facts": {key: str(value) for key, value in refusal.facts.items()}}


def refusal_from_words(words: Mapping[str, Any]) -> BroadcasterError:
    """The refusal in an answer."""
    kind = REFUSALS.get(str(words.get("refused")), NotUnderstood)
    facts = words.get("facts")
    return kind(**facts) if isinstance(facts, Mapping) else NotUnderstood()
