"""The folder on disk → :class:`Station`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broadcaster.config.build import build, contradictions
from broadcaster.config.document import read_document
from broadcaster.config.keys import FILE, KEYS
from broadcaster.config.schema import Reading
from broadcaster.config.station import Station
from broadcaster.errors import ConfigurationError, Fault
from broadcaster.locale import gettext as _


def find_station(start: Path) -> Path:
    """The nearest folder from ``start`` upwards with a ``config.toml``. Raises :class:`ConfigurationError`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    problem = _("not found in {folder} or above it; go into the station's folder or name it with --station")
    raise ConfigurationError([Fault(FILE, "", problem.format(folder=start))])


def load_station(root: Path) -> Station:
    """The station in folder ``root``. Raises :class:`ConfigurationError` with every fault, in the order of the file."""
    root = root.resolve()
    if not (root / FILE).exists():
        raise ConfigurationError(
            [Fault(FILE, "", _("not found in {folder}; name the station's folder").format(folder=root))]
        )
    return station_of(root, read_document(root / FILE, FILE))


def station_of(root: Path, document: Mapping[str, Any]) -> Station:
    """The station that ``document`` describes. Raises :class:`ConfigurationError` with every fault."""
    reading = Reading(FILE)
    values = reading.table(document, KEYS, "")
    for path, problem in contradictions(values):
        reading.fault(path, problem)
    if reading.faults:
        raise ConfigurationError(reading.in_order())
    return build(root, values)
