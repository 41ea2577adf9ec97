"""Numbers, names and keys, told apart by their types: a decibel is no second."""

from typing import NewType

Seconds = NewType("Seconds", float)
Milliseconds = NewType("Milliseconds", float)
Lufs = NewType("Lufs", float)
"""Loudness, K-weighted, relative to full scale (ITU-R BS.1770)."""
LoudnessUnits = NewType("LoudnessUnits", float)
Dbtp = NewType("Dbtp", float)
"""True peak in decibels relative to full scale (ITU-R BS.1770, annex 2)."""
Sha256 = NewType("Sha256", str)
"""64 lower-case hexadecimal digits."""
MarketId = NewType("MarketId", str)
AiringId = NewType("AiringId", str)
"""``2021-06-18T10:00/mercado-central``: the local minute and the market; ``Z1`` after the minute in a fold's second pass."""
PlayId = NewType("PlayId", str)
"""``node-epoch-seq`` of the play's intent row."""
EpisodeNumber = NewType("EpisodeNumber", int)
EPISODE_NUMBERS = range(1, 1000)
"""All there can be: an episode's folder is named by three digits."""
