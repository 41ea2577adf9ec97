"""The forms a copy can have: for whom, how it is encoded, and what its encoding is known to do to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcaster.model import Dbtp, Scope


@dataclass(frozen=True)
class Form:
    """One form."""

    id: str
    suffix: str
    scope: Scope
    """What the signed consents must allow."""
    codec: tuple[str, ...]
    """ffmpeg's words for the encoder and its container, without tags."""
    rate_hz: int
    """Of the encoded file, when it is decoded."""
    rise_db: float = 0.0
    """By how much its encoder is known to raise peaks; more is found by measuring."""
    loss_lu: float = 0.0
    """How much softer its encoder is known to make speech."""
    lossless: bool = False


HIGHEST_DBTP = Dbtp(-1.0)
"""No copy's true peak is above it, decoded: what streaming services and EBU R 128 s2 ask of lossy files."""

FORMS: Mapping[str, Form] = {
    form.id: form
    for form in (
        Form("mp3", ".mp3", Scope.WHATSAPP, ("-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3"), 48_000, 0.6, 0.44),
        Form(
            "opus",
            ".opus",
            Scope.WHATSAPP,
            ("-c:a", "libopus", "-b:a", "32k", "-application", "audio", "-f", "ogg"),
            48_000,
            rise_db=0.6,
        ),
        Form("wav", ".wav", Scope.ARCHIVE, ("-c:a", "pcm_s16le", "-f", "wav"), 48_000, lossless=True),
        Form(
            "usb",
            ".mp3",
            Scope.USB,
            # 44.1 kHz, constant rate, two equal channels: what the oldest player in an amplifier can play
            (
                *("-c:a", "libmp3lame", "-b:a", "128k", "-ar", "44100", "-af", "pan=stereo|c0=c0|c1=c0"),
                *("-id3v2_version", "3", "-f", "mp3"),
            ),
            44_100,
            0.6,
            0.44,
        ),
        Form("facebook", ".mp4", Scope.FACEBOOK, ("-c:a", "aac", "-b:a", "128k", "-f", "ipod"), 48_000, 0.6),
    )
}
"""MP3 at 64 kbit/s takes 4.8 MB for ten minutes, Opus at 32 kbit/s 2.4 MB."""
