"""``broadcaster part announcements``: what markets let sound before every episode, made ready and shown."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.show import json_option, progress, say, show_json, table, warn
from broadcaster.journal.append import Journal
from broadcaster.library.announcements import REMEDIES, announcement_of, counting, silent
from broadcaster.library.catalogue import edition_intact
from broadcaster.library.decisions import Decisions, decisions_of
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Announcement, EpisodeNumber, Market

if TYPE_CHECKING:
    from broadcaster.production.announcing import Made


@click.command(help=N_("Make ready what markets let sound before every episode, and show it."))
@json_option
@pass_desk
def announcements(desk: Desk, *, in_json: bool) -> None:
    """Make what is missing and show every market's."""
    if not desk.station.announcements:
        _nothing(in_json=in_json)
        return
    with desk.open_journal() as journal:
        made = make_announcements(desk, journal)
        shown = list(view(desk, decisions_of(journal), made))
    if in_json:
        show_json(shown)
        return
    columns = [_("Market"), _("Before every episode"), _("Ready for")]
    table(_("Announcements"), columns, [(each["name"], _named(each), _numbers(each["ready"])) for each in shown])
    for each in shown:
        for problem in each["problems"]:
            warn(problem)


def _nothing(*, in_json: bool) -> None:
    if in_json:
        show_json([])
    else:
        say(_("Nothing sounds before the episodes: no market in config.toml has a chime or an ident of its own."))


def make_announcements(desk: Desk, journal: Journal) -> "tuple[Made, ...]":
    """Make what is missing, ahead of time; what could not be made is said, and the episode airs without it."""
    if not desk.station.announcements:
        return ()
    from broadcaster.production.announcing import make_ready  # noqa: PLC0415  numpy is heavy

    with progress(_("Making the announcements ready")) as moved:
        return tuple(make_ready(desk.station, journal, moved))


def view(desk: Desk, decisions: Decisions, made: "tuple[Made, ...]") -> Iterator[dict[str, Any]]:
    """``{market, name, chime, ident, ready, problems}`` of each market that has one; ``ready``: episodes."""
    for market in desk.station.markets.values():
        if market.announcement is not None:
            yield {
                "market": market.id,
                "name": market.name,
                "chime": market.chime,
                "ident": market.ident,
                "ready": list(_ready(desk, decisions, market.announcement)),
                "problems": list(_problems(market, market.announcement, decisions, made)),
            }


def _ready(desk: Desk, decisions: Decisions, announcement: Announcement) -> Iterator[EpisodeNumber]:
    for number in sorted(decisions.numbers()):
        admitted = decisions.newest(number)
        if admitted is not None and any(
            announcement_of(made) == announcement and edition_intact(desk.station, made.edition_sha256)
            for made in counting(admitted, decisions.parts)
        ):
            yield number


def _problems(
    market: Market, announcement: Announcement, decisions: Decisions, made: "tuple[Made, ...]"
) -> Iterator[str]:
    why = silent(announcement, decisions.parts)
    if why is not None:
        part, sentence = why
        words = (_(sentence).format(market=market.name, part=part), _(REMEDIES[sentence]).format(part=part))
        yield " ".join(words)
    yield from (each.problem for each in made if each.problem and each.announcement == announcement)


def _named(seen: dict[str, Any]) -> str:
    return " · ".join(part for part in (seen["chime"], seen["ident"]) if part)


def _numbers(episodes: list[EpisodeNumber]) -> str:
    return ", ".join(map(str, episodes)) or "—"
