"""Where alerts go: Apprise URLs, one a line, in a file of their own that only its owner may read.

The protection officer's stand in a second file: what she alone is told goes nowhere else, and nothing else goes to her. They
hold keys and passwords, so they are no part of ``config.toml``, which people copy and send; no log, no row and no
message ever has one.
"""

import hashlib
import logging
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from broadcaster.config import Station
from broadcaster.errors import BadInput, ConfigurationError, Fault
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_

FILE = "alerts.urls"
PROTECTION_FILE = "protection.urls"
"""The protection officer's own."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Address:
    """One of them. Its ``repr`` does not tell it."""

    url: str = field(repr=False)

    @property
    def kind(self) -> str:
        """What may be shown: ``tgram``, ``mailtos``, ``json``."""
        return self.url.partition("://")[0]

    @property
    def id(self) -> str:
        """Which one, without saying it: remembers to whom an alert has gone."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:12]


class NoAddress(BadInput):
    """Apprise knows no such way, or it lacks something."""

    sentence: ClassVar[str] = N_(
        "That is no address that alerts can go to. It begins with the way, such as tgram:// or mailtos://; "
        "see https://github.com/caronc/apprise for each."
    )


def place(station: Station, book: str = FILE) -> Path:
    """The file."""
    return station.data / book


def addresses(station: Station, book: str = FILE) -> tuple[Address, ...]:
    """All of them in that file; none when there is none.

    :raises ConfigurationError: others may read the file, or it cannot be read.
    """
    try:
        with place(station, book).open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & OTHERS:
                raise _fault(book, _("others may read it; type: chmod 600 {path}").format(path=place(station, book)))
            lines = [line.strip() for line in file]
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeError) as error:
        raise _fault(book, _("it cannot be read")) from error
    return tuple(Address(line) for line in dict.fromkeys(lines) if line and not line.startswith("#"))


def keep(station: Station, wanted: Sequence[Address], book: str = FILE) -> None:
    """Write these, and no others, for the owner's eyes only; all or nothing, also when the power goes."""
    target = place(station, book)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, 0o600)
        file.writelines(f"{address.url}\n" for address in wanted)
        file.flush()
        os.fsync(handle)
    fresh.replace(target)


def understood(url: str) -> Address:
    """The address in what somebody typed.

    :raises NoAddress: it is none.
    """
    import apprise  # noqa: PLC0415  takes a second, and only who types an address needs it

    logging.getLogger("apprise").disabled = True  # it would tell the whole address
    text = url.strip()
    if "\n" in text or "://" not in text or not apprise.Apprise().add(text):
        raise NoAddress
    return Address(text)


def _fault(book: str, problem: str) -> ConfigurationError:
    return ConfigurationError([Fault(f"data/{book}", "", problem)])
