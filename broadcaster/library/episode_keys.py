"""Every key of an ``episode.toml``: what it may be, what it means."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broadcaster.config.kinds import FLAG, ID, TEXT, TEXT_OR_NOTHING, Kind, listing, matching, number, one_of, whole
from broadcaster.config.schema import Entry, Key, Rows, Table
from broadcaster.locale import mark as N_
from broadcaster.model import EPISODE_NUMBERS, Severity


def _moment(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError
    return value


SHA256 = matching(N_("64 lower-case hexadecimal digits"), r"[0-9a-f]{64}")
MOMENT = Kind(N_("a date with time and zone, without quotes"), _moment)
INSIDE = matching(N_("a file's path inside the episode's folder"), r"(?!/)(?!.*\.\.)[^\\]{1,200}")
DECIBELS = number(-200, 100)

_MEASURE: Mapping[str, Entry] = {
    "integrated_lufs": Key(DECIBELS, "Integrated loudness, LUFS.", "-19.0", None),
    "true_peak_dbtp": Key(DECIBELS, "True peak, dBTP.", "-1.6", None),
    "loudness_range_lu": Key(DECIBELS, "Loudness range, LU.", "4.2", None),
    "max_momentary_lufs": Key(DECIBELS, "Highest momentary loudness, LUFS.", "-15.3", None),
    "max_shortterm_lufs": Key(DECIBELS, "Highest short-term loudness, LUFS.", "-16.8", None),
    "duration_s": Key(number(0, 10_000_000), "Length, seconds.", "480.0"),
    "sample_rate_hz": Key(whole(1, 10_000_000), "Samples a second.", "48000"),
    "channels": Key(whole(1, 65_535), "Channels.", "1"),
}

_AUDIO = Table(
    {
        "path": Key(INSIDE, "The file, inside the episode's folder.", '"master.flac"'),
        "sha256": Key(SHA256, "SHA-256 of the file.", f'"{"0" * 64}"'),
        **_MEASURE,
    }
)

_FINDING = Table(
    {
        "code": Key(TEXT, "The finding's code.", '"clipped"'),
        "severity": Key(one_of(*Severity), "What it means for the recording.", '"warn"'),
        "at_s": Key(number(0, 10_000_000), "The second at which it begins.", "12.5", None),
        "text": Key(TEXT_OR_NOTHING, "What was noticed, for people.", '"…"'),
    }
)

_REVISION = Table(
    {
        "revision": Key(whole(1, 9_999), "Number of the revision.", "1"),
        "added_utc": Key(MOMENT, "When it was admitted.", "2021-06-10T15:00:00Z"),
        "defenders": Key(listing(TEXT), "Codes of the defenders who made it.", '["d-07"]'),
        "consent": Key(
            TEXT_OR_NOTHING, "Reference of the only filed consent form; `consents` since.", '"C-2021-014"', ""
        ),
        "consents": Key(listing(TEXT), "References of the consents of its voices.", '["C-2021-014"]', ()),
        "helplines": Key(listing(ID), "Helplines it names.", '["linea-100"]', ()),
        "original": _AUDIO,
        "master": _AUDIO,
        "findings": Rows(_FINDING),
    }
)

KEYS = Table(
    {
        "number": Key(
            whole(EPISODE_NUMBERS[0], EPISODE_NUMBERS[-1]), "Number of the episode, as its folder's name.", "3"
        ),
        "title": Key(TEXT, "The title; it never becomes part of a file's name or a log.", '"Nuestra voz"'),
        "sample": Key(FLAG, "Made up to try the program: never airs under run.", "false", default=False),
        "revisions": Rows(_REVISION),
    }
)
"""The document."""
