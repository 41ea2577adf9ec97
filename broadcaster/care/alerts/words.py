"""What an alert says: what happened, what follows, what to do; codes and figures, no titles and no names."""

from broadcaster.care.alerts.alert import Alert, Cause
from broadcaster.care.labels import label
from broadcaster.care.watchdog import WORDS
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.locale.moments import complete, date_and_time
from broadcaster.model import Reason
from broadcaster.reasons import sentence


def said(alert: Alert) -> str:
    """One or two sentences, in the language spoken now."""
    return complete(_said(alert))


def _said(alert: Alert) -> str:
    match alert.cause:
        case Cause.MISSED | Cause.SILENT:
            return f"{_airings(alert)} {_why(alert)}"
        case Cause.UNHEARD:
            todo = _("Is the amplifier there on, and set to the computer? Go and see.")
            return f"{_airings(alert)} {todo}"
        case Cause.CLOCK:
            return _(
                "Nobody has confirmed the computer's time, so airings wait and then do not go out. "
                "There, compare it with your phone and type: broadcaster clock confirm."
            )
        case Cause.DISK:
            return _("The computer's disk is full or failing, so airings may not go out. Delete nothing; go and see.")
        case Cause.RECORD:
            return _("The record of airings was in danger and was saved. Tell the coordinator.")
        case Cause.NOT_READY:
            told = _("Not everything is ready for the next airing ({what}). See there what to do: broadcaster doctor.")
            return told.format(what=", ".join(label(code) for code in alert.codes))
        case Cause.FAILING:
            told = _(
                "A part of the program does not answer ({parts}), so airings may not go out. Restart the computer."
            )
            return told.format(parts=", ".join(_(WORDS.get(part, part)) for part in alert.codes))
        case Cause.SAFETY:
            told = _(
                "{market}: somebody stopped the loudspeaker for safety, {when}. It stays silent for the rest of that day, and "
                "nobody else was told. Call whoever is there."
            )
            return told.format(market=", ".join(alert.markets), when=date_and_time(alert.due) if alert.due else "")
        case Cause.LEASE:
            return _lease(alert)
        case Cause.BACK:
            return f"{_back(alert)} {_meanwhile(alert)}".strip()


def _lease(alert: Alert) -> str:
    """``due`` is the last day."""
    last = alert.due.date() if alert.due else alert.day
    if alert.day > last:
        told = _(
            "The computer was allowed to play until {day}; nothing sounds there any more. "
            "Take it a stick, or dictate a code by telephone: broadcaster bundle code."
        )
    else:
        told = _(
            "The computer may play until {day} and then stays silent. "
            "Take it a stick before, or dictate a code by telephone: broadcaster bundle code."
        )
    return told.format(day=f"{last:%d/%m/%Y}")


def _airings(alert: Alert) -> str:
    first = date_and_time(alert.due) if alert.due else ""
    facts = {"n": alert.count, "markets": ", ".join(alert.markets), "when": first}
    if alert.cause is Cause.MISSED:
        told = ngettext(
            "{markets}: the airing of {when} did not go out.",
            "{n} airings did not go out ({markets}), the first that of {when}.",
            alert.count,
        )
    elif alert.cause is Cause.UNHEARD:
        told = ngettext(
            "{markets}: the airing of {when} left the computer and was not heard in the market.",
            "{n} airings left the computer and were not heard in the market ({markets}), the first that of {when}.",
            alert.count,
        )
    else:
        told = ngettext(
            "{markets}: the airing of {when} was not heard whole.",
            "{n} airings were not heard whole ({markets}), the first that of {when}.",
            alert.count,
        )
    return told.format(**facts)


def _why(alert: Alert) -> str:
    return sentence(alert.reason) if alert.reason else _("See why: broadcaster plays.")


def _back(alert: Alert) -> str:
    if alert.reason is Reason.PROCESS_DIED:
        return _("The program had stopped by itself and is running again.")
    if alert.reason is Reason.SWITCHED_OFF:
        return _("The program had been switched off and is running again.")
    if alert.reason is Reason.POWER_LOSS:
        return _("The power went out and is back: the program is running again.")
    return _("The program had stopped more than once and is running again.")  # each time for another reason


def _meanwhile(alert: Alert) -> str:
    if not alert.count:
        return ""
    told = ngettext(
        "Meanwhile one airing did not go out ({markets}).",
        "Meanwhile {n} airings did not go out ({markets}).",
        alert.count,
    )
    return told.format(n=alert.count, markets=", ".join(alert.markets))
