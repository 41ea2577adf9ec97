"""How the operator is asked for the time: one wording, wherever she is asked."""

from datetime import datetime

from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.locale.moments import date_with_year, day, hour


def is_it(local: datetime) -> str:
    """«¿son las 9:52 a. m. del viernes 18 de junio?»; ``local``: what the computer says, in the station's zone."""
    asked = ngettext(  # one o'clock is «es la», in languages that have it
        "Look at your phone: is it {time} on {day}?",
        "Look at your phone: is it {time} on {day}?",
        (local.hour - 1) % 12 + 1,
    )
    return asked.format(time=hour(local), day=day(local))


def clock_question(local: datetime, *, certain: bool) -> str:
    """What is wrong, what to compare, what to do; ``certain``: the computer's time is known to be wrong."""
    if certain:
        said = _(
            "This computer says that it is {moment}, which cannot be right, so nothing goes out. "
            "Correct its date and time, then: broadcaster clock confirm."
        )
        return said.format(moment=date_with_year(local))
    said = _("The time may be wrong. {question} If so: broadcaster clock confirm. If not, correct it.")
    return said.format(question=is_it(local))
