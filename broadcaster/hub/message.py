"""What became of an airing, as a short message: words for people, and a code that a program reads back. Pure.

::

    Mercado Unicachi, viernes 18 de junio de 2021, 10:00 a. m.: emitida (a la hora). Registro K7F3-9QXM.
    EM1-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX
        └── facts, 17 ────┘└ record ┘└ seal ┘└ check

The code alone counts: the airing, its end and the record's code, then a seal (BLAKE2b with the secret that the market's
computer and its office share; 28 bits) and a check over all of it (18 bits), so that a letter copied wrong is noticed and a
message made by somebody else is told apart. It takes letters and digits of which no two look alike; capitals, spaces, line
breaks, quotes and whatever stands before or behind do not matter. No title, no episode and no person is in it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from broadcaster.hub.message_refusals import NewerMessage, NotWhole, OfNoMarket
from broadcaster.journal.dailycode import ALPHABET, plain
from broadcaster.journal.events import MAKE_GOOD
from broadcaster.locale import gettext as _
from broadcaster.locale.moments import date_with_year
from broadcaster.model import REASONS, AiringId, MarketId, Outcome, Reason
from broadcaster.reasons import name as reason_name
from broadcaster.reasons import word

FORMAT = 1
LETTERS = (17, 8, 6, 4)
"""Of the facts, the record's code, the seal and the check."""
LENGTH = sum(LETTERS)
GROUP = 5
UNSEALED = ALPHABET[0] * LETTERS[2]
"""In place of a seal, where the computer belongs to no office."""
OPENS_WHATSAPP = "https://wa.me/?text="
"""A phone that scans it opens WhatsApp with the text written; without WhatsApp it would open a web page of theirs."""
_FIRST = datetime(2020, 1, 1)  # noqa: DTZ001  local minutes, as airings are named
_BITS = (20, 26, 1, 4, 20, 2, 6)
"""Of the market's mark, the named minute, its second pass, the make-good's number, its minutes after the named one, the
outcome, the reason: 79, and 17 letters hold 79.9."""
_OUTCOMES = (Outcome.PLAYED, Outcome.PARTIAL, Outcome.MISSED, Outcome.CANCELLED)
_REASONS = (
    *(Reason.ON_TIME, Reason.LATE, Reason.PROCESS_DIED, Reason.PLAYER_CRASHED, Reason.PLAYER_HUNG, Reason.AUDIO_LOST),
    *(Reason.AUDIO_STALLED, Reason.WRONG_DEVICE, Reason.SILENT_OUTPUT, Reason.NOT_HEARD, Reason.WITHDRAWN),
    *(Reason.SUSPENDED, Reason.STOPPED_BY_OPERATOR, Reason.STOPPED_FOR_SAFETY, Reason.WINDOW_CLOSED, Reason.POWER_LOSS),
    *(Reason.SWITCHED_OFF, Reason.PROCESS_DIED_BEFORE_SOUND, Reason.NO_AUDIO_DEVICE, Reason.CLOCK_JUMP),
    *(Reason.CLOCK_UNVERIFIED, Reason.NO_EPISODE, Reason.NOT_APPROVED, Reason.NO_CONSENT, Reason.NO_HELPLINE),
    *(Reason.BAD_FILE, Reason.RECORD_UNAVAILABLE, Reason.PLAYER_FAILED, Reason.HOLIDAY, Reason.BLACKOUT),
    *(Reason.MARKET_CLOSED, Reason.SKIPPED, Reason.PLAN_CHANGED, Reason.HELD_BY_OPERATOR, Reason.LEASE_EXPIRED),
    *(Reason.ABSENT, Reason.OUTPUT_BUSY),
)
"""Their places are the numbers in messages that were sent: new ones go to the end."""
_NAME = re.compile(rf"(?:{MAKE_GOOD}([1-9]|1[0-5])/)?(20[2-9]\d-\d\d-\d\dT\d\d:\d\d)(Z1)?/(.+)")
_BEGIN = re.compile(r"(?<![^\W_])E\s*M\s*([0-9])(?:(?![^\W_])|(?=[0-9A-Z]{20}))", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """One airing's end, as it is told."""

    airing: AiringId
    market: MarketId
    due: datetime
    """Local, aware."""
    outcome: Outcome
    reason: Reason
    code: str
    """Of the record, as it stood when the airing had ended: ``K7F3-9QXM``."""
    place: str = ""
    """The market's name, for people."""
    seal: str = UNSEALED

    @property
    def letters(self) -> str:
        """The code's :data:`LENGTH` letters."""
        facts = _as_letters(_packed(self), LETTERS[0]) + plain(self.code) + self.seal
        return facts + _check(facts)

    @property
    def text(self) -> str:
        """What is sent, in the language spoken now."""
        told = _("{market}, {when}: {outcome} ({reason}). Record {code}.").format(
            market=self.place or self.market,
            when=date_with_year(self.due).replace("\N{NO-BREAK SPACE}", " "),
            outcome=word(self.outcome),
            reason=reason_name(self.reason),
            code=self.code,
        )
        letters = self.letters
        groups = (letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))
        return f"{told}\n{'-'.join((f'EM{FORMAT}', *groups))}"

    @property
    def link(self) -> str:
        """What a QR code of it holds: a phone that reads it has the text ready to be sent."""
        return OPENS_WHATSAPP + quote(self.text, safe=":,.()-/")

    def sealed(self, secret: bytes | None) -> "Message":
        """The same, with the seal that the secret gives; unsealed without one."""
        if secret is None:
            return replace(self, seal=UNSEALED)
        said = "\n".join((self.airing, self.market, plain(self.code), str(_packed(self)))).encode()
        return replace(self, seal=_hash(said, LETTERS[2], person=b"stick message", key=secret))


class Code(NamedTuple):
    """What follows the beginning of a message's code, up to :data:`LENGTH` letters."""

    format: int
    letters: str


def can_be_told(airing: AiringId) -> bool:
    """Whether it has a place in the schedule: a sound by hand has none."""
    return _NAME.fullmatch(airing) is not None


def codes_in(text: str) -> list[Code]:
    """Every message's code in a text, whole or not, in its order."""
    bare = "".join(c for c in unicodedata.normalize("NFKC", unquote(text)) if unicodedata.category(c) != "Cf")
    found, at = [], 0
    while (begin := _BEGIN.search(bare, at)) is not None:
        places = [place for place in range(begin.end(), len(bare)) if bare[place].isalnum()][:LENGTH]
        code = Code(int(begin[1]), plain("".join(bare[place] for place in places)))
        found.append(code)
        at = places[-1] + 1 if places and is_whole(code.letters) else begin.end()
    return found


def is_whole(letters: str) -> bool:
    """Whether the check says that each letter is as it was written."""
    facts, check = letters[: -LETTERS[3]], letters[-LETTERS[3] :]
    return len(letters) == LENGTH and set(letters) <= set(ALPHABET) and _check(facts) == check


def understood(code: Code, markets: Iterable[MarketId], zone: ZoneInfo) -> Message:
    """The message that a code is; who made it is not yet known.

    :raises NotWhole, NewerMessage, OfNoMarket: it is none that could be kept.
    """
    if code.format > FORMAT:
        raise NewerMessage
    if code.format < FORMAT or not is_whole(code.letters):
        raise NotWhole(code=f"EM{code.format}-{code.letters[:GROUP]}…")
    facts, record, seal = code.letters[: LETTERS[0]], code.letters[LETTERS[0] :][: LETTERS[1]], LETTERS[0] + LETTERS[1]
    mark, minute, fold, attempt, later, outcome, reason = _unpacked(_as_number(facts))
    if reason >= len(_REASONS) or _REASONS[reason] not in REASONS[_OUTCOMES[outcome]]:
        raise NewerMessage
    market = next((each for each in markets if _mark(each) == mark), None)
    if market is None:
        raise OfNoMarket
    named = _FIRST + timedelta(minutes=minute)
    return Message(
        airing=AiringId(
            f"{f'{MAKE_GOOD}{attempt}/' if attempt else ''}{named:%Y-%m-%dT%H:%M}{'Z1' if fold else ''}/{market}"
        ),
        market=market,
        due=(named + timedelta(minutes=later)).replace(tzinfo=zone, fold=fold),
        outcome=_OUTCOMES[outcome],
        reason=_REASONS[reason],
        code=f"{record[:4]}-{record[4:]}",
        seal=code.letters[seal:][: LETTERS[2]],
    )


def _packed(message: Message) -> int:
    parts = _NAME.fullmatch(message.airing)
    assert parts is not None, message.airing  # noqa: S101  asked for by whoever makes one
    named = datetime.fromisoformat(parts[2])
    later = (message.due.replace(tzinfo=None) - named) // timedelta(minutes=1)
    values = (
        *(_mark(message.market), (named - _FIRST) // timedelta(minutes=1), int(parts[3] is not None)),
        *(int(parts[1] or 0), max(later, 0), _OUTCOMES.index(message.outcome), _REASONS.index(message.reason)),
    )
    number = 0
    for value, bits in zip(values, _BITS, strict=True):
        number = (number << bits) | min(value, (1 << bits) - 1)
    return number


def _unpacked(number: int) -> list[int]:
    values = []
    for bits in reversed(_BITS):
        values.append(number & ((1 << bits) - 1))
        number >>= bits
    return values[::-1]


def _mark(market: str) -> int:
    """A market in twenty bits: its id is longer than all the rest."""
    raw = hashlib.blake2b(market.encode(), person=b"market", digest_size=8).digest()
    return int.from_bytes(raw, "big") >> (64 - _BITS[0])


def _check(letters: str) -> str:
    return _hash(f"{FORMAT}{letters}".encode(), LETTERS[3], person=b"message")


def _hash(said: bytes, letters: int, *, person: bytes, key: bytes = b"") -> str:
    raw = hashlib.blake2b(said, key=key, person=person, digest_size=16).digest()
    return _as_letters(int.from_bytes(raw, "big"), letters)


def _as_letters(number: int, count: int) -> str:
    letters = []
    for _place in range(count):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def _as_number(letters: str) -> int:
    number = 0
    for letter in reversed(letters):
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number
