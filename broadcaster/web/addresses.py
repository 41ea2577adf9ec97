"""Where the panel listens, and which names and neighbours it answers to. Pure.

A page in somebody's browser can make that browser ask *us* for something (DNS rebinding: the page's own name is made to mean
this computer). The stall's screen has no password, so the name asked for is looked at: a number cannot be made to mean
another computer, and other names have to be given by whoever starts the panel.
"""

import ipaddress
import socket
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from broadcaster.errors import UsageError
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown

LOCAL_NAMES = frozenset({"localhost"})


class BadAddress(UsageError):
    """Not HOST:PORT."""

    sentence: ClassVar[str] = N_(
        "{text} is no address for the panel, so it was not opened. Give host and port, such as 127.0.0.1:8010."
    )


@dataclass(frozen=True)
class Address:
    """Where to listen."""

    host: str
    """A number, such as ``127.0.0.1`` or ``::1``; ``0.0.0.0`` is every network this computer is in."""
    port: int
    """0: any that is free."""
    names: frozenset[str] = frozenset()
    """Names under which a reverse proxy on this computer passes requests on."""

    @property
    def is_loopback(self) -> bool:
        """Whether only this computer reaches it."""
        return ipaddress.ip_address(self.host).is_loopback

    @property
    def url(self) -> str:
        """What to open; of all networks the one that surely is."""
        shown_host = "127.0.0.1" if self.host == "0.0.0.0" else "::1" if self.host == "::" else self.host  # noqa: S104
        return f"http://[{shown_host}]:{self.port}" if ":" in shown_host else f"http://{shown_host}:{self.port}"


def read_address(text: str, names: frozenset[str] = frozenset()) -> Address:
    """``127.0.0.1:8010``, ``[::1]:8010``, ``localhost:8010``.

    :raises BadAddress: it is none.
    """
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
        ipaddress.ip_address(host := "127.0.0.1" if host in LOCAL_NAMES else host)
    except ValueError:
        raise BadAddress(text=shown(text)) from None
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc or port is None:
        raise BadAddress(text=shown(text))
    return Address(host, port, frozenset(name.casefold() for name in names))


def is_ours(host: str, address: Address) -> bool:
    """Whether a request's ``Host`` is a name of this panel."""
    name = _name(host)
    if name is None:
        return False
    return name in address.names or _is_plain(name, address)


def is_plain(host: str, address: Address) -> bool:
    """Whether ``Host`` is the computer itself, and not a name under which a proxy passes on."""
    name = _name(host)
    return name is not None and _is_plain(name, address)


def is_near(client: str, address: Address, *, network: bool) -> bool:
    """Whether who asks is at this computer or, with ``network``, in a network that reaches no farther than a building."""
    number = _number(client)
    if number is None:
        return False
    return number.is_loopback or (network and not address.is_loopback and (number.is_private or number.is_link_local))


def is_own(client: str) -> bool:
    """Whether who asks is at this computer."""
    number = _number(client)
    return number is not None and number.is_loopback


def neighbour(client: str) -> str:
    """Who asks, as far as an address tells: of IPv6 the network, for whoever has one of its addresses has them all."""
    number = _number(client)
    if number is None:
        return client
    if isinstance(number, ipaddress.IPv6Address) and not number.is_loopback:
        return str(ipaddress.IPv6Network((int(number), 64), strict=False))
    return str(number)


def _number(client: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IPv4 address is one, also where it comes in the clothes of IPv6."""
    try:
        number = ipaddress.ip_address(client)
    except ValueError:
        return None
    mapped = number.ipv4_mapped if isinstance(number, ipaddress.IPv6Address) else None
    return mapped or number


def same_place(url: str, host: str) -> bool:
    """Whether an ``Origin`` or ``Referer`` is a page of the host that is asked."""
    try:
        return bool(host) and urlsplit(url).netloc.casefold() == host.casefold()
    except ValueError:
        return False


def _is_plain(name: str, address: Address) -> bool:
    try:
        number = ipaddress.ip_address(name)
    except ValueError:
        own = socket.gethostname().casefold()
        return name in LOCAL_NAMES or (not address.is_loopback and name in {own, f"{own}.local"})
    return number.is_loopback or not address.is_loopback


def _name(host: str) -> str | None:
    try:
        parts = urlsplit(f"//{host}")
        _port = parts.port
    except ValueError:
        return None
    plain = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    return parts.hostname.casefold() if plain and parts.hostname else None
