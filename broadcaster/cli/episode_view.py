"""An episode as it is shown: one value for programs and for people, and what still keeps it off the air."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from broadcaster.config import Station
from broadcaster.library.catalogue import intact
from broadcaster.library.decisions import HANDS, Decisions, Rules, approved, urgent_until, usable
from broadcaster.library.shelf import AudioFile, EpisodeFile, folder_of
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.model import EpisodeNumber, EpisodeStatus, Reason
from broadcaster.reasons import sentence


def view(
    station: Station, status: EpisodeStatus, episode: EpisodeFile | None, decisions: Decisions, rules: Rules
) -> dict[str, Any]:
    """``{episode, revision, title, state, defenders, original, master, findings}`` and what else may be asked.

    ``urgent_until``: when the one urgent approval that carries it alone lapses. ``original`` and ``master`` are
    ``{sha256, path, …measure}``, ``path`` absolute; ``None`` until something is admitted.
    """
    newest = episode.newest if episode else None
    admitted = decisions.newest(status.number)
    until = urgent_until(admitted, decisions, rules) if admitted else None
    return {
        "episode": status.number,
        "revision": status.revision,
        "title": episode.title if episode else None,
        "state": status.state,
        "sample": bool(episode and episode.sample),
        "defenders": newest.defenders if newest else (),
        "consents": newest.consents if newest else (),
        "helplines": newest.helplines if newest else (),
        "duration_s": status.duration_s,
        "original": _audio(station, status.number, newest.original) if newest else None,
        "master": _audio(station, status.number, newest.master) if newest else None,
        "findings": newest.findings if newest else (),
        "approvals": sorted({each.approver for each in decisions.approvals_of(admitted)}) if admitted else (),
        "urgent_until": until.astimezone(station.timezone) if until else None,
        "missing": tuple(missing(station, status.number, decisions, rules)),
    }


def _audio(station: Station, number: EpisodeNumber, audio: AudioFile) -> dict[str, Any]:
    measured = {field.name: getattr(audio.measure, field.name) for field in fields(audio.measure)}
    return {"sha256": audio.sha256, "path": folder_of(station, number) / audio.path, **measured}


def missing(station: Station, number: EpisodeNumber, decisions: Decisions, rules: Rules) -> Iterator[str]:
    """A sentence for each thing that keeps the episode off the air, the gravest first; none when it may air."""
    admitted = decisions.newest(number)
    if admitted is None:
        yield _("No recording of it has been admitted yet. Add one with `broadcaster episode add`.")
        return
    if decisions.is_withdrawn(number):
        yield sentence(Reason.WITHDRAWN)
        return
    if number in decisions.suspended:
        yield sentence(Reason.SUSPENDED)
    for part in sorted(decisions.parts.wrong_in(admitted)):
        wrong = _(
            "It holds the shared part {part}, which says something wrong. "
            "Bring the right one with `broadcaster part replace {part} FILE`."
        )
        yield wrong.format(part=part)
    if admitted.sample and not rules.samples_may_air:
        yield _("It is a sample: it sounds in rehearsals and never on the air.")
    if not approved(admitted, decisions, rules):
        yield approvals_lacking(number, HANDS - len({each.approver for each in decisions.approvals_of(admitted)}))
    if not admitted.consent_refs:
        yield sentence(Reason.NO_CONSENT)
    if not any(usable(rules.helplines.get(helpline), rules.today) for helpline in admitted.helplines):
        yield sentence(Reason.NO_HELPLINE)
    if not intact(station, admitted):
        yield sentence(Reason.BAD_FILE)


def approvals_lacking(number: EpisodeNumber, lacking: int) -> str:
    """How many more people must listen and say yes."""
    return ngettext(
        "One more person must listen and approve it: `broadcaster episode approve {number} --as CODE`.",
        "{n} more people must listen and approve it: `broadcaster episode approve {number} --as CODE`.",
        max(1, lacking),
    ).format(n=lacking, number=number)
