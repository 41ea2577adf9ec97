"""libvlc, opened on one master. The only importer of libvlc; itself imported in the player's child only."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("PYTHON_VLC_LIB_PATH", "libvlc.so.5")  # else the binding runs ldconfig to look for it
import vlc

OPTIONS = [
    "--ignore-config",
    "--intf=dummy",
    "--no-video",
    "--no-spu",
    "--no-sub-autodetect-file",
    "--no-lua",
    "--no-media-library",
    "--no-metadata-network-access",
    "--no-auto-preparse",
    "--no-interact",
    "--no-volume-save",
    "--quiet",
]

Tell = Callable[[str], None]
"""Takes a word from one of libvlc's threads; it must do nothing but pass it on."""


class Opened:
    """A player with its master, which stays this file whatever gets its name later. ``tell``: ``"ended"`` or ``"error"``."""

    def __init__(self, master: Path, options: list[str], tell: Tell) -> None:
        self._held = os.open(master, os.O_RDONLY | os.O_CLOEXEC)
        if os.read(self._held, 4) != b"fLaC":
            raise ValueError("not a master")
        os.posix_fadvise(self._held, 0, 0, os.POSIX_FADV_WILLNEED)
        self._libvlc = vlc.Instance([*OPTIONS, *options])
        self.media = self._libvlc.media_new_path(f"/proc/self/fd/{self._held}")
        self.media.add_option(":demux=flac")
        self.player = self._libvlc.media_player_new()
        self.player.set_media(self.media)
        for kind, word in (
            (vlc.EventType.MediaPlayerEndReached, "ended"),
            (vlc.EventType.MediaPlayerEncounteredError, "error"),
        ):
            self.player.event_manager().event_attach(kind, lambda _event, word=word: tell(word))

    def play(self) -> None:
        """Begin."""
        if self.player.play() == -1:
            raise RuntimeError("play")

    def into(self, feed: Callable[[bytes], None], rate_hz: int) -> None:
        """Give the samples, 16 bits mono at ``rate_hz``, to ``feed`` instead of an output, each piece as it is decoded."""
        callbacks = vlc.CallbackDecorators

        def heard(_opaque: int, samples: int, count: int, _pts: int) -> None:
            feed(ctypes.string_at(samples, 2 * count))

        self._kept = (
            callbacks.AudioPlayCb(heard),
            callbacks.AudioPauseCb(),
            callbacks.AudioResumeCb(),
            callbacks.AudioFlushCb(),
            callbacks.AudioDrainCb(),
        )  # libvlc holds them by address only
        self.player.audio_set_callbacks(*self._kept, None)
        self.player.audio_set_format("S16N", rate_hz, 1)

    def played_nothing(self) -> bool:
        """Whether not one buffer has reached libvlc's own output."""
        stats = vlc.MediaStats()
        return bool(self.media.get_stats(stats)) and stats.played_abuffers == 0
