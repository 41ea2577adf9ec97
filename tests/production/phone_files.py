"""A short sound in every format that a phone, a recorder, a camera or a computer hands over."""

import os
from dataclasses import dataclass
from pathlib import Path

from recordings import _amr, ffmpeg

LENGTH_S = 2.0
SOUND = (
    "aevalsrc='0.3*sin(2*PI*220*t)*(0.5+0.5*sin(2*PI*3*t))+0.1*sin(2*PI*1900*t)+0.02*(random(0)-0.5)'"
    f":s=44100:d={LENGTH_S}"
)
PICTURE = f"testsrc=size=64x64:rate=10:duration={LENGTH_S}"
SOUND_ALONE = {
    # name: how ffmpeg writes it
    "recorder.wav": "",
    "24-bit.wav": "-c:a pcm_s24le",
    "ima.wav": "-c:a adpcm_ima_wav",
    "gsm.wav": "-c:a libgsm_ms -ar 8000",
    "g722.wav": "-c:a adpcm_g722 -ar 16000",
    "mp3.wav": "-c:a libmp3lame",
    "broadcast.wav": "-write_bext 1 -metadata description=x",
    "constant.mp3": "-b:a 48k",
    "variable.mp3": "-q:a 6",
    "layer-2.mp2": "",
    "voice.m4a": "-c:a aac -ar 16000",
    "memo.m4a": "-c:a alac",
    "fragments.mp4": "-c:a aac -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 300000",
    "dash.mp4": "-c:a aac -movflags +dash",
    "mp3.mp4": "-c:a libmp3lame",
    "opus.mp4": "-c:a libopus -strict -2",
    "sound.mov": "-c:a pcm_s16le",
    "voice.3gp": "-c:a aac -ar 8000",
    "raw.aac": "-c:a aac",
    "vorbis.ogg": "-c:a libvorbis",
    "note.opus": "-c:a libopus -b:a 16k -application voip",
    "note-60-ms.ogg": "-c:a libopus -b:a 12k -frame_duration 60",
    "speex.spx": "-c:a libspeex -ar 16000",
    "lossless.flac": "-sample_fmt s16",
    "lossless.oga": "-c:a flac",
    "browser.webm": "-c:a libopus",
    "live.webm": "-c:a libopus -live 1",
    "sound.mka": "-c:a libvorbis",
    "pcm.caf": "-c:a pcm_s16le",
    "memo.caf": "-c:a alac",
    "message.caf": "-c:a libopus -ar 48000",
    "studio.aiff": "",
    "studio.aifc": "-c:a pcm_s16le -f aiff",
    "old.wma": "-c:a wmav2",
    "camera.avi": "-c:a pcm_u8 -ar 11025",
    "sound.ts": "-c:a aac",
    "sound.mpg": "-c:a mp2 -f mpeg",
}
WITH_PICTURE = {
    "phone.mp4": "-c:v libx264 -c:a aac",
    "reel.mov": "-c:v libx264 -c:a aac",
    "old-phone.3gp": "-c:v h263 -s 176x144 -c:a aac -ar 8000",
    "frames-at-odd-times.mp4": "-vf setpts=PTS+random(0)*0.05/TB -vsync vfr -c:v libx264 -c:a aac",
    "film.webm": "-c:v libvpx -c:a libopus",
    "film.mkv": "-c:v libx264 -c:a aac",
    "film.wmv": "-c:v wmv2 -c:a wmav2",
    "film.avi": "-c:v mjpeg -c:a pcm_s16le",
    "film.ogv": "-c:v libtheora -c:a libvorbis",
    "camcorder.mts": "-c:v libx264 -c:a ac3 -mpegts_m2ts_mode 1 -f mpegts",
    "disc.vob": "-c:v mpeg2video -s 352x288 -r 25 -c:a ac3 -ar 48000 -f vob",
}
WITH_COVER = {"cover.mp3": "-b:a 48k", "cover.m4a": "-c:a aac", "cover.flac": "-c:a flac -sample_fmt s16"}
COPIED = {"voice.amr": "", "wide.amr": "", "voice-amr.3gp": "voice.amr", "wide-amr.3gp": "wide.amr"}
"""AMR, for which there is no encoder: chance bits, which are sound to this format; and the same in 3GP."""
ALL = (*SOUND_ALONE, *WITH_PICTURE, *WITH_COVER, *COPIED, "film-before-ftyp.mov")
NOBODY_HAS = (
    *("ac3", "adx", "alaw", "asf_stream", "ast", "au", "avm2", "eac3", "f32le", "flv", "g722", "ircam", "latm", "mmf"),
    *(
        "nut",
        "rm",
        "rso",
        "s16le",
        "sbc",
        "smjpeg",
        "sox",
        "spdif",
        "swf",
        "tta",
        "u8",
        "voc",
        "w64",
        "wsaud",
        "wtv",
        "wv",
    ),
)
"""Containers that ffmpeg writes and no phone, recorder or camera of today does; some are bare samples."""


@dataclass(frozen=True)
class PhoneFiles:
    """Makes each file once and keeps it."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        """The file of this name."""
        path = self.folder / name
        if not path.exists():
            part = path.with_name(f"part-{os.getpid()}-{name}")
            self._make(name, part)
            part.rename(path)
        return path

    def _make(self, name: str, path: Path) -> None:
        sound = ("-f", "lavfi", "-i", SOUND)
        if name in SOUND_ALONE:
            ffmpeg(*sound, *SOUND_ALONE[name].split(), str(path))
        elif name in WITH_PICTURE:
            ffmpeg(*sound, "-f", "lavfi", "-i", PICTURE, *WITH_PICTURE[name].split(), str(path))
        elif name in WITH_COVER:
            pictured = ("-map", "0:a", "-map", "1:v", "-frames:v", "1", "-c:v", "png", "-disposition:v", "attached_pic")
            ffmpeg(*sound, "-f", "lavfi", "-i", PICTURE, *pictured, *WITH_COVER[name].split(), str(path))
        elif name == "film-before-ftyp.mov":
            path.write_bytes(_without_ftyp(self["reel.mov"].read_bytes()))
        elif copied := COPIED[name]:
            ffmpeg("-i", str(self[copied]), "-c", "copy", str(path))
        else:
            path.write_bytes(_amr(wide=name == "wide.amr"))


def _without_ftyp(content: bytes) -> bytes:
    """The file as cameras wrote it before there was a first box that says what it is; what points into it stays true."""
    length = int.from_bytes(content[:4], "big")
    return length.to_bytes(4, "big") + b"wide" + content[8:]
