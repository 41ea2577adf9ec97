"""The schedule as an iCalendar file (RFC 5545). Pure: the same plan gives the same bytes.

One event an airing, under the airing's own name, so that a calendar that reads the file again recognises it. Episodes go by
number: titles never leave the station.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from broadcaster.config import Station
from broadcaster.locale import gettext as _
from broadcaster.locale import language
from broadcaster.model import Airing, AiringId, EpisodeNumber, EpisodeStatus, Market, Plan, PlanChange
from broadcaster.reasons import sentence
from broadcaster.schedule.amendments import told
from broadcaster.schedule.preview import forbidden
from broadcaster.schedule.season import Season

EPOCH = date(1970, 1, 1)


def calendar_file(
    station: Station,
    plan: Plan,
    seasons: Sequence[Season],
    airings: Sequence[Airing],
    statuses: Mapping[EpisodeNumber, EpisodeStatus],
) -> bytes:
    """``airings`` of ``plan`` as a calendar in the language spoken now; at least one."""
    begins = {season.name: season.first for season in seasons}
    changes = {change.airing: change for change in plan.changes}
    words = _words(plan, airings, station)
    calendar = _calendar(station)
    for airing in airings:
        event = _event(airing, station, changes.get(airing.id), statuses)
        event.add("dtstamp", _decided(changes.get(airing.id), begins[airing.season], station.timezone))
        if text := " ".join(filter(None, (_why_not(airing, station), words.get(airing.id)))):
            event.add("description", text)
        calendar.add_component(event)
    years = [airing.due.year for airing in airings]
    calendar.add_missing_timezones(first_date=date(min(years), 1, 1), last_date=date(max(years) + 1, 1, 1))
    return bytes(calendar.to_ical())


def _calendar(station: Station) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//broadcaster//schedule//{language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", station.name)
    return calendar


def _event(
    airing: Airing, station: Station, change: PlanChange | None, statuses: Mapping[EpisodeNumber, EpisodeStatus]
) -> Event:
    event = Event()
    event.add("uid", airing.id)
    event.add("dtstart", airing.due)
    status = statuses.get(airing.episode) if airing.episode is not None else None
    heard = None if status is None else status.at(station.markets[airing.market]).duration_s
    if heard is not None:
        event.add("duration", timedelta(seconds=round(heard)))
    event.add("summary", _summary(airing, station))
    event.add("location", _location(station.markets[airing.market]))
    event.add("status", "CANCELLED" if forbidden(airing, station.markets) else "CONFIRMED")
    event.add("sequence", (change.amended - EPOCH).days if change else 0)
    event.add("transp", "TRANSPARENT")  # nobody is busy because a market listens
    return event


def _summary(airing: Airing, station: Station) -> str:
    summary = station.name
    if airing.episode is not None:
        summary = _("{programme}: episode {number}").format(programme=station.name, number=airing.episode)
    return _("No airing: {summary}").format(summary=summary) if forbidden(airing, station.markets) else summary


def _location(market: Market) -> str:
    return f"{market.name}, {market.district}"


def _why_not(airing: Airing, station: Station) -> str:
    reason = forbidden(airing, station.markets)
    return sentence(reason) if reason else ""


def _words(plan: Plan, airings: Sequence[Airing], station: Station) -> dict[AiringId, str]:
    names = {market.id: market.name for market in station.markets.values()}
    return {airing: str(one) for one in told(plan.changes, airings, names) for airing in one.airings}


def _decided(change: PlanChange | None, begin: date, zone: ZoneInfo) -> datetime:
    """When the event came to be as it is: the day of its amendment, else the season's first."""
    return datetime.combine(change.amended if change else begin, time(), zone).astimezone(UTC)
