"""What a form says, read without surprise: a field may be missing, empty, or there twice."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from litestar.enums import RequestEncodingType
from litestar.params import Body

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_

Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""A form as it was sent: one text a field, or a list of them."""


class NoDay(BadInput):
    """What was typed is no date."""

    sentence: ClassVar[str] = N_("A date is year, month and day, such as 2021-07-30. Nothing was changed; correct it.")


class PinMissing(BadInput):
    """Who acts says her PIN again."""

    sentence: ClassVar[str] = N_(
        "Type your PIN: what you do here stands on record under your code. Nothing was changed."
    )


def many(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """All that stands in fields of this name, without blanks around it; nothing where nothing does."""
    value = form.get(name, ())
    texts = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(text for each in texts if (text := str(each).strip()))


def one(form: Mapping[str, Any], name: str) -> str:
    """What stands in the field; empty where nothing does. Of several the first."""
    return next(iter(many(form, name)), "")


def ticked(form: Mapping[str, Any], name: str) -> bool:
    """Whether a box was ticked."""
    return bool(many(form, name))


def answer(form: Mapping[str, Any], name: str) -> bool | None:
    """The answer to a question of yes or no; ``None`` where none was given, or both."""
    given = many(form, name)
    return given == ("yes",) if given in (("yes",), ("no",)) else None


def day(form: Mapping[str, Any], name: str) -> date | None:
    """The date in the field, if there is one.

    :raises NoDay: it is none.
    """
    text = one(form, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NoDay from None


def pin(form: Mapping[str, Any], name: str = "pin") -> str:
    """The PIN that was typed.

    :raises PinMissing: none was.
    """
    typed = one(form, name)
    if not typed:
        raise PinMissing
    return typed


def words(form: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The references or codes in the fields, which people part by blanks, commas or semicolons."""
    return tuple(word for text in many(form, name) for word in text.replace(",", " ").replace(";", " ").split())
