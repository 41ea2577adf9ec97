"""What the next airings stand on: the schedule, their masters, what people must have said, and what would stop each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from broadcaster.care.checks import Check, Probe, broken, doubtful, well
from broadcaster.care.examination import parted
from broadcaster.care.sight import Sight
from broadcaster.config import Station
from broadcaster.library import approvals, gates, helplines
from broadcaster.library.announcements import lengths
from broadcaster.library.approvals import URGENT_LASTS
from broadcaster.library.catalogue import intact, rules_of
from broadcaster.library.decisions import Decisions
from broadcaster.library.helplines import COUNTS, Standing
from broadcaster.locale import gettext as _
from broadcaster.locale import ngettext
from broadcaster.locale.moments import complete, date_and_time, day
from broadcaster.model import Airing, EpisodeNumber, EpisodeStatus, Plan, Reason
from broadcaster.reasons import sentence
from broadcaster.schedule.check import faults

PLAN, MASTERS, NEXT = "plan", "masters", "next"
GATES: Mapping[Reason, str] = {
    Reason.NOT_APPROVED: "approvals",
    Reason.NO_CONSENT: "consents",
    Reason.NO_HELPLINE: "helplines",
    Reason.WITHDRAWN: "withdrawals",
    Reason.SUSPENDED: "withdrawals",
}
"""Which check tells of a gate that is shut."""


def probes(sight: Sight) -> tuple[Probe, ...]:
    """Each for itself, so that one that cannot be looked at hides none of the others."""
    looks: tuple[tuple[str, Callable[[Sight], Iterable[Check]]], ...] = (
        (PLAN, plan), (NEXT, airings), (MASTERS, masters), ("approvals", approved), ("consents", consented),
        ("helplines", helped), ("withdrawals", free),
    )  # fmt: skip
    return tuple(Probe(code, _at(sight, look)) for code, look in looks)


def _at(sight: Sight, look: Callable[[Sight], Iterable[Check]]) -> Callable[[Station, datetime], Iterable[Check]]:
    def looked(_station: Station, _now: datetime) -> Iterable[Check]:
        return look(sight)

    return looked


def plan(sight: Sight) -> Iterator[Check]:
    """Whether the season files make sense, and anything is to come."""
    to_come = sight.to_come
    if not to_come:
        said = _("The schedule has no further airing, so nothing will sound.")
        yield doubtful(PLAN, said, _("Tell the coordinator."), to_come=0)
        return
    wrong, missing = _wrong(sight, sight.plan), _not_come(sight)
    if wrong:
        said = ngettext(
            "The schedule has {n} fault: {fault}.", "The schedule has {n} faults; the first: {fault}.", len(wrong)
        )
        todo = _("See all of it with `broadcaster schedule check`, and tell the coordinator.")
        yield doubtful(PLAN, said.format(n=len(wrong), fault=wrong[0]), todo, to_come=len(to_come), faults=len(wrong))
        return
    if missing:
        first = missing[0]
        said = ngettext(
            "Episode {episode}, of {day}, is missing.",
            "{n} episodes of the schedule are missing; the first is episode {episode}, of {day}.",
            len(missing),
        )
        due = day(first.due.astimezone(sight.station.timezone))
        said = said.format(n=len(missing), episode=first.episode, day=due)
        yield doubtful(PLAN, said, _("Tell the coordinator."), to_come=len(to_come), faults=len(missing))
        return
    said = ngettext("The schedule is in order: {n} airing to come.", "The schedule is in order: {n} airings to come.",
                    len(to_come))  # fmt: skip
    yield well(PLAN, said.format(n=len(to_come)), to_come=len(to_come), faults=0)


def _not_come(sight: Sight) -> list[Airing]:
    """Of each episode that is to air and was never admitted, its first airing."""
    known = {number for number in sight.decisions.numbers() if sight.decisions.newest(number) is not None}
    first: dict[EpisodeNumber, Airing] = {}
    for each in sight.to_come:
        if each.episode is not None and each.episode not in known:
            first.setdefault(each.episode, each)
    return list(first.values())


def _wrong(sight: Sight, whole: Plan) -> list[str]:
    """What is wrong with what is to come, as far as no master need be read for it and every episode still comes."""
    decisions = sight.decisions
    later = replace(whole, airings=tuple(each for each in whole.airings if each.due >= sight.now))
    told = {number: status for number in decisions.numbers() if (status := _length(number, decisions)) is not None}
    coming = {
        each.episode: EpisodeStatus(each.episode, 0, None, None, None)
        for each in later.airings
        if each.episode is not None
    }
    found = faults(later, sight.seasons, sight.station, {**coming, **told}, lengths(decisions.parts))
    return [str(fault) for fault in found]


def _length(number: EpisodeNumber, decisions: Decisions) -> EpisodeStatus | None:
    admitted = decisions.newest(number)
    if admitted is None:
        return None
    return EpisodeStatus(
        number, admitted.revision, admitted.master_sha256, admitted.duration_s, None, 0, admitted.lead_in_s, admitted.tail_s
    )  # fmt: skip


def airings(sight: Sight) -> Iterator[Check]:
    """The next ones, and what would stop each; the markets where the same holds are told together."""
    told = [(each.due, each.episode, sight.stops(each), each) for each in sight.coming]
    ordered = sorted(told, key=lambda one: (one[0], str(one[1]), str(one[2])))
    for (due, episode, reason), alike in groupby(ordered, key=lambda one: one[:3]):
        yield _airing(sight, due, episode, reason, [one[3] for one in alike])


def _airing(
    sight: Sight, due: datetime, episode: EpisodeNumber | None, reason: Reason | None, alike: list[Airing]
) -> Check:
    names = ", ".join(sight.station.markets[each.market].name for each in alike)
    facts = {"due": due.isoformat(), "episode": episode, "state": reason.value if reason else "ready"}
    when = date_and_time(due.astimezone(sight.station.timezone))
    subject = alike[0].id
    if reason is None:
        said = _("{when}: episode {episode} will go out at {markets}.")
        return well(NEXT, said.format(when=when, episode=episode, markets=names), subject=subject, **facts)
    said = _("{when}: nothing will go out at {markets}.").format(when=when, markets=names)
    if episode is not None:
        said = _("{when}: episode {episode} will not go out at {markets}.").format(
            when=when, episode=episode, markets=names
        )
    why, todo = parted(sentence(reason))
    return broken(NEXT, f"{said} {why}", todo, subject=subject, **facts)


def masters(sight: Sight) -> Iterator[Check]:
    """Whether what lies on the disk is, byte for byte, what was admitted."""
    newest = {number: sight.decisions.newest(number) for number, _rules in sight.episodes()}
    there = {number: admitted for number, admitted in newest.items() if admitted is not None}
    spoilt = [number for number, admitted in there.items() if not intact(sight.station, admitted)]
    for number in spoilt:
        said = _("The audio of episode {number} is missing or damaged, so it will not go out.").format(number=number)
        yield broken(MASTERS, said, _("Tell the coordinator."), subject=str(number))
    if there and not spoilt:
        said = ngettext(
            "The audio of episode {numbers} is whole.", "The audio of episodes {numbers} is whole.", len(there)
        )
        yield well(MASTERS, said.format(numbers=_listed(there)), episodes=len(there))


def approved(sight: Sight) -> Iterator[Check]:
    """Two yeses each, or one urgent one that has not lapsed."""
    yield from _gate(sight, "approvals")
    rules = rules_of(sight.station, sight.today, samples_may_air=False, now=sight.now)
    for number in dict.fromkeys(number for number, _rules in sight.episodes()):
        admitted = sight.decisions.newest(number)
        ends = None if admitted is None else approvals.urgent_until(admitted, sight.decisions, rules)
        if ends is not None:
            when = date_and_time(ends.astimezone(sight.station.timezone))
            said = _("Episode {number} has one urgent approval only, which lapses on {when}.")
            todo = _("A second person must approve it: broadcaster episode approve {number} --as CODE.")
            yield doubtful(
                "approvals",
                complete(said.format(number=number, when=when)),
                todo.format(number=number),
                subject=str(number),
                lapses=ends.isoformat(),
                lasts_h=URGENT_LASTS / timedelta(hours=1),
            )


def consented(sight: Sight) -> Iterator[Check]:
    """Every voice's, for the day on which it is to be heard."""
    return _gate(sight, "consents")


def free(sight: Sight) -> Iterator[Check]:
    """Nothing of it withdrawn, suspended or known to be wrong."""
    return _gate(sight, "withdrawals")


def helped(sight: Sight) -> Iterator[Check]:
    """Called lately, and right; what should be called again is said before it is too late."""
    yield from _gate(sight, "helplines")
    old: dict[str, Standing] = {}
    for number, rules in sight.episodes():
        if (admitted := sight.decisions.newest(number)) is not None:
            found = helplines.standings(admitted, sight.decisions, rules)
            counts = any(standing in COUNTS for standing in found.values())
            old |= {id_: standing for id_, standing in found.items() if counts and standing is not Standing.GOOD}
    for id_, standing in old.items():
        if standing is not Standing.WRONG:  # which is told with the episode that it stops
            said = _("Nobody has called the helpline {helpline} lately, or it is no longer as the episodes say.")
            todo = _("Call it, and say so: broadcaster helpline verify {helpline} --as CODE.")
            yield doubtful(
                "helplines", said.format(helpline=id_), todo.format(helpline=id_), subject=id_, standing=standing.value
            )


def _gate(sight: Sight, code: str) -> Iterator[Check]:
    """Every objection that this check tells of; when there is none, that the episodes have what they need."""
    shut: dict[tuple[EpisodeNumber, str], Check] = {}
    numbers: dict[EpisodeNumber, None] = {}
    for number, rules in sight.episodes():
        if sight.decisions.newest(number) is None:
            continue  # that it is missing is told with its airing
        numbers[number] = None
        for objection in gates.objections(number, sight.decisions, rules):
            if GATES.get(objection.reason) == code:
                shut.setdefault((number, objection.text), _objected(code, number, objection.reason, objection.sentence))
    yield from shut.values()
    if numbers and not shut:
        yield well(code, _all_well(code).format(numbers=_listed(numbers)), episodes=len(numbers))


def _objected(code: str, number: EpisodeNumber, reason: Reason, text: str) -> Check:
    said, todo = parted(text)
    if not todo:  # what is asked for is all it says
        said, todo = parted(sentence(reason))[0], text
    named = _("Episode {number}: {sentence}").format(number=number, sentence=said)
    return broken(code, named, todo, subject=str(number), reason=reason.value)


def _all_well(code: str) -> str:
    return {
        "approvals": _("With their approvals: episodes {numbers}."),
        "consents": _("With the consent of every voice: episodes {numbers}."),
        "helplines": _("With a helpline that was called: episodes {numbers}."),
        "withdrawals": _("Neither withdrawn nor suspended: episodes {numbers}."),
    }[code]


def _listed(numbers: Iterable[EpisodeNumber]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))
