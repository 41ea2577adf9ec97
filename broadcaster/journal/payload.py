"""Event ⇄ canonical JSON: sorted keys, no spaces, UTC text with ``Z``, no NaN.

The way from a type to its two functions is worked out once a class, so that a season of rows is read in seconds. Reading is
strict: an unknown kind, field or version is refused rather than half understood (a word the program does not know might be
the one that forbids).
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from broadcaster.errors import BroadcasterError
from broadcaster.journal.events import BY_KIND, Event
from broadcaster.locale import mark as N_

VERSION = 1
"""Of the vocabulary. Raised when an old program must not read the new rows; a field added with a default does not raise it
unless an old reader would judge wrongly without it."""


class UnknownPayload(BroadcasterError):
    """A row says something this program does not understand."""

    exit_code = 78
    sentence = N_(
        "A row of the record cannot be understood ({problem}). If a newer program wrote it, install that one; "
        "if not, `broadcaster plays verify` names the first broken row. Delete nothing."
    )


@dataclass(frozen=True)
class _Codec:
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@dataclass(frozen=True)
class _Field:
    name: str
    codec: _Codec
    required: bool


def dumps(value: object) -> str:
    """Canonical JSON text of plain values.

    :raises ValueError: NaN or an infinity.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def utc_text(moment: datetime) -> str:
    """An aware moment as ``2021-06-18T15:00:00.000000Z``.

    :raises ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(moment)
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc_from(text: str) -> datetime:
    """The moment that :func:`utc_text` wrote, aware, in UTC.

    :raises ValueError: the text is not of that form.
    """
    if len(text) != 27 or text[-1] != "Z":
        raise ValueError(text)
    return datetime.fromisoformat(text)


def encode(event: Event) -> str:
    """The event's payload.

    :raises ValueError: it holds NaN, an infinity or a moment without zone.
    """
    return dumps(_codec(type(event)).encode(event))


def decode(kind: str, payload: str, version: int = VERSION) -> Event:
    """The event a payload holds.

    :raises UnknownPayload: a kind, field or version this program does not know, or text that is no payload.
    """
    if version != VERSION or kind not in BY_KIND:
        raise UnknownPayload(problem=f"{kind} {version}")
    try:
        event = _codec(BY_KIND[kind]).decode(_reader.decode(payload))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise UnknownPayload(problem=kind) from error
    assert isinstance(event, Event)  # noqa: S101  BY_KIND holds events only
    return event


def _refuse(constant: str) -> float:
    raise ValueError(constant)


_reader = json.JSONDecoder(parse_constant=_refuse)


def _codec(kind: Any) -> _Codec:
    return _worked_out(kind)


@cache
def _worked_out(kind: Any) -> _Codec:
    if isinstance(kind, NewType):
        return _codec(kind.__supertype__)
    if get_origin(kind) in (Union, UnionType):
        return _optional(kind)
    if get_origin(kind) is tuple:
        return _tuple(_codec(get_args(kind)[0]))
    if is_dataclass(kind):
        return _dataclass(kind)
    if issubclass(kind, Enum):
        return _Codec(lambda value: value.value, {member.value: member for member in kind}.__getitem__)
    if issubclass(kind, datetime):
        return _Codec(utc_text, utc_from)
    if issubclass(kind, date):
        return _Codec(date.isoformat, date.fromisoformat)
    if kind is float:
        return _Codec(_number, _number)
    return _Codec(_exactly(kind), _exactly(kind))


def _exactly(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is kind:
            return value
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise TypeError(value)
        return kind(value)  # a plain one: not the reader's own kind of text, nor numpy's of number

    return check


def _number(value: Any) -> float:
    if type(value) is float:
        return value
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(value)
    return float(value)


def _optional(kind: Any) -> _Codec:
    inner = _codec(next(arm for arm in get_args(kind) if arm is not NoneType))
    return _Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda value: None if value is None else inner.decode(value),
    )


def _tuple(inner: _Codec) -> _Codec:
    def decode_all(values: Any) -> tuple[Any, ...]:
        if type(values) is not list:
            raise TypeError(values)
        return tuple([inner.decode(value) for value in values])

    return _Codec(lambda values: [inner.encode(value) for value in values], decode_all)


def _dataclass(kind: Any) -> _Codec:
    hints = get_type_hints(kind)
    described = [
        _Field(each.name, _codec(hints[each.name]), each.default is MISSING and each.default_factory is MISSING)
        for each in fields(kind)
    ]
    names = frozenset(each.name for each in described)

    def encode_fields(value: Any) -> dict[str, Any]:
        return {each.name: each.codec.encode(getattr(value, each.name)) for each in described}

    def decode_fields(value: Any) -> Any:
        if not names.issuperset(value):
            raise ValueError(value)
        return kind(
            **{
                each.name: each.codec.decode(value[each.name])
                for each in described
                if each.required or each.name in value
            }
        )

    return _Codec(encode_fields, decode_fields)
