"""The organisations behind the programme, by what they do. Pure."""

from broadcaster.config import Station


def named(station: Station, role: str) -> str | None:
    """Those with this role (``implements``, ``reports``, ``funds``); ``None`` for none."""
    return "; ".join(each.name for each in station.organisations if each.role == role) or None
