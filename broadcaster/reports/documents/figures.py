"""The counts of a summary as they are printed, so that every document says a number in the same way. Pure."""

from dataclasses import dataclass

from broadcaster.model import Evidence
from broadcaster.reports.documents.wording import minutes, percent, whole
from broadcaster.reports.summary import Counts, Summary

PROVED = frozenset({Evidence.MONITOR, Evidence.MICROPHONE})
"""The sound was found on the output: «left the computer»."""


@dataclass(frozen=True)
class Figures:
    """Numbers in words: each is printed as it stands here."""

    planned: str
    off_calendar: str
    """Of the cancelled: what the calendar took out."""
    due: str
    """Planned, without those."""
    played: str
    partial: str
    missed: str
    cancelled: str
    open: str
    """Yet to come, or due while the market's record is awaited."""
    made_good: str
    done: str
    """Played or made good, each promise once."""
    done_percent: str
    """Of what was due."""
    on_time: str
    on_time_percent: str
    """Of the played."""
    minutes_promised: str
    minutes_heard: str
    minutes_percent: str
    episodes: str
    """How many different ones were played or made good."""
    left: str
    """How many of the done were found on the output."""
    confirmed: str
    """How many of the done people say were heard in the market, by a tap or on a sheet."""
    provisional: str
    """How many were due while the market's record is awaited."""
    has_open: bool
    has_provisional: bool


def figures(counts: Counts, episodes: int) -> Figures:
    """``episodes``: how many different ones were played or made good."""
    return Figures(
        planned=whole(counts.planned),
        off_calendar=whole(counts.off_calendar),
        due=whole(counts.due),
        played=whole(counts.played),
        partial=whole(counts.partial),
        missed=whole(counts.missed),
        cancelled=whole(counts.cancelled),
        open=whole(counts.to_come + counts.awaited),
        made_good=whole(counts.made_good),
        done=whole(counts.fulfilled),
        done_percent=percent(counts.fulfilled, counts.due),
        on_time=whole(counts.on_time),
        on_time_percent=percent(counts.on_time, counts.played),
        minutes_promised=minutes(counts.promised_s),
        minutes_heard=minutes(counts.heard_s),
        minutes_percent=percent(counts.heard_s, counts.promised_s),
        episodes=whole(episodes),
        left=whole(sum(counts.evidence.get(level, 0) for level in PROVED)),
        confirmed=whole(counts.attested),
        provisional=whole(counts.awaited),
        has_open=counts.to_come + counts.awaited > 0,
        has_provisional=counts.awaited > 0,
    )


def episodes(summary: Summary) -> int:
    """How many different ones were played or made good in the period."""
    return sum(group.counts.fulfilled > 0 for group in summary.episodes)
