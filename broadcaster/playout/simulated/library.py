"""A simulated library: what is decided of each episode, and the files that lie on the disk."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from broadcaster.model import EpisodeNumber, EpisodeStatus, Reason, Sha256


class SimulatedRepertoire:
    """A library in memory; :meth:`put` changes its mind.

    ``files``: what lies on the disk, by path; a master that is not, byte for byte, the one decided on is a bad file. One that
    is not among them is right.
    """

    def __init__(self, statuses: Iterable[EpisodeStatus], files: Mapping[Path, Sha256] | None = None) -> None:
        self._statuses = {status.number: status for status in statuses}
        self._files = {} if files is None else files
        self._version = 0

    def put(self, status: EpisodeStatus) -> None:
        """From now on this is what is known of the episode."""
        self._statuses[status.number] = status
        self._version += 1

    def known(self, only: Collection[EpisodeNumber] | None = None) -> dict[EpisodeNumber, EpisodeStatus]:
        """What is known of these episodes, each held against what lies on the disk."""
        asked = self._statuses if only is None else self._statuses.keys() & set(only)
        return {number: self._held_against_the_disk(self._statuses[number]) for number in asked}

    async def statuses(
        self,
        today: date,  # noqa: ARG002  it has no dates
        only: Collection[EpisodeNumber] | None = None,
    ) -> Mapping[EpisodeNumber, EpisodeStatus]:
        return self.known(only)

    def _held_against_the_disk(self, status: EpisodeStatus) -> EpisodeStatus:
        found = self._files.get(self.master(status.number), status.master_sha256)
        return status if status.reason or found == status.master_sha256 else replace(status, reason=Reason.BAD_FILE)

    def master(self, number: EpisodeNumber) -> Path:
        return Path(f"/simulated/{number:03d}/master.flac")

    async def version(self) -> object:
        return self._version
