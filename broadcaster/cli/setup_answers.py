"""What a person answered while she prepared a computer, and what follows from it for ``config.toml``. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from broadcaster.config import Station
from broadcaster.config.edit import Value
from broadcaster.model import Market, MarketId, Output
from broadcaster.playout.speaker import Found

STEP = 0.1
SOFTEST = 0.1
"""A volume below this is as good as none, and found by nobody who looks for the fault."""


@dataclass(frozen=True)
class Answers:
    """All of them; each screen adds its own."""

    markets: tuple[MarketId, ...] = ()
    """The markets that this computer serves."""
    outputs: Mapping[MarketId, Output] = field(default_factory=dict)
    """The outputs on which she heard the test; a market without one was put off."""
    names: Mapping[MarketId, str] = field(default_factory=dict)
    """The machine's words for these outputs."""
    volumes: Mapping[MarketId, float] = field(default_factory=dict)
    """The volumes she found right."""
    clock_is_right: bool | None = None
    """As her phone says; ``None``: not asked yet."""
    starts_by_itself: bool | None = None

    def heard(self, market: Market, found: Found) -> "Answers":
        """The test was heard at the market, on this output."""
        return replace(
            self,
            outputs={**self.outputs, market.id: as_output(found, market)},
            names={**self.names, market.id: found.description},
        )

    def put_off(self, market: MarketId) -> "Answers":
        """The market's output is looked for another day."""
        return replace(
            self,
            outputs={id_: output for id_, output in self.outputs.items() if id_ != market},
            volumes={id_: volume for id_, volume in self.volumes.items() if id_ != market},
        )

    def at_volume(self, market: MarketId, volume: float) -> "Answers":
        """She found this volume right."""
        return replace(self, volumes={**self.volumes, market: volume})


def present(station: Station) -> Answers:
    """What the station's file says today; nothing where it does not say which of several markets this computer serves."""
    only = tuple(station.markets) if len(station.markets) == 1 else ()
    return Answers(markets=station.serves or only)


def as_output(found: Found, market: Market) -> Output:
    """The output that was found, under the id that the market's has."""
    return Output(market.output, found.kind, found.sink, found.card, found.device)


def candidates(station: Station, market: Market, answers: Answers, found: Sequence[Found]) -> list[Found]:
    """The outputs to try for a market: the one it has today first, none on which another market was heard already."""
    taken = {output.sink for id_, output in answers.outputs.items() if id_ != market.id and id_ in answers.markets}
    today = answers.outputs.get(market.id, station.outputs[market.output]).sink
    return sorted((each for each in found if each.sink not in taken), key=lambda each: each.sink != today)


def volume_now(market: Market, answers: Answers) -> float:
    """The volume at which the market's test sounds."""
    return answers.volumes.get(market.id, min(market.volume, market.volume_cap))


def louder(volume: float, cap: float) -> float:
    """One step up, never above ``cap``."""
    return min(round(volume + STEP, 2), cap)


def softer(volume: float, cap: float) -> float:
    """One step down, never as good as silent."""
    return min(max(round(volume - STEP, 2), SOFTEST), cap)


def changes(station: Station, answers: Answers) -> dict[str, Value | None]:
    """What to set in ``config.toml``, by dotted path; ``None``: the key goes."""
    values: dict[str, Value | None] = {"station.serves": [str(market) for market in answers.markets]}
    outputs = {station.markets[id_].output: output for id_, output in answers.outputs.items() if id_ in answers.markets}
    for id_, output in {**outputs, **dict(_displaced(station, outputs))}.items():
        values |= _of_output(id_, output, station.outputs[id_])
    for market, volume in answers.volumes.items():
        if market in answers.markets:
            values[f"markets.{market}.volume"] = volume
    return values


def _of_output(id_: str, output: Output, before: Output) -> dict[str, Value | None]:
    path = f"outputs.{id_}"
    kind: dict[str, Value | None] = {} if output.kind == before.kind else {f"{path}.kind": output.kind}
    if output.is_card:
        return kind | {f"{path}.sink": None, f"{path}.card": output.card, f"{path}.device": output.device}
    return kind | {f"{path}.card": None, f"{path}.device": None, f"{path}.sink": output.sink}


def _displaced(station: Station, chosen: Mapping[str, Output]) -> Iterator[tuple[str, Output]]:
    """Outputs of markets that are not prepared now, but whose place was taken: each gets one that became free.

    No two outputs may share a place; whoever displaces leaves one behind, so there are always enough.
    """
    taken = {output.sink for output in chosen.values()}
    free = iter([station.outputs[id_] for id_ in chosen if station.outputs[id_].sink not in taken])
    for id_, output in station.outputs.items():
        if id_ not in chosen and output.sink in taken:
            yield id_, next(free)
