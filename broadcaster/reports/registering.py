"""What leaves the station as a document is on record before it does: what, of which days and markets, by whom."""

from collections.abc import Iterable
from hashlib import sha256

from broadcaster.journal.append import Journal
from broadcaster.journal.events import Exported
from broadcaster.model import MarketId, Sha256
from broadcaster.reports.summary import Period


def register(  # noqa: PLR0917  what the row says
    journal: Journal,
    document: str,
    format_: str,
    period: Period,
    markets: Iterable[MarketId],
    content: bytes,
    by: str,
) -> None:
    """Durable on return; only then may ``content`` be handed over.

    :param by: a registered code, or ``uid:1000``, the system's user.
    :raises RecordUnavailable: it could not be put on record.
    """
    digest = Sha256(sha256(content).hexdigest())
    journal.append(Exported(document, format_, period.first, period.last, tuple(markets), digest, by))
