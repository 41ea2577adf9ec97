"""Puts something of everything on record, so that no page is empty; texts that a person may type carry a script."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from panel import APPROVERS, COORDINATOR, OFFICER, PRODUCER, SHIPPED, WallClock
from people_at_hand import CLEAN, FOR_EVER

from broadcaster.config import load_station
from broadcaster.config.edit import set_values
from broadcaster.journal.append import Journal
from broadcaster.journal.events import (
    Admitted,
    Approved,
    ConsentConfirmed,
    ConsentRegistered,
    Ended,
    Held,
    HelplineVerified,
    PersonRegistered,
)
from broadcaster.model import AiringId, EpisodeNumber, Evidence, MarketId, Outcome, Reason, Role, Scope, Seconds, Sha256

SCRIPT = "<script>window.hurt=1</script>\"'><img src=x onerror=window.hurt=1>"
MASTER = Sha256("5d" * 32)
MARKETS = tuple(map(MarketId, ("mercado-central", "el-bosque", "unicachi", "huamantanga")))


def fill(root: Path) -> Path:
    """People, an approved episode, promises and what became of them, in the week before Monday the 14th of June 2021."""
    station = load_station(root)
    clock = WallClock()
    with Journal.open(station.database, clock, station.timezone) as journal:
        number = EpisodeNumber(1)
        journal.append(PersonRegistered("d-99", (Role.PRODUCER,), OFFICER, cohort="2021-1"))
        journal.append(
            Admitted(
                number,
                1,
                MASTER,
                MASTER,
                Seconds(480.0),
                (PRODUCER,),
                "",
                ("linea-100",),
                consents=("C-2021-014",),
                helpline_numbers=("100",),
            )
        )
        journal.append(
            ConsentRegistered(
                "C-2021-014", "v-01", "2021-junio-julio", (Scope.LOUDSPEAKERS,), "F-14", FOR_EVER, COORDINATOR
            )
        )
        journal.append(ConsentConfirmed(number, 1, MASTER, ("C-2021-014",), by=PRODUCER))
        journal.append(HelplineVerified("linea-100", "100", FOR_EVER, COORDINATOR))
        for approver in APPROVERS:
            journal.append(Approved(number, 1, MASTER, approver, answers=CLEAN))
        for airing in _week(clock.utc):
            journal.append(airing)
        journal.append(Held(MARKETS[3], "uid:1000", SCRIPT))
    write_titles(root)
    return root


def write_titles(root: Path) -> None:
    """Names and titles are somebody's free words."""
    set_values(root, {"station.name": SCRIPT, "markets.unicachi.name": SCRIPT})
    folder = root / "episodes" / "001"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SHIPPED / "episodes" / "001" / "episode.toml", folder)
    text = (folder / "episode.toml").read_text(encoding="utf-8")
    (folder / "episode.toml").write_text(
        re.sub(r"^title = .*$", lambda _: f"title = {json.dumps(SCRIPT)}", text, flags=re.MULTILINE), encoding="utf-8"
    )


def _week(now: datetime) -> Iterator[Ended]:
    """At every market: on Friday one went out; on Saturday it was missed; on Sunday it broke off."""
    became = (
        (Outcome.PLAYED, Reason.ON_TIME),
        (Outcome.MISSED, Reason.POWER_LOSS),
        (Outcome.PARTIAL, Reason.WRONG_DEVICE),
    )
    for days, (outcome, reason) in zip((3, 2, 1), became, strict=True):
        due = now - timedelta(days=days)
        for market in MARKETS:
            airing = AiringId(f"{due.date().isoformat()}T10:00/{market}")
            heard = {Outcome.PLAYED: 480.0, Outcome.PARTIAL: 120.0}.get(outcome, 0.0)
            yield Ended(
                airing,
                market,
                due,
                outcome,
                reason,
                EpisodeNumber(1),
                1,
                MASTER,
                started=due if heard else None,
                ended=due + timedelta(seconds=heard) if heard else None,
                played_s=Seconds(heard),
                expected_s=Seconds(480.0),
                evidence=Evidence.MONITOR if heard else Evidence.NONE,
            )


__all__ = ("SCRIPT", "fill")
