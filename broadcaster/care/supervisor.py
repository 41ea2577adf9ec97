"""Word to whoever started the program and watches over it: systemd's notification protocol, as in sd_notify(3).

The protocol is one datagram to a socket that the environment names, and has not changed since 2010. Its bindings are either
no longer kept or need a compiler and systemd's headers on every market's computer; the ten lines that send it are here.
"""

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


@dataclass(frozen=True)
class Supervisor:
    """Who watches, if anybody does."""

    address: str = ""
    """The socket's path, or its abstract name after an ``@``; empty: nobody listens."""
    patience_s: float | None = None
    """After so long without :data:`ALIVE` it ends the program and starts it anew; ``None``: it waits for ever."""

    def tell(self, *words: str) -> None:
        """Say this, in one datagram. Whoever does not listen hinders nobody."""
        if not self.address:
            return
        place = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.settimeout(0)
            out.sendto("\n".join(words).encode(), place)


def supervisor(environment: MutableMapping[str, str], pid: int | None = None) -> Supervisor:
    """Who watches this process. What names the socket is taken out, so that no child speaks in our name."""
    address = environment.pop("NOTIFY_SOCKET", "")
    interval, meant = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
    mine = not meant or meant == str(os.getpid() if pid is None else pid)
    patience_s = int(interval) / 1e6 if mine and interval.isdecimal() and int(interval) > 0 else None
    return Supervisor(address if address[:1] in {"/", "@"} else "", patience_s)
