"""Shorter or longer than the station's episodes are."""

from broadcaster.config import IntakeSettings
from broadcaster.model import Finding, Seconds
from broadcaster.sound.findings import finding, in_minutes


def judge(duration_s: Seconds, settings: IntakeSettings) -> Finding | None:
    """Held against the station's window; beyond ``max_duration_s`` the decoder has refused it already."""
    length = in_minutes(duration_s)
    if duration_s < settings.shortest_s:
        return finding("short", length=length, limit=in_minutes(settings.shortest_s))
    if duration_s > settings.longest_s:
        return finding("long", length=length, limit=in_minutes(settings.longest_s))
    return None
