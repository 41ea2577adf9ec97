"""Moments as people in Lima write them, in the language spoken; each in its own offset."""

from datetime import datetime

from broadcaster.locale import language

LOCALES = {"es": "es_PE", "en": "en"}
LONG = {"es": "EEEE d 'de' MMMM, h:mm a", "en": "EEEE d MMMM, h:mm a"}
WHOLE = {"es": "EEEE d 'de' MMMM 'de' y, h:mm a", "en": "EEEE d MMMM y, h:mm a"}
DAY = {"es": "EEEE d 'de' MMMM", "en": "EEEE d MMMM"}
SHORT, TIME, HOUR = "EEE d MMM, h:mm a", "h:mm a", "h:mm"


def date_and_time(moment: datetime) -> str:
    """«viernes 18 de junio, 10:00 a. m.»."""
    return _written(moment, LONG[language()])


def short_date_and_time(moment: datetime, now: datetime) -> str:
    """«vie 18 jun., 10:00 a. m.»; of today the time alone."""
    return _written(moment, TIME if moment.date() == now.date() else SHORT)


def weekday_and_time(moment: datetime) -> str:
    """«vie 18 jun., 10:00 a. m.», of today too: for lists of days."""
    return _written(moment, SHORT)


def time_of_day(moment: datetime) -> str:
    """«10:08»."""
    return _written(moment, HOUR)


def date_with_year(moment: datetime) -> str:
    """«viernes 18 de junio de 2021, 10:00 a. m.»."""
    return _written(moment, WHOLE[language()])


def day(moment: datetime) -> str:
    """«viernes 18 de junio»."""
    return _written(moment, DAY[language()])


def hour(moment: datetime) -> str:
    """«9:52 a. m.»."""
    return _written(moment, TIME)


def _written(moment: datetime, pattern: str) -> str:
    from babel.dates import format_datetime  # noqa: PLC0415  heavy, and most commands say no moment

    said = str(format_datetime(moment, pattern, locale=LOCALES[language()]))
    return said.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")  # which every terminal has


def complete(sentence: str) -> str:
    """A sentence that ends with «10:00 a. m.» has one full stop, not two."""
    return sentence.replace("..", ".")
