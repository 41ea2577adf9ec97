"""``broadcaster plays message`` and ``receive``: what became of an airing goes to the office by the operator's phone."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from broadcaster.cli.airing_meant import airing_meant
from broadcaster.cli.completion import airing_words, market_ids
from broadcaster.cli.context import Desk, pass_desk
from broadcaster.cli.markets import market_named
from broadcaster.cli.show import json_option, say, show_json, warn
from broadcaster.cli.signed import signed, who
from broadcaster.errors import BadInput, UsageError
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.shown import shown

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.hub.message import Code, Message
    from broadcaster.hub.receiving import Received
    from broadcaster.model import AiringId

PICTURES = ("svg", "png")


class NoPicture(UsageError):
    """It draws two kinds."""

    sentence: ClassVar[str] = N_(
        "A picture of the message is written as .svg or .png. Give {name} one of these endings."
    )


class NothingTyped(UsageError):
    """Neither words nor anything on standard input."""

    sentence: ClassVar[str] = N_(
        "No message was given. Paste it behind the command, between quotes, or put it in through standard input."
    )


@click.command(
    help=N_(
        "Show an airing's message for the office, as text and as a QR code for the operator's phone; else the newest."
    )
)
@click.argument("airing", nargs=-1, metavar=N_("[AIRING]"), shell_complete=airing_words)
@click.option("--market", metavar="ID", shell_complete=market_ids, help=N_("The newest of this market."))
@click.option("--plain", is_flag=True, help=N_("The QR code holds the text alone, and opens no WhatsApp."))
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path),
    metavar=N_("FILE.png"),
    help=N_("Write the QR code as a picture, .png or .svg, instead of showing it."),
)
@json_option
@pass_desk
def message(
    desk: Desk, airing: tuple[str, ...], market: str | None, file: Path | None, *, plain: bool, in_json: bool
) -> None:
    """Show it; nothing is written but the picture asked for."""
    kind = file.suffix.lower().lstrip(".") if file else ""
    if file is not None and kind not in PICTURES:
        raise NoPicture(name=shown(str(file)))
    told = _told(desk, airing, market)
    content = told.text if plain else told.link
    if file is not None:
        from broadcaster.hub.qr import as_file  # noqa: PLC0415  drawn only when asked for
        from broadcaster.reports.delivery import deliver  # noqa: PLC0415

        deliver(as_file(content, kind), file)
        warn(_("{name} is written.").format(name=shown(str(file))))
    if in_json:
        show_json(_as_plain(told))
        return
    if file is None and sys.stdout.isatty():
        _draw(content, plain=plain)
    say(told.text)


def _told(desk: Desk, airing: Sequence[str], market: str | None) -> "Message":
    from broadcaster.hub.telling import message_of  # noqa: PLC0415  the database is heavy

    station = desk.station
    meant = market_named(station.markets, market) if market else None
    if not airing:
        return message_of(station, None, meant)
    markets = station.serves if meant is None else (meant,)  # another's airing cannot have ended here
    return message_of(station, airing_meant(desk, airing, markets), meant)


def _draw(content: str, *, plain: bool) -> None:
    """The picture in the terminal, where it has room."""
    from broadcaster.hub.qr import as_lines, columns  # noqa: PLC0415  drawn only when asked for

    halves = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    lines, room = as_lines(content, halves=halves), shutil.get_terminal_size()
    if columns(content) * (1 if halves else 2) > room.columns or len(lines) > room.lines:
        warn(_("The window is too small for the QR code. Make it larger, or have a picture written: -o message.png."))
        return
    for line in lines:
        click.echo(line, color=True)
    if plain:
        warn(_("Point the phone's camera at it, copy the text, and send it to the office."))
    else:
        warn(_("Point the phone's camera at it: WhatsApp opens with the text. Choose the office and send it."))


def _as_plain(told: "Message") -> Mapping[str, object]:
    return {
        "airing": told.airing,
        "market": told.market,
        "due": told.due,
        "outcome": told.outcome,
        "reason": told.reason,
        "code": told.code,
        "text": told.text,
        "link": told.link,
    }


@click.command(
    help=N_(
        "At the office: keep a message about an airing, provisional until the market's stick comes; several at once too."
    )
)
@click.argument("text", nargs=-1, metavar=N_("[TEXT]"))
@signed
@json_option
@pass_desk
def receive(desk: Desk, text: tuple[str, ...], code: str | None, pin_file: Path | None, *, in_json: bool) -> None:
    """Keep what can be kept; the others are refused, each with its sentence."""
    from broadcaster.hub.message import codes_in  # noqa: PLC0415  the database is heavy
    from broadcaster.hub.message_refusals import NoMessage  # noqa: PLC0415
    from broadcaster.hub.receiving import receive as received  # noqa: PLC0415
    from broadcaster.hub.sentences import of_message  # noqa: PLC0415

    def given() -> "list[Code]":
        if not (codes := codes_in(_pasted(text))):
            raise NoMessage
        return codes

    typed = not text and sys.stdin.isatty()
    codes = [] if typed else given()
    done: list[Received] = []
    refused: list[BadInput] = []
    with desk.open_journal() as journal:
        by = who(journal, code, pin_file)
        if typed:
            codes = given()  # after her PIN: a wrong one takes with it nothing that she has pasted
        planned = _planned(desk)
        for each in codes:
            try:
                done.append(received(desk.station, journal, planned, each, by))
            except BadInput as refusal:
                refused.append(refusal)
    if in_json:
        show_json(done)
    else:
        for line in (line for one in done for line in of_message(one)):
            say(line)
    for one in refused[:-1]:
        warn(str(one))
    if refused:
        raise refused[-1]


def _pasted(text: Sequence[str]) -> str:
    """What was typed behind the command, else all of standard input.

    :raises NothingTyped: there is neither.
    """
    if text:
        return " ".join(text)
    if sys.stdin.isatty():
        warn(_("Paste the message, press Enter, then Ctrl+D."))
    pasted = sys.stdin.buffer.read().decode("utf-8", "replace")  # whatever a telephone has put in
    if not pasted.strip():
        raise NothingTyped
    return pasted


def _planned(desk: Desk) -> "dict[AiringId, datetime]":
    from broadcaster.schedule.load import load_plan  # noqa: PLC0415  the calendar is heavy

    return {airing.id: airing.due for airing in load_plan(desk.station).airings}
