"""One file, sealed in pieces that can neither be changed, changed about, left out nor cut short unnoticed.

libsodium's secret stream (XChaCha20-Poly1305): a header, then pieces of :data:`PIECE` bytes, each 17 bytes longer when
sealed, the last one marked as the last. Each file has a key of its own, which stands in the signed list.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES as MORE,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_HEADERBYTES as HEADER,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MESSAGE,
)
from nacl.exceptions import CryptoError

from broadcaster.hub.refusals import Tampered
from broadcaster.model import Sha256

PIECE = 1 << 18

Moved = Callable[[int], None]
"""Told of each piece how many bytes it had."""


def sealed_size(size: int) -> int:
    """How long a file of so many bytes is when sealed."""
    pieces = max(1, -(-size // PIECE))
    return HEADER + size + pieces * MORE


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """A file piece by piece."""
    while piece := file.read(PIECE):
        yield piece


def seal_into(target: BinaryIO, pieces: Iterable[bytes], key: bytes, moved: Moved) -> None:
    """Write these pieces, sealed. All but the last have :data:`PIECE` bytes."""
    state = crypto_secretstream_xchacha20poly1305_state()
    target.write(crypto_secretstream_xchacha20poly1305_init_push(state, key))
    rest = iter(pieces)
    piece: bytes | None = next(rest, b"")
    while piece is not None:
        after = next(rest, None)
        target.write(crypto_secretstream_xchacha20poly1305_push(state, piece, tag=MESSAGE if after else FINAL))
        moved(len(piece))
        piece = after


def unsealed(source: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    """What was sealed, piece by piece; what has come is what was written, and whole only when all has come.

    :raises Tampered: a byte differs, or a piece is missing, too many or in another place.
    """
    state, last = crypto_secretstream_xchacha20poly1305_state(), False
    try:
        crypto_secretstream_xchacha20poly1305_init_pull(state, source.read(HEADER), key)
        while piece := source.read(PIECE + MORE):
            if last:
                raise Tampered(problem=name)
            text, tag = crypto_secretstream_xchacha20poly1305_pull(state, piece)
            last = tag == FINAL
            yield text
    except (CryptoError, ValueError, TypeError) as error:
        raise Tampered(problem=name) from error
    if not last:
        raise Tampered(problem=name)


def checked(pieces: Iterable[bytes], sha256: Sha256, name: str) -> Iterator[bytes]:
    """The same pieces, at whose end the whole has this hash.

    :raises Tampered: it has not.
    """
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise Tampered(problem=name)
