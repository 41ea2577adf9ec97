"""``broadcaster episode``: recordings come in, people decide about them, everybody can see where they stand."""

from collections.abc import Sequence
from pathlib import Path

import click

from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.episode_add import add, bar_of, levelled_for, profile_option, show_admitted
from broadcaster.cli.episode_build import build, rundown
from broadcaster.cli.episode_copies import copies, copy_removed, tidy
from broadcaster.cli.episode_decisions import approve, confirm_consent, number_argument
from broadcaster.cli.episode_export import export
from broadcaster.cli.episode_findings import findings
from broadcaster.cli.episode_listen import listen
from broadcaster.cli.episode_picture import picture, small_picture
from broadcaster.cli.episode_shown import draw, see, see_all, show_audio, show_findings, show_standing
from broadcaster.cli.episode_suspend import suspend
from broadcaster.cli.episode_withdraw import lift, withdraw
from broadcaster.cli.show import NAMES_MAY_BEGIN_WITH_A_DASH, json_option, no_option, say, show_json
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber

recording = click.argument("recording", type=click.Path(path_type=Path), metavar=N_("FILE"), callback=no_option)


@click.group(help=N_("Add, approve, list and withdraw episodes."))
def episode() -> None:
    """The noun."""


for built in (build, rundown):
    episode.add_command(built)
for decision in (approve, confirm_consent, suspend, lift, withdraw, copies, copy_removed, tidy):
    episode.add_command(decision)
for use in (findings, listen, picture, export):
    episode.add_command(use)

# A recording comes in

episode.add_command(add)


@episode.command(
    help=N_("Admit a new recording of an episode: a new version, to be approved anew."),
    context_settings=NAMES_MAY_BEGIN_WITH_A_DASH,
)
@number_argument
@recording
@click.option("--title", help=N_("A new title; without it, the title stays."))
@click.option(
    "--defender", "defenders", multiple=True, metavar=N_("CODE"), help=N_("Who made it, if it was somebody else now.")
)
@click.option(
    "--consent", "consents", multiple=True, metavar="REF", help=N_("Consents of its voices, if they are others now.")
)
@click.option(
    "--helpline", "helplines", multiple=True, metavar="ID", help=N_("Helplines it names, if they are others now.")
)
@profile_option
@json_option
@pass_desk
def revise(
    desk: Desk,
    *,
    number: int,
    recording: Path,
    title: str | None,
    defenders: Sequence[str],
    consents: Sequence[str],
    helplines: Sequence[str],
    profile: str | None,
    in_json: bool,
) -> None:
    """Admit a further revision."""
    from broadcaster.production import intake  # noqa: PLC0415  numpy is heavy
    from broadcaster.production.again import said_again  # noqa: PLC0415

    said = said_again(desk.station, number, title=title, defenders=defenders, consents=consents, helplines=helplines)
    with desk.open_journal() as journal, bar_of(recording, in_json=in_json) as moved:
        intake.revise(levelled_for(desk.station, profile), journal, recording.absolute(), said, moved)
    show_admitted(desk, said.number, in_json=in_json)


# Where they stand


@episode.command(name="list", help=N_("Show all episodes and what keeps each off the air."))
@json_option
@pass_desk
def list_(desk: Desk, *, in_json: bool) -> None:
    """Show every episode."""
    episodes = list(see_all(desk))
    if in_json:
        show_json(episodes)
    elif not episodes:
        say(_("There is no episode yet. Add one with `broadcaster episode add`."))
    else:
        draw(episodes)


@episode.command(help=N_("Show one episode: its audio, its findings, its approvals and what is missing."))
@number_argument
@json_option
@pass_desk
def show(desk: Desk, number: int, *, in_json: bool) -> None:
    """Show an episode."""
    seen = see(desk, EpisodeNumber(number))
    if in_json:
        show_json(seen)
        return
    draw([seen])
    for name, audio in ((_("Original"), seen["original"]), (_("Master"), seen["master"])):
        if audio is not None:
            show_audio(name, audio)
    small_picture(desk, number)
    if seen["approvals"]:
        say(_("Approved by: {codes}.").format(codes=", ".join(seen["approvals"])))
    show_findings(seen["findings"])
    show_standing(seen)
