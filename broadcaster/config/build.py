"""Good values → :class:`Station`, and the rules that hold between keys."""

from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from broadcaster.config.entries import Key
from broadcaster.config.keys import OUTPUT
from broadcaster.config.kinds import nfc
from broadcaster.config.schema import missing, near
from broadcaster.config.station import (
    AlertSettings,
    CalendarSettings,
    CareSettings,
    CopySettings,
    DocumentSettings,
    IntakeSettings,
    MasteringSettings,
    Organisation,
    RundownSettings,
    SafetySettings,
    Station,
)
from broadcaster.locale import gettext as _
from broadcaster.model import Helpline, Hours, Market, MarketId, Output, Profile, alsa_pcm

Problem = tuple[str, str]
"""Dotted path of a key and what is wrong with it."""

ALSA = "alsa"
WHERE = {name: key for name, key in OUTPUT.entries.items() if isinstance(key, Key)}
_MINUTES = [time(hour, minute) for hour in range(24) for minute in range(60)]


def contradictions(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong between keys that are each good in themselves; values that are not are left out of account."""
    yield from _served(values["station"], values["markets"])
    yield from _outputs(values["outputs"], values["markets"])
    yield from _same_names("markets", values["markets"])
    yield from _same_names("helplines", values["helplines"])
    for id_, market in values["markets"].items():
        yield from _market(f"markets.{id_}", market)
    for id_, helpline in values["helplines"].items():
        yield from _helpline(f"helplines.{id_}", helpline)
    yield from _calendar(values["calendar"])


def _served(station: Mapping[str, Any], markets: Mapping[str, Any]) -> Iterator[Problem]:
    for position, market in enumerate(station.get("serves", ()), start=1):
        if market not in markets:
            yield (
                f"station.serves[{position}]",
                _("there is no market {market}; the station has {markets}").format(
                    market=market, markets=", ".join(markets)
                ),
            )


def _outputs(outputs: Mapping[str, Any], markets: Mapping[str, Any]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for id_, market in markets.items():
        output = market.get("output")
        key = f"markets.{id_}.output"
        if output is None:
            continue
        if output not in outputs:
            guess = near(output, outputs)
            yield (
                key,
                (
                    _("there is no output {output}; did you mean {guess}?").format(output=output, guess=guess)
                    if guess
                    else _("there is no output {output}; add a table [outputs.{output}]").format(output=output)
                ),
            )
        elif output in taken:
            yield (
                key,
                _("output {output} already serves {market}; each market needs its own").format(
                    output=output, market=taken[output]
                ),
            )
        taken.setdefault(output, id_)
    for id_, given in outputs.items():
        yield from _of_its_kind(f"outputs.{id_}", given)
    yield from _same_places(outputs)


def _of_its_kind(path: str, output: Mapping[str, Any]) -> Iterator[Problem]:
    """A sink for the sound server, a card for ALSA: one of them, and not the other's."""
    if (kind := output.get("kind")) is None:
        return
    wanted, other = ("card", "sink") if kind == ALSA else ("sink", "card")
    if wanted in output and output[wanted] is None:
        yield f"{path}.{wanted}", missing(WHERE[wanted])
    if output.get(other) is not None:
        yield f"{path}.{other}", _("does not belong to kind {kind}; remove it, or correct kind").format(kind=kind)


def _same_places(outputs: Mapping[str, Any]) -> Iterator[Problem]:
    taken: dict[object, str] = {}
    for id_, output in outputs.items():
        sink, card, device = (output.get(key) for key in ("sink", "card", "device"))
        if sink is not None:
            if sink in taken:
                problem = _("sink {sink} is already output {output}; each output needs its own")
                yield f"outputs.{id_}.sink", problem.format(sink=sink, output=taken[sink])
            taken.setdefault(sink, id_)
        if card is not None:
            if (card, device) in taken:
                problem = _("card {card}, device {device} is already output {output}; each output needs its own")
                yield f"outputs.{id_}.card", problem.format(card=card, device=device, output=taken[card, device])
            taken.setdefault((card, device), id_)


def _same_names(path: str, entries: Mapping[str, Any]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for id_, entry in entries.items():
        names = [("name", entry.get("name")), *_numbered("aliases", entry.get("aliases", ()))]
        for key, name in names:
            if name is None:
                continue
            folded = nfc(name).casefold()
            if folded in taken:
                yield (
                    f"{path}.{id_}.{key}",
                    _("{name} is already a name of {other}; names must differ").format(name=name, other=taken[folded]),
                )
            taken.setdefault(folded, id_)


def _numbered(key: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(f"{key}[{position}]", value) for position, value in enumerate(values, start=1)]


def _market(path: str, market: Mapping[str, Any]) -> Iterator[Problem]:
    if "volume" in market and "volume_cap" in market and market["volume"] > market["volume_cap"]:
        yield (
            f"{path}.volume",
            _("{volume} is above volume_cap, {cap}; lower it").format(
                volume=market["volume"], cap=market["volume_cap"]
            ),
        )
    if "hours" in market and "quiet" in market and not _ever_sounds(market["hours"], market["quiet"]):
        yield f"{path}.quiet", _("the quiet hours cover all market hours, so nothing could ever sound; correct either")


def _ever_sounds(hours: Hours, quiet: tuple[Hours, ...]) -> bool:
    return any(minute in hours and not any(minute in span for span in quiet) for minute in _MINUTES)


def _helpline(path: str, helpline: Mapping[str, Any]) -> Iterator[Problem]:
    first, last = helpline.get("valid_from"), helpline.get("valid_to")
    if first and last and last < first:
        yield (
            f"{path}.valid_to",
            _("{last} is before valid_from, {first}; correct either").format(last=last, first=first),
        )


def _calendar(calendar: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _same_days(calendar, "working", "holidays")
    yield from _same_days(calendar, "blackouts")


def _same_days(calendar: Mapping[str, Any], *names: str) -> Iterator[Problem]:
    taken: dict[object, str] = {}
    for name in names:
        for position, row in enumerate(calendar.get(name, ()), start=1):
            key = f"calendar.{name}[{position}].date"
            day = row.get("date")
            if day in taken:
                yield key, _("{day} is already given by {other}; one of them must go").format(day=day, other=taken[day])
            if day is not None:
                taken.setdefault(day, key)


def build(root: Path, values: Mapping[str, Any]) -> Station:
    """The station of folder ``root``; ``values`` are complete and without contradiction."""
    station, calendar = values["station"], values["calendar"]
    return Station(
        root=root,
        **{**station, "database": _absolute(station["database"], root)},
        organisations=tuple(Organisation(**row) for row in values["organisations"]),
        outputs={id_: _output(id_, row) for id_, row in values["outputs"].items()},
        markets={MarketId(id_): Market(id=MarketId(id_), **row) for id_, row in values["markets"].items()},
        helplines={id_: Helpline(id=id_, **row) for id_, row in values["helplines"].items()},
        calendar=CalendarSettings(
            country=calendar["country"],
            working={row["date"]: row["note"] for row in calendar["working"]},
            holidays={row["date"]: row["note"] for row in calendar["holidays"]},
            blackouts={row["date"]: row["note"] for row in calendar["blackouts"]},
        ),
        mastering=MasteringSettings(**{**values["mastering"], "profile": Profile(values["mastering"]["profile"])}),
        intake=IntakeSettings(**values["intake"]),
        rundown=RundownSettings(**values["rundown"]),
        copies=CopySettings(**values["copies"]),
        safety=SafetySettings(**values["safety"]),
        care=CareSettings(**values["care"]),
        alerts=AlertSettings(**values["alerts"]),
        documents=DocumentSettings(**values["documents"]),
    )


def _output(id_: str, row: Mapping[str, Any]) -> Output:
    if row["kind"] != ALSA:
        return Output(id=id_, kind=row["kind"], sink=row["sink"])
    card, device = row["card"], row["device"]
    return Output(id=id_, kind=ALSA, sink=alsa_pcm(card, device), card=card, device=device)


def _absolute(database: str, root: Path) -> str:
    """A relative sqlite path is meant from the station's folder, wherever the command runs.

    What lies beside a record on a server lies in that folder too: the address says where.
    """
    if database.startswith("postgresql:"):
        place = quote(str(root / "data" / "broadcaster.db"))
        return f"{database}{'&' if '?' in database else '?'}beside={place}"
    head, slashes, path = database.partition(":///")
    if head != "sqlite" or not slashes or path.startswith("/"):
        return database
    folder = quote(str(root))  # an address would end at the folder's own «?»
    return f"{head}:///{folder}/{path}"
