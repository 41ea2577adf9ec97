"""Every way out of this machine: the sound server's sinks, and the cards that no sound server holds."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from broadcaster.model import Output, Seconds
from broadcaster.playout.alsa import ASOUND, CardOutput, card_outputs, find_card
from broadcaster.playout.speaker import ANSWER_LIMIT_S, Found, PulseSpeakers, SoundServerUnavailable


class MachineSpeakers:
    """Finds outputs of both kinds. ``environment`` and ``limit_s`` as for :class:`PulseSpeakers`."""

    def __init__(
        self, environment: Mapping[str, str] | None = None, limit_s: float = ANSWER_LIMIT_S, asound: Path = ASOUND
    ) -> None:
        self._server = PulseSpeakers(environment, limit_s)
        self._asound = asound

    async def find(self, output: Output) -> Found | None:
        if not output.is_card:
            return await self._server.find(output)
        card = find_card(output, self._asound)
        return None if card is None else _found(card)

    async def stream_volume(self, player_pid: int) -> float | None:
        return await self._server.stream_volume(player_pid)

    async def every_output(self) -> list[Found]:
        """All there is to play on: sinks first, then cards. Raises :class:`SoundServerUnavailable` when there is nothing
        but a server that does not answer.
        """
        cards = card_outputs(self._asound)
        try:
            sinks = await self._server.all()
        except SoundServerUnavailable:
            if not cards:
                raise
            sinks = []
        return offered(sinks, cards)


def offered(sinks: Sequence[Found], cards: Iterable[CardOutput]) -> list[Found]:
    """All sinks, and the cards that the server does not hold: those it holds are sinks, and ALSA would find them busy."""
    held = {sink.card_number for sink in sinks}
    return [*sinks, *(_found(card) for card in cards if card.number not in held)]


def _found(card: CardOutput) -> Found:
    return Found(
        sink=card.pcm,
        description=card.description,
        latency_s=Seconds(0.0),
        volume=None,
        muted=None,
        kind="alsa",
        card=card.card,
        device=card.device,
        card_number=card.number,
    )
