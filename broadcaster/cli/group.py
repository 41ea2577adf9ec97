"""Click, late and in the language spoken: commands are imported when called, texts are translated when shown."""

import copy
import gettext as system_gettext
import os
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import cast

import click
from click.shell_completion import CompletionItem

from broadcaster import locale
from broadcaster.cli import Entry
from broadcaster.locale import gettext
from broadcaster.locale import mark as N_

KINDS: Mapping[str, str] = {
    "text": N_("TEXT"),
    "integer": N_("NUMBER"),
    "integer range": N_("NUMBER"),
    "float": N_("NUMBER"),
    "float range": N_("NUMBER"),
    "file": N_("FILE"),
    "filename": N_("FILE"),
    "directory": N_("FOLDER"),
    "path": N_("PATH"),
    "datetime": N_("DATE"),
}
"""What stands for an option's value in its help, by click's name of its type."""


class LateGroup(click.Group):
    """A group that knows commands by name and imports one only when it is called; it may have others, at hand already."""

    def __init__(self, entries: Mapping[str, Entry], **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]  # click's own keyword arguments
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return sorted(self.commands) + [name for name, entry in self._entries.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._entries.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        module, attribute = entry.target.split(":")
        return translated(cast("click.Command", getattr(import_module(module), attribute)))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands from the table too."""
        if incomplete and not incomplete[0].isalnum():
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=self._line(name))
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, importing none of them."""
        lines = [(name, self._line(name)) for name in self.list_commands(ctx)]
        with formatter.section(gettext("Commands")):
            formatter.write_dl(lines)

    def _line(self, name: str) -> str:
        """What a command does, in one line."""
        entry = self._entries.get(name)
        return gettext(entry.help) if entry else self.commands[name].short_help or ""


def translated(command: click.Command) -> click.Command:
    """A copy of ``command``, with its subcommands and options, whose texts are in the language spoken now."""
    said = copy.copy(command)
    said.help, said.epilog = _say(command.help), _say(command.epilog)
    said.short_help = _say(command.short_help) or (said.help or "").partition("\n\n")[0]  # whole, where click would cut
    said.options_metavar = _say(N_("[OPTIONS]"))
    said.params = [_translated_parameter(parameter) for parameter in command.params]
    if isinstance(command, click.Group) and isinstance(said, click.Group):
        optional = command.invoke_without_command
        said.subcommand_metavar = gettext(N_("[COMMAND]") if optional else N_("COMMAND [ARGS]..."))
        said.commands = {name: translated(child) for name, child in command.commands.items()}
    return said


def _translated_parameter(parameter: click.Parameter) -> click.Parameter:
    said = copy.copy(parameter)
    if isinstance(said.type, click.IntRange | click.FloatRange):
        said.type = numbers = copy.copy(said.type)
        setattr(numbers, "_describe_range", partial(_described, numbers.min, numbers.max))  # noqa: B010  its «0<=x<=9»
    if isinstance(said, click.Option):
        said.help = _say(said.help)
        said.prompt = _say(said.prompt) if isinstance(said.prompt, str) else said.prompt
        if said.metavar is None and not said.is_flag:
            said.metavar = KINDS.get(said.type.name)
    elif said.metavar is None and said.name is not None:
        said.metavar = said.name.upper()
    said.metavar = _say(said.metavar)
    return said


def _described(least: float | None, most: float | None) -> str:
    """Which numbers are taken, where click writes a formula."""
    if most is None:
        return gettext(N_("{least} or more")).format(least=least)
    return gettext(N_("{least} to {most}")).format(least=least, most=most)


def _say(text: str | None) -> str | None:
    return gettext(text) if text else text


def speak(language: str) -> None:
    """Speak ``language`` from now on, click's own sentences included.

    Click asks the standard library's ``gettext`` for the current domain and the languages of the environment, so that is
    what it is given; its sentences stand in our catalogue.
    """
    locale.use(language)
    system_gettext.bindtextdomain(locale.DOMAIN, str(Path(locale.__file__).parent))
    system_gettext.textdomain(locale.DOMAIN)
    os.environ["LANGUAGE"] = language
