"""The form that a voice signs: what it says, before it is drawn. No person's name stands in it, nor is one asked of it.

What it promises is what the program does (``docs/withdrawal.md``). The law that it names: in Peru a voice is personal data
(Ley 29733, whose authority is the ANPD); consent is for a specific use and may be withdrawn before and after publication.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from broadcaster.config import Station
from broadcaster.locale import mark as N_
from broadcaster.model import Scope
from broadcaster.schedule.season import Season

SCOPES: Mapping[Scope, tuple[str, str]] = {
    Scope.LOUDSPEAKERS: (
        N_("The markets' loudspeakers."),
        N_(
            "Whoever passes by hears it, people who know me too. It is played from a computer and no copy is handed out."
        ),
    ),
    Scope.WHATSAPP: (
        N_("WhatsApp."),
        N_("A file that goes from phone to phone. Once it is sent, nobody can call all of it back."),
    ),
    Scope.USB: (
        N_("USB stick."),
        N_("A file for a market's own player. The stick can be lost or copied."),
    ),
    Scope.FACEBOOK: (
        N_("Facebook."),
        N_(
            "On the organisations' pages anybody can hear it, in any country. It can be deleted there, not what others saved."
        ),
    ),
    Scope.ARCHIVE: (
        N_("Archive and reports to the donors."),
        N_("It is kept and shown as an example of the work. It is not published."),
    ),
}
"""Every scope of a consent: its name on the form, and what it means for whoever signs."""


@dataclass(frozen=True)
class ConsentForm:
    """What differs from one station and season to another."""

    programme: str
    organisations: str
    """Who stands behind it, in one line."""
    markets: tuple[str, ...]
    season: str
    """Its name and days; empty: written by hand."""
    made: str
    """The day the form was made."""


def consent_form(station: Station, season: Season | None, made: date) -> ConsentForm:
    """The facts of a station's form."""
    return ConsentForm(
        programme=station.name,
        organisations=" · ".join(each.name for each in station.organisations),
        markets=tuple(market.name for market in station.markets.values()),
        season=f"{season.title} ({season.first:%d/%m/%Y} – {season.last:%d/%m/%Y})" if season else "",
        made=f"{made:%d/%m/%Y}",
    )
