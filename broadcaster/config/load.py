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
    start = _whole(start)
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    problem = _("not found in {folder} or above it; go into the station's folder or name it with --station")
    raise ConfigurationError([Fault(FILE, "", problem.format(folder=start))])


def load_station(root: Path) -> Station:
    """The station in folder ``root``. Raises :class:`ConfigurationError` with every fault, in the order of the file."""
    root = _whole(root)
    if not (root / FILE).exists():
        raise ConfigurationError(
            [Fault(FILE, "", _("not found in {folder}; name the station's folder").format(folder=root))]
        )
    return station_of(root, read_document(root / FILE, FILE))


def _whole(folder: Path) -> Path:
    """The folder by its whole name, which the system cannot tell when somebody has removed the current folder."""
    try:
        return folder.resolve()
    except OSError:
        problem = _("the current folder is no longer there; go into the station's folder")
        raise ConfigurationError([Fault(FILE, "", problem)]) from None


def station_of(root: Path, document: Mapping[str, Any]) -> Station:
    """The station that ``document`` describes. Raises :class:`ConfigurationError` with every fault."""
    reading = Reading(FILE)
    values = reading.table(document, KEYS, "")
    for path, problem in contradictions(values):
        reading.fault(path, problem)
    if reading.faults:
        raise ConfigurationError(reading.in_order())
    return build(root, values)
