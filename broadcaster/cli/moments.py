"""Moments as people in Lima write them, in the language spoken; each in its own offset."""

from datetime import datetime
from importlib import import_module
from types import ModuleType

from broadcaster.locale import language

DATES = {"es": ("es_PE", "EEEE d 'de' MMMM, h:mm a"), "en": ("en", "EEEE d MMMM, h:mm a")}
SHORT = {"es": "EEE d MMM, h:mm a", "en": "EEE d MMM, h:mm a"}


def date_and_time(moment: datetime) -> str:
    """«viernes 18 de junio, 10:00 a. m.»."""
    locale, pattern = DATES[language()]
    return str(_dates().format_datetime(moment, pattern, locale=locale))


def short_date_and_time(moment: datetime, now: datetime) -> str:
    """«vie. 18 jun., 10:00 a. m.»; of today the time alone."""
    locale, _long = DATES[language()]
    pattern = "h:mm a" if moment.date() == now.date() else SHORT[language()]
    return str(_dates().format_datetime(moment, pattern, locale=locale))


def time_of_day(moment: datetime) -> str:
    """«10:08»."""
    locale, _pattern = DATES[language()]
    return str(_dates().format_time(moment, "h:mm", locale=locale))


def _dates() -> ModuleType:
    """Heavy, and most commands say no moment."""
    return import_module("babel.dates")


def complete(sentence: str) -> str:
    """A sentence that ends with «10:00 a. m.» has one full stop, not two."""
    return sentence.replace("..", ".")
