"""Two hundred damaged files of every format: each becomes a conforming master or is refused with one sentence."""

import resource
from pathlib import Path

import pytest
from damaging import HARMS, harmed
from judged import Judge
from phone_files import PhoneFiles

FILES = (
    "recorder.wav",
    "ima.wav",
    "constant.mp3",
    "variable.mp3",
    "cover.m4a",
    "fragments.mp4",
    "phone.mp4",
    "wide-amr.3gp",
    "voice.amr",
    "raw.aac",
    "vorbis.ogg",
    "note.opus",
    "speex.spx",
    "lossless.flac",
    "browser.webm",
    "message.caf",
    "studio.aiff",
    "old.wma",
    "film.avi",
    "camcorder.mts",
)
"""Of every container, and of the codings in them."""


@pytest.mark.parametrize("name", FILES)
def test_a_file_becomes_a_master_and_damaged_in_any_way_a_master_or_one_sentence(
    name: str, phone_files: PhoneFiles, judge: Judge, tmp_path: Path
) -> None:
    """Nothing is left behind by any, and none takes more of the processor than a few seconds."""
    content = phone_files[name].read_bytes()
    assert judge(phone_files[name]) is None
    for harm in HARMS:
        (tmp_path / name).write_bytes(harmed(name, content, harm))
        before = _processor_s()
        judge(tmp_path / name)
        assert _processor_s() - before < 20


def _processor_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
