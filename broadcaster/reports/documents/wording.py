"""Numbers, days and lengths as offices in Peru write them. Pure."""

from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from broadcaster.locale import language
from broadcaster.model import Seconds

NOTHING = "—"
LOCALES = {"es": "es_PE", "en": "en_US"}


def day(moment: date) -> str:
    """``11/06/2021``."""
    return f"{moment:%d/%m/%Y}"


def minute(moment: datetime) -> str:
    """``10:00``."""
    return f"{moment:%H:%M}"


def second(moment: datetime | None) -> str:
    """``10:00:04``; a dash where there was none."""
    return NOTHING if moment is None else f"{moment:%H:%M:%S}"


def length(duration: Seconds | None) -> str:
    """Minutes and seconds, ``8:05``; a dash where there is none."""
    if duration is None:
        return NOTHING
    minutes, seconds = divmod(round(duration), 60)
    return f"{minutes}:{seconds:02}"


def minutes(duration: float) -> str:
    """Seconds as minutes with one decimal: ``48.5``."""
    return str(format_decimal(round(duration / 60, 1), "#,##0.0", locale=LOCALES[language()]))


def whole(number: int) -> str:
    """``1,234``."""
    return str(format_decimal(number, locale=LOCALES[language()]))


def percent(part: float, of: float) -> str:
    """``83.3 %``; a dash of nothing."""
    if not of:
        return NOTHING
    return f"{format_decimal(round(100 * part / of, 1), '0.0', locale=LOCALES[language()])} %"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """``one; two; three``: names may have commas of their own."""
    return "; ".join(words)


def month(first: date) -> str:
    """``junio 2021``."""
    return str(format_date(first, "LLLL y", locale=language()))
