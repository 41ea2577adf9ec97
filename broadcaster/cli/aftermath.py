"""What follows from a withdrawal, shown: where it was heard, which copies must be taken down, what was removed here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from broadcaster.cli.context import Desk
from broadcaster.cli.nudge import nudge
from broadcaster.cli.show import say, show_json, table
from broadcaster.journal.append import Journal
from broadcaster.library import purge
from broadcaster.library.copies import Copy
from broadcaster.library.reach import AFTERMATH, Aftermath, Aired, Touched, aftermath
from broadcaster.library.refusals import EpisodeWithdrawn
from broadcaster.library.withdrawal import Withdrawal
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.model import MarketId

if TYPE_CHECKING:
    from broadcaster.journal.events import Purged

purge_option = click.option(
    "--purge", "purged", is_flag=True, help=N_("Remove its audio from this station now, every version and every byte.")
)


def follow(desk: Desk, journal: Journal, withdrawn: Withdrawal, by: str, *, purged: bool, in_json: bool) -> None:
    """Tell who plays, remove the audio if that is wanted, then say all that follows."""
    nudge(desk.root)
    left = aftermath(journal.rows(kinds=AFTERMATH), withdrawn.touched)
    gone = _purge(desk, journal, withdrawn.touched, by) if purged else ()
    if in_json:
        show_json(_plain(withdrawn, left, gone))
        return
    for number in withdrawn.touched:
        say(_(EpisodeWithdrawn.sentence).format(number=number))
    if not withdrawn.touched:
        say(_("No episode has it, so nothing on the air changes. From now on it carries no recording."))
    _show(desk, left)
    _show_removal(desk, gone, purged=purged, any_touched=bool(withdrawn.touched), any_out=bool(left.copies))


def _purge(desk: Desk, journal: Journal, touched: Touched, by: str) -> "Sequence[Purged]":
    from broadcaster.production.tidying import tidy  # noqa: PLC0415  imported when something is to go

    for number in touched:
        purge.order(journal, number, by)
    return tidy(desk.station, journal, desk.clock.now().utc).purged


def _plain(withdrawn: Withdrawal, left: Aftermath, gone: "Sequence[Purged]") -> dict[str, Any]:
    return {
        "episodes": [{"episode": number, "through_revision": through} for number, through in withdrawn.touched.items()],
        "consents": withdrawn.consents,
        "aired": [asdict(each) for each in left.aired],
        "copies": [copy_as_json(each) for each in left.copies],
        "purged": [asdict(each) for each in gone],
    }


def copy_as_json(copy: Copy) -> dict[str, Any]:
    """A copy with stable field names."""
    return {**asdict(copy.made), "made_utc": copy.utc, "removed_utc": copy.removed_utc, "removed_by": copy.removed_by}


def _show(desk: Desk, left: Aftermath) -> None:
    if left.aired:
        _draw_aired(desk, left.aired)
    else:
        say(_("It was never heard at a market."))
    if not left.copies:
        say(_("No copy of it is on record."))
        return
    draw_copies(desk, left.copies, _("Copies that must be taken down"))
    say(_("Delete each of them, or have it deleted; then: broadcaster episode copy-removed COPY --as CODE."))


def _draw_aired(desk: Desk, aired: Sequence[Aired]) -> None:
    columns = [_("Episode"), _("Market"), _("Day"), _("Time"), _("Seconds heard")]
    rows = []
    for each in aired:
        local = each.when.astimezone(desk.station.timezone)
        heard = _("now") if each.played_s is None else f"{each.played_s:.0f}"
        rows.append((each.episode, _market(desk, each.market), f"{local:%Y-%m-%d}", f"{local:%H:%M}", heard))
    table(_("Where it was heard"), columns, rows)


def _market(desk: Desk, market: MarketId) -> str:
    known = desk.station.markets.get(market)
    return known.name if known else market


FORMS: Mapping[str, str] = {"facebook": N_("Facebook video"), "usb": N_("USB stick")}
"""What people call a form that is no kind of file."""
SCOPES: Mapping[str, str] = {
    "loudspeakers": N_("loudspeakers"),
    "whatsapp": "WhatsApp",
    "usb": "USB",
    "facebook": "Facebook",
    "archive": N_("archive"),
}


def draw_copies(desk: Desk, copies: Sequence[Copy], title: str) -> None:
    """Print the register's lines."""
    columns = [_("Copy"), _("Episode"), _("Version"), _("Form"), _("For"), _("Made on"), _("By"), _("State")]
    table(title, columns, [_line(desk, each) for each in copies])


def _line(desk: Desk, copy: Copy) -> tuple[object, ...]:
    made, zone = copy.made, desk.station.timezone
    removed = copy.removed_utc.astimezone(zone) if copy.removed_utc else None
    state = (
        _("removed {day} by {code}").format(day=f"{removed:%Y-%m-%d}", code=copy.removed_by) if removed else _("out")
    )
    form = _(FORMS[made.form]) if made.form in FORMS else made.form
    scope = _(SCOPES[made.scope]) if made.scope in SCOPES else made.scope
    day = f"{copy.utc.astimezone(zone):%Y-%m-%d}"
    return (made.copy, made.episode, made.revision, form, scope, day, made.by, state)


def _show_removal(desk: Desk, gone: "Sequence[Purged]", *, purged: bool, any_touched: bool, any_out: bool) -> None:
    if purged:
        files = sum(each.files for each in gone)
        text = ngettext(
            "Its audio is removed from this station: {n} file.",
            "Its audio is removed from this station: {n} files.",
            files,
        )
        say(text.format(n=files) if files else _("Nothing of its audio was left on this station."))
        if any_out:
            say(_("A copy that lay on this station is among them; what was sent or carried away is not."))
    elif any_touched:
        last = desk.clock.now().utc + timedelta(days=desk.station.intake.keep_withdrawn_days)
        text = _("Its audio is removed from this station on {day}. To remove it now, add --purge.")
        say(text.format(day=f"{last.astimezone(desk.station.timezone):%Y-%m-%d}"))
