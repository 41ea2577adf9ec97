"""A station with a panel that really serves, and browsers without a window that speak to it."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from people_at_hand import staff
from playwright.sync_api import BrowserContext

from broadcaster.clock import Clock, Instant
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Event, PersonRegistered
from broadcaster.library import pins
from broadcaster.model import ClockTrust, Role
from broadcaster.web.addresses import Address
from broadcaster.web.cookies import Jar
from broadcaster.web.desk import Desk
from broadcaster.web.doors import FIELD
from broadcaster.web.serving import Serving

SHIPPED = Path(__file__).parents[2]
OFFICER, PRODUCER, COORDINATOR = "proteccion-1", "d-07", "coordinadora-9"
APPROVERS = ("aprobadora-1", "aprobadora-2")
CODES: dict[Role, str] = {
    Role.PROTECTION_OFFICER: OFFICER,
    Role.PRODUCER: PRODUCER,
    Role.APPROVER: APPROVERS[0],
    Role.COORDINATOR: COORDINATOR,
}
"""Somebody who holds this role and no other."""
PIN = "246810"
MONDAY = datetime(2021, 6, 14, 15, tzinfo=UTC)
"""Ten in the morning in Lima, four days before the shipped season's first airing."""
WORD = re.compile(rf'name="{FIELD}" value="([0-9a-f]+)"')


@dataclass
class WallClock:
    """Stands where it was put; the seconds that never jump are put forward by hand, too."""

    utc: datetime = MONDAY
    monotonic_s: float = 1000.0

    def now(self) -> Instant:
        return Instant(self.utc, self.monotonic_s, "boot", ClockTrust.SYNCED)


@dataclass
class Panel:
    """One panel, as it serves."""

    desk: Desk
    clock: Clock
    address: Address
    network: bool = False
    _clients: list[httpx.Client] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.desk.root

    @property
    def url(self) -> str:
        return self.address.url

    @property
    def jar(self) -> Jar:
        return Jar(self.address.port)

    def write(self, *events: Event) -> None:
        """Put rows on record."""
        with self.desk.journal() as journal:
            for event in events:
                journal.append(event)

    def give_pin(self, code: str, pin: str = PIN) -> str:
        """Set a PIN; it takes a moment, so only who needs one has one."""
        with self.desk.journal() as journal:
            pins.set_pin(journal.store, code, pin)
        return pin

    def client(self, **how: Any) -> "Browser":
        """A browser that nobody has signed in with."""
        made = Browser(base_url=self.url, timeout=30, headers={"accept": "text/html", "origin": self.url}, **how)
        self._clients.append(made)
        return made

    def signed_in(self, who: Role | str) -> "Browser":
        """A browser of somebody with this role (:data:`CODES`), or of this code, after the sign-in page."""
        code = CODES[who] if isinstance(who, Role) else who
        made = self.client()
        made.cookies.set(self.jar.session, self.session_of(code), domain="127.0.0.1")
        return made

    def sign_in(self, context: BrowserContext, who: Role | str) -> None:
        """The same for a real browser."""
        code = CODES[who] if isinstance(who, Role) else who
        context.add_cookies([{"name": self.jar.session, "value": self.session_of(code), "url": self.url}])

    def session_of(self, code: str) -> str:
        """The cookie's secret of a session that has just begun."""
        return self.desk.sessions.begin(code, self.clock.now().monotonic_s, self.desk.pins_set(code))


class Browser(httpx.Client):
    """Keeps cookies; follows no redirect by itself."""

    def form(self, path: str, *, page: str = "/sign-in", **fields: object) -> httpx.Response:
        """Send a form as a page of ours would: with the word that ``page`` gives to this browser."""
        return self.post(path, data={FIELD: self.word(page), **{name: str(value) for name, value in fields.items()}})

    def word(self, page: str = "/sign-in") -> str:
        """The hidden word of this browser's forms."""
        found = WORD.search(self.get(page).text)
        assert found, page
        return found[1]


def make_station(root: Path, *, seasons: bool = True, people: bool = True, clock: Clock | None = None) -> Path:
    """The shipped settings and seasons; everybody of :data:`CODES` is registered, nobody has a PIN."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(SHIPPED / "config.toml", root)
    (root / "schedules").mkdir()
    (root / "episodes").mkdir()
    if seasons:
        shutil.copy(SHIPPED / "schedules" / "2021-junio-julio.toml", root / "schedules")
    if people:
        with Desk(root, clock or WallClock()).journal() as journal:
            register_everybody(journal)
    return root


def register_everybody(journal: Journal) -> None:
    """One person for every role, and a second approver."""
    for event in staff(PRODUCER, hands=(), officer=OFFICER):
        journal.append(event)
    for approver in APPROVERS:
        journal.append(PersonRegistered(approver, (Role.APPROVER,), OFFICER))
    journal.append(PersonRegistered(COORDINATOR, (Role.COORDINATOR,), OFFICER))


@contextmanager
def serving(
    root: Path, clock: Clock | None = None, address: Address | None = None, *, network: bool = False
) -> Iterator[Panel]:
    """The panel of the station in ``root``, answering at a free port of this computer until the block ends."""
    clock = clock or WallClock()
    desk = Desk(root, clock)
    served = Serving(desk, address or Address("127.0.0.1", 0), network=network)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    while not served.began and thread.is_alive():
        time.sleep(0.005)
    panel = Panel(desk, clock, replace(served.address, host="127.0.0.1"), network)
    try:
        yield panel
    finally:
        for client in panel._clients:
            client.close()
        served.end()
        thread.join(20)
        assert not thread.is_alive()
