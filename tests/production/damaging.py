"""Ways in which a good file goes bad: on a dying card, a broken copy, a hostile desk. The same at each run."""

import random
from collections.abc import Callable, Mapping
from zlib import crc32

Harm = Callable[[bytes, random.Random], bytes]
HEADER = 160
"""Bytes at the beginning in which a container says what it is."""
LIES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_FFFE)


def cut(content: bytes, chance: random.Random) -> bytes:
    """The copy stopped."""
    return content[: chance.randrange(1, len(content))]


def nearly_whole(content: bytes, chance: random.Random) -> bytes:
    """The last few bytes are missing."""
    return content[: -chance.randrange(1, 400)]


def beheaded(content: bytes, chance: random.Random) -> bytes:
    """The beginning is missing."""
    return content[chance.randrange(1, len(content) // 2) :]


def one_bit(content: bytes, chance: random.Random) -> bytes:
    harmed = bytearray(content)
    harmed[chance.randrange(len(harmed))] ^= 1 << chance.randrange(8)
    return bytes(harmed)


def many_bytes(content: bytes, chance: random.Random) -> bytes:
    harmed = bytearray(content)
    for _ in range(max(4, len(content) // 200)):
        harmed[chance.randrange(len(harmed))] = chance.randrange(256)
    return bytes(harmed)


def a_lost_block(content: bytes, chance: random.Random) -> bytes:
    """A sector of a card that reads as zeros."""
    start = chance.randrange(len(content))
    block = content[start : start + 4096]
    return content[:start] + bytes(len(block)) + content[start + len(block) :]


def a_lying_header(content: bytes, chance: random.Random) -> bytes:
    """Some numbers of the header are other numbers."""
    harmed = bytearray(content)
    for _ in range(3):
        at = chance.randrange(4, min(HEADER, len(content) - 4))
        width = chance.choice((1, 2, 4))
        lie = chance.choice(LIES) & ((1 << 8 * width) - 1)
        harmed[at : at + width] = lie.to_bytes(width, chance.choice(("big", "little")))
    return bytes(harmed)


def a_lie_anywhere(content: bytes, chance: random.Random) -> bytes:
    """A length deep inside that says four gigabytes, or nothing."""
    harmed = bytearray(content)
    for _ in range(8):
        at = chance.randrange(len(content) - 4)
        harmed[at : at + 4] = chance.choice((0, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x0FFF_FFFF)).to_bytes(4, "big")
    return bytes(harmed)


def huge_tags(content: bytes, chance: random.Random) -> bytes:
    """A tag of megabytes before it, and one behind that claims to be as large."""
    size = chance.choice((3_000_000, 60_000))
    claimed = chance.choice((size, (1 << 28) - 1))
    syncsafe = bytes(claimed >> shift & 0x7F for shift in (21, 14, 7, 0))
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + b"\xff\xff\xff\x7f" + bytes(16)
    return b"ID3\x04\0\0" + syncsafe + b"\xffT" * (size // 2) + content + ape


def shuffled(content: bytes, chance: random.Random) -> bytes:
    """A piece of it stands twice and another is gone, as after a repair of the card."""
    size = len(content) // 6
    one, other = chance.randrange(len(content) - size), chance.randrange(len(content) - size)
    return content[:one] + content[other : other + size] + content[one + size // 2 :]


HARMS: Mapping[str, Harm] = {
    harm.__name__: harm
    for harm in (
        cut,
        nearly_whole,
        beheaded,
        one_bit,
        many_bytes,
        a_lost_block,
        a_lying_header,
        a_lie_anywhere,
        huge_tags,
        shuffled,
    )
}


def harmed(name: str, content: bytes, harm: str, turn: int = 0) -> bytes:
    """The file ``name`` after ``harm``; another ``turn`` is another accident of the kind."""
    return HARMS[harm](content, random.Random(crc32(f"{name}/{harm}/{turn}".encode())))
