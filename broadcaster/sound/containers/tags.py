"""Tags that surround bare frames: where the sound begins and ends between them."""

from typing import BinaryIO

from broadcaster.sound.containers.layout import Damaged

_MOST_TAGS = 1_000
"""One behind the other: programs write one to three, and each costs a look at the file."""


def id3v2_bytes(file: BinaryIO, offset: int) -> int:
    """Length of the ID3v2 tags that stand at ``offset`` (several may follow each other); 0 when there is none.

    Sizes are "syncsafe": four bytes of seven bits (ID3v2.4, section 3.1). Raises :class:`Damaged` for more than any file has.
    """
    total = 0
    for _ in range(_MOST_TAGS):
        file.seek(offset + total)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:10]):
            return total
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        total += 10 + size + (10 if head[5] & 0x10 else 0)
    raise Damaged


def tail_start(file: BinaryIO, size: int) -> int:
    """Where the tags at the end of a file of ``size`` bytes begin: ID3v1, APEv2 and Lyrics3, in any stack.

    Raises :class:`Damaged` for a stack higher than any file has.
    """
    end = size
    for _ in range(_MOST_TAGS):
        begin = _one_tail(file, end)
        if begin >= end:
            return end
        end = begin
    raise Damaged


def _one_tail(file: BinaryIO, end: int) -> int:
    file.seek(max(0, end - 128))
    last = file.read(min(end, 128))
    if len(last) == 128 and last[:3] == b"TAG":
        return end - 128
    if last[-32:-24] == b"APETAGEX":
        header = 32 if last[-9] & 0x80 else 0
        return max(0, end - int.from_bytes(last[-20:-16], "little") - header)
    if last.endswith(b"LYRICS200") and last[-15:-9].isdigit():
        return max(0, end - int(last[-15:-9]) - 15)
    return end
