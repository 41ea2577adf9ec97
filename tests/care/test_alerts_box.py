"""A daemon that has something to tell: kept on the disk, sent once, told to nobody who should not know."""

import asyncio
import json
import logging
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as of_day
from pathlib import Path

import pytest
from alert_servers import Service, service

from broadcaster.care.alerts.addresses import PROTECTION_FILE, Address, NoAddress, addresses, keep, place, understood
from broadcaster.care.alerts.companion import PROTECTION, Alerting, body, outbox_of
from broadcaster.care.alerts.outbox import MOST_QUEUED, Outbox, Queued
from broadcaster.care.alerts.sending import Letter, send
from broadcaster.cli.program import run
from broadcaster.clock import Instant, ShiftedClock
from broadcaster.config import Station, load_station
from broadcaster.config.begin import begin_station
from broadcaster.config.station import AlertSettings
from broadcaster.errors import ConfigurationError
from broadcaster.journal.append import Journal
from broadcaster.journal.events import Ended, Event, Held, Started
from broadcaster.model import AiringId, ClockTrust, EpisodeNumber, Hours, MarketId, Outcome, Reason
from broadcaster.playout.record import RecordWriter

TITLE = "Un título que nadie debe saber"


class Moving:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self._clock = ShiftedClock(datetime(2026, 12, 18, 15, tzinfo=UTC))
        self.ahead_s = 0.0

    def now(self) -> Instant:
        read = self._clock.now()
        ahead = timedelta(seconds=self.ahead_s)
        return Instant(read.utc + ahead, read.monotonic_s + self.ahead_s, read.boot_id, ClockTrust.SYNCED)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    begin_station(tmp_path / "station")
    return load_station(tmp_path / "station")


def missed(market: str = "norte", reason: Reason = Reason.NO_EPISODE) -> Ended:
    due = Moving().now().utc
    return Ended(AiringId(f"x/{market}"), MarketId(market), due, Outcome.MISSED, reason, EpisodeNumber(3))


def settled(station: Station) -> bool:
    """Whether nothing waits any more."""
    return not outbox_of(station).queued


def beside(station: Station, record: RecordWriter, clock: Moving) -> object:
    """As much of a daemon as a companion of this kind sees."""

    class Thing:
        def __init__(self, **facts: object) -> None:
            self.__dict__.update(facts)

    stage = Thing(station=station, clock=clock, record=record, failing=set())
    return Thing(bill=Thing(stage=stage, in_doubt=False))


def live(
    station: Station,
    clock: Moving,
    events: Sequence[Event],
    meanwhile: Callable[[], bool] = lambda: True,
    alerting: Alerting | None = None,
) -> None:
    """Look until ``meanwhile`` says that it is enough, at most for two minutes."""

    async def going() -> None:
        record = RecordWriter(Journal.open(station.database, clock, station.timezone))
        for event in events:
            await record.append(event)
        companion = alerting or Alerting(look_s=0.05, again_s=(0.2,))
        clock.ahead_s += 61
        task = asyncio.ensure_future(companion(beside(station, record, clock)))  # type: ignore[arg-type]
        deadline = time.monotonic() + 120
        while not meanwhile() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await record.close()

    asyncio.run(going())


def test_what_went_wrong_is_sent_once_and_then_nothing_waits(station: Station) -> None:
    with service() as there:
        keep(station, [Address(there.url)])
        clock = Moving()
        live(station, clock, [Started("0", 1, ()), missed()], lambda: bool(there.got) and settled(station))
        rounds: list[int] = []

        async def counting(letters: Sequence[Letter]) -> list[bool]:
            rounds.append(len(letters))
            return [True] * len(letters)

        looked = iter(range(20))
        live(station, clock, [missed("sur")], lambda: next(looked, 20) >= 19, Alerting(counting, look_s=0.05))
        assert rounds == []
    assert len(there.got) == 1
    assert "norte" in there.got[0]
    assert outbox_of(station).queued == []
    assert outbox_of(station).last_sent is not None


def test_without_a_network_it_waits_on_the_disk_and_goes_when_there_is_one(station: Station) -> None:
    with service() as gone:
        port = gone.port
    keep(station, [Address(f"json://localhost:{port}/secret-token")])
    clock = Moving()
    live(station, clock, [missed()], lambda: bool(outbox_of(station).queued))
    assert [each.key for each in outbox_of(station).queued] == ["missed/2026-12-18"]
    with service(port) as back:
        live(station, clock, [], lambda: bool(back.got) and settled(station))
        assert len(back.got) == 1
    assert outbox_of(station).queued == []


@pytest.mark.parametrize("answers", ["page", "hangs", "refuses"])
def test_a_portal_that_lies_or_hangs_leaves_it_waiting(station: Station, answers: str) -> None:
    with service() as there:
        there.answers = answers
        keep(station, [Address(there.url)])
        asked: list[int] = []

        async def sender(letters: Sequence[Letter]) -> list[bool]:
            answered = await send(letters, limit_s=4.0)
            asked.append(len(answered))
            return answered

        alerting = Alerting(sender, look_s=0.05, again_s=(30.0,))
        live(station, Moving(), [missed()], lambda: bool(asked), alerting)
    assert [each.key for each in outbox_of(station).queued] == ["missed/2026-12-18"]


def test_each_address_gets_it_once_though_another_refuses(station: Station) -> None:
    with service() as good, service() as bad:
        bad.answers = "refuses"
        keep(station, [Address(good.url), Address(bad.url)])
        clock = Moving()
        live(station, clock, [missed()], lambda: bool(good.got) and outbox_of(station).last_sent is not None)
        clock.ahead_s += 60
        bad.answers = "good"
        live(station, clock, [], lambda: bool(bad.got) and settled(station))
        assert (len(good.got), len(bad.got)) == (1, 1)
    assert outbox_of(station).queued == []


def test_what_only_a_removed_address_lacked_is_forgotten_and_nothing_more_is_sent(station: Station) -> None:
    with service() as good, service() as bad:
        bad.answers = "refuses"
        keep(station, [Address(good.url), Address(bad.url)])
        clock = Moving()
        live(station, clock, [missed()], lambda: bool(good.got) and outbox_of(station).last_sent is not None)
        assert outbox_of(station).queued
        keep(station, [Address(good.url)])
        rounds: list[int] = []

        async def counting(letters: Sequence[Letter]) -> list[bool]:
            rounds.append(len(letters))
            return [True] * len(letters)

        live(station, clock, [], lambda: settled(station), Alerting(counting, look_s=0.05))
        assert rounds == []
    assert outbox_of(station).queued == []


def test_at_night_it_waits_where_the_station_says_so(station: Station) -> None:
    quiet = replace(station, alerts=AlertSettings(Hours(of_day(9), of_day(11))))
    with service() as there:
        keep(station, [Address(there.url)])
        live(quiet, Moving(), [missed()], lambda: bool(outbox_of(station).queued))
        assert there.got == []


def test_nobody_is_told_where_nobody_wants_to_be(station: Station) -> None:
    rounds: list[int] = []
    live(station, Moving(), [missed()], lambda: rounds.append(1) or len(rounds) > 10)  # type: ignore[func-returns-value]
    assert not (station.data / "alerts.json").exists()


# The outbox


def queued(number: int) -> Queued:
    return Queued(f"missed/{number}", f"Emisión {number}.", "2026-12-18T10:00:00-05:00")


def test_an_outbox_never_grows_beyond_its_bound_and_says_what_it_left_out(tmp_path: Path) -> None:
    box = Outbox(tmp_path / "alerts.json")
    box.put(queued(each) for each in range(MOST_QUEUED + 15))
    again = Outbox(tmp_path / "alerts.json")
    assert (len(again.queued), again.dropped) == (MOST_QUEUED, 15)
    assert "15" in body(again.queued[:3], again.dropped).splitlines()[0]


def test_a_torn_outbox_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "alerts.json").write_text('{"queued": [{"key"', encoding="utf-8")
    assert Outbox(tmp_path / "alerts.json").queued == []


def test_an_outbox_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from broadcaster.care.alerts.outbox import Outbox, Queued\n"
        "box = Outbox(Path(sys.argv[1]))\n"
        "for n in range(10**6):\n"
        "    box.put([Queued(f'k{n}', 'x' * 200, 't')]); print(n, flush=True)\n"
    )
    for lines in (1, 7, 23):
        path = tmp_path / f"{lines}.json"
        with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            acknowledged = [int(child.stdout.readline()) for _ in range(lines)][-1]
            child.kill()
        assert f"k{acknowledged}" in Outbox(path).told


# The addresses


def test_addresses_are_for_the_owners_eyes_only(station: Station) -> None:
    keep(station, [Address("json://localhost/secret-token")])
    assert stat.S_IMODE(place(station).stat().st_mode) == 0o600
    assert "secret-token" not in repr(addresses(station))
    place(station).chmod(0o644)
    with pytest.raises(ConfigurationError):
        addresses(station)


@pytest.mark.parametrize("typed", ["", "hello", "nonsense://x", "pover://", "json://a\njson://b"])
def test_what_is_no_address_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(NoAddress) as refused:
        understood(typed)
    assert not typed or typed not in str(refused.value)


# The commands


@pytest.fixture
def there() -> object:
    with service() as one:
        yield one


def test_a_test_says_who_took_it(station: Station, there: Service, capsys: pytest.CaptureFixture[str]) -> None:
    keep(station, [Address(there.url)])
    assert run(["--station", str(station.root), "alerts", "test", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"kind": "json", "taken": True}]
    there.answers = "page"
    assert run(["--station", str(station.root), "alerts", "test"]) == 1
    said = capsys.readouterr()
    assert "secret-token" not in said.out + said.err


def test_status_shows_what_waits_and_no_password(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    keep(station, [Address("json://localhost/secret-token")])
    outbox_of(station).put([queued(1)])
    assert run(["--station", str(station.root), "alerts", "status", "--json"]) == 0
    shown = capsys.readouterr().out
    assert json.loads(shown)["addresses"] == ["json"]
    assert [each["alert"] for each in json.loads(shown)["waiting"]] == ["missed/1"]
    assert "secret-token" not in shown


def test_an_address_is_not_asked_for_where_nobody_could_type_it_unseen(station: Station) -> None:
    assert run(["--station", str(station.root), "alerts", "add"]) == 64
    assert not place(station).exists()


def test_without_an_address_the_commands_say_how_to_add_one(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    """To ask is no fault: what waits is shown too. To send a test, or to remove one, is."""
    outbox_of(station).put([queued(1)])
    assert run(["--station", str(station.root), "alerts", "status"]) == 0
    shown = capsys.readouterr().out
    assert "broadcaster alerts add" in shown
    assert queued(1).body in shown
    assert run(["--station", str(station.root), "alerts", "test"]) == 64
    assert run(["--station", str(station.root), "alerts", "remove", "1"]) == 64


def test_no_log_says_that_somebody_stopped_for_safety_and_what_waits_is_for_the_owner_alone(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[str] = []

    async def taking(letters: Sequence[Letter]) -> list[bool]:
        sent.extend(letter.body for letter in letters)
        return [True] * len(letters)

    keep(station, [Address("json://officer")], PROTECTION_FILE)
    caplog.set_level(logging.INFO, "broadcaster")
    clock = Moving()
    held = Held(MarketId("norte"), "uid:1000", until=clock.now().utc + timedelta(hours=1), safety=True)
    alerting = Alerting(taking, audience=PROTECTION, look_s=0.05)
    live(station, clock, [held], lambda: bool(sent), alerting)
    assert "norte" in sent[0]
    assert caplog.text == ""
    assert stat.S_IMODE((station.data / PROTECTION.outbox).stat().st_mode) == 0o600
