"""What was noticed in a recording, as a message to its producer: plain text, fit for WhatsApp, without title or person."""

from collections.abc import Iterable, Sequence

from broadcaster.locale import gettext as _
from broadcaster.model import EpisodeNumber, Finding, Severity
from broadcaster.sound.findings import in_minutes

FIGURES = frozenset({"levelled", "levelled_for_horns", "short_of_loudness"})
"""Notes for whoever masters, which ask nothing of a producer."""


def message(number: EpisodeNumber, revision: int, duration_s: float, findings: Sequence[Finding]) -> str:
    """A message for the producer in WhatsApp's own marks: what to do first, then what to know."""
    heard = _(
        "Hello. We listened to the recording of *episode {number}* (version {revision}, {length} minutes)."
    ).format(number=number, revision=revision, length=in_minutes(duration_s))
    return "\n\n".join([heard, *_parts(findings)])


def _parts(findings: Sequence[Finding]) -> Iterable[str]:
    to_do = [each for each in findings if each.severity is not Severity.NOTE]
    to_know = [each for each in findings if each.severity is Severity.NOTE and each.code not in FIGURES]
    if to_do:
        yield _listed(_("Please look at this before it goes on the air:"), to_do)
    else:
        yield _("It sounds well: nothing has to be changed. Thank you!")
    if to_know:
        yield _listed(_("Good to know:"), to_know)
    if to_do:
        yield _("You can send the new recording here. Thank you!")


def _listed(heading: str, found: Iterable[Finding]) -> str:
    return "\n".join([heading, *(f"• {each.text}" for each in found)])
