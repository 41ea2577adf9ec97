"""What a document is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from broadcaster.config import Station
from broadcaster.model import MarketId, Role
from broadcaster.reports.summary import Summary


@dataclass(frozen=True)
class Request:
    """One document's facts. Nothing else is looked up."""

    station: Station
    summary: Summary
    """Of the period."""
    so_far: Summary
    """From the first day that is added up to the period's last."""
    made: date
    codes: Mapping[str, str] = field(default_factory=dict)
    """Node → its record's code of :attr:`code_day`."""
    roles: Mapping[str, Sequence[Role]] = field(default_factory=dict)
    """What registered codes may do: documents name roles, never people or their codes."""
    market: MarketId | None = None
    """The one that a certificate is for."""

    @property
    def code_day(self) -> date:
        """The day whose codes are printed: the period's last, while it is past."""
        return min(self.summary.period.last, self.made)
