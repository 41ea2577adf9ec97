"""The keys of a station: one to sign with, one that is sealed for. Their public halves travel on a card with a code.

The private halves lie in ``data/stick.key`` (mode 0600), in no backup and in no record: a new computer is paired anew. A card's
code is twelve digits that a person reads out on the telephone. So short a hash would be met by trying out keys: each try costs
64 MB and some tenths of a second (Argon2id), for 10¹² tries thousands of years of a processor.
"""

import json
import os
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from broadcaster.config import Station
from broadcaster.hub.refusals import NotSealedForUs, SignedByAnother, Tampered
from broadcaster.hub.stick import write_whole

FILE = "stick.key"
CONTEXT = b"broadcaster stick 1\n"
"""Stands before whatever is signed: a signature made for something else says nothing here."""
DIGITS = 12
_SALT = b"broadcaster card"
_TRIES, _MEMORY = 4, 64 << 20


@dataclass(frozen=True)
class Card:
    """What one station must know of another to write it a stick and to believe one."""

    node: str
    sign_key: str
    """Hexadecimal, 32 bytes."""
    box_key: str

    @property
    def code(self) -> str:
        """What people compare: ``4821 7730 1946``."""
        return _code_of(self)

    def is_called(self, code: str) -> bool:
        """Whether somebody typed this card's code, with whatever between the digits."""
        return "".join(filter(str.isdigit, code)) == self.code.replace(" ", "")


@lru_cache(maxsize=64)
def _code_of(card: Card) -> str:
    """Worked out once: it costs what guessing shall cost, and pages show it again and again."""
    said = "\n".join((card.node, card.sign_key, card.box_key)).encode()
    raw = pwhash.argon2id.kdf(16, said, _SALT, opslimit=_TRIES, memlimit=_MEMORY)
    digits = f"{int.from_bytes(raw, 'big') % 10**DIGITS:0{DIGITS}d}"
    return " ".join(digits[place : place + 4] for place in range(0, DIGITS, 4))


@dataclass(frozen=True)
class Keys:
    """Both keys of a station, whole."""

    sign: SigningKey
    box: PrivateKey

    def card(self, node: str) -> Card:
        """What may be shown to anybody."""
        return Card(node, self.sign.verify_key.encode().hex(), self.box.public_key.encode().hex())

    def seal(self, text: bytes, to: Card) -> bytes:
        """Signed by us, readable by that station alone."""
        return SealedBox(PublicKey(bytes.fromhex(to.box_key))).encrypt(self.sign.sign(CONTEXT + text))

    def unseal(self, sealed: bytes, by: Card) -> bytes:
        """What that station signed and sealed for us.

        :raises NotSealedForUs: damaged, or for somebody else.
        :raises SignedByAnother: it signed nothing of the kind.
        """
        try:
            signed = SealedBox(self.box).decrypt(sealed)
        except CryptoError as error:
            raise NotSealedForUs from error
        try:
            text = VerifyKey(bytes.fromhex(by.sign_key)).verify(signed)
        except (CryptoError, ValueError) as error:
            raise SignedByAnother from error
        if not text.startswith(CONTEXT):
            raise SignedByAnother
        return text.removeprefix(CONTEXT)

    def shared_with(self, other: Card) -> bytes:
        """A secret that the two stations have and nobody else: 32 bytes."""
        return Box(self.box, PublicKey(bytes.fromhex(other.box_key))).shared_key()


def keys_of(station: Station) -> Keys:
    """The station's keys, made at the first call ever.

    :raises OSError: they can be neither read nor written.
    """
    path = station.data / FILE
    if not path.exists():
        _make(path)
    known = json.loads(path.read_text(encoding="ascii"))
    return Keys(SigningKey(bytes.fromhex(known["sign"])), PrivateKey(bytes.fromhex(known["box"])))


def _make(path: Path) -> None:
    made = {"sign": SigningKey.generate().encode().hex(), "box": PrivateKey.generate().encode().hex()}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(made).encode(), mode=0o600)


def card_text(card: Card) -> bytes:
    """A card as it lies on a stick."""
    return json.dumps(asdict(card), indent=1).encode()


def card_from(text: bytes, name: str) -> Card:
    """The card that lies on a stick; nothing vouches for it but its code.

    :raises Tampered: it is none.
    """
    try:
        card = Card(**json.loads(text))
        keys = bytes.fromhex(card.sign_key), bytes.fromhex(card.box_key)
        good = all(len(key) == 32 for key in keys) and card.node.isalnum() and len(card.node) < 64
        VerifyKey(keys[0]), PublicKey(keys[1])
    except (TypeError, ValueError, AttributeError, RecursionError, CryptoError) as error:
        raise Tampered(problem=name) from error
    if not good or os.sep in card.node:
        raise Tampered(problem=name)
    return card
