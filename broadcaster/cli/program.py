"""One run of the command line: choose the language, run the command, turn what went wrong into a sentence and a code."""

import errno
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import click

from broadcaster import __version__
from broadcaster.cli import COMMANDS, Entry, completion
from broadcaster.cli.context import Desk
from broadcaster.cli.group import LateGroup, speak, translated
from broadcaster.cli.language import spoken_language, station_folder
from broadcaster.cli.show import fitted
from broadcaster.errors import BroadcasterError, RecordUnavailable, trace
from broadcaster.locale import LANGUAGES, gettext, language
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause

EXAMPLE = datetime(2021, 6, 18, 10)  # noqa: DTZ001  it shows a form, it is no moment
DATE_PATTERN = re.compile(r"%[^']*[A-Za-z]")
"""How click writes the form of a date; people are shown an example instead."""
KIND_PATTERN = re.compile(r" \((?:integer|float)(?: range)?\)")
"""Click's own name of a kind of number, beside the translated word for it."""
OPTIONAL_PATTERN = re.compile(r"'\[([^\]'\n]+)\]'")
"""The name of an argument that may be left out: its brackets are for the help."""
OF_THE_PROGRAM = frozenset({"--station", "--language"})
"""Options that every command heeds, though none has them."""
USAGE, INTERNAL, INTERRUPTED = 64, 70, 130


NOWHERE_TO_WRITE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})


class AnswerNotWritten(RecordUnavailable):
    """Standard output goes to a file whose disk is full."""

    sentence = N_("The answer could not be written ({problem}). Make room or choose another disk, and try again.")


@click.pass_context
def _start(ctx: click.Context, /, station: Path | None, **spoken: str | None) -> None:
    del spoken  # the language, taken before parsing, so that even a usage error is said in it
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    ctx.obj = Desk(station)


def whole_program(commands: Mapping[str, Entry] = COMMANDS) -> LateGroup:
    """The command ``broadcaster`` itself."""
    return LateGroup(
        commands,
        name="broadcaster",
        help=N_(
            "Plays community radio episodes through market loudspeakers, on time, with a play log that never lies."
        ),
        callback=_start,
        params=[
            click.Option(
                ["--station"],
                type=click.Path(file_okay=False, path_type=Path),
                envvar="BROADCASTER_STATION",
                help=N_("Folder of the station; otherwise the nearest one upwards with a config.toml."),
            ),
            click.Option(
                ["--language"],
                type=click.Choice(LANGUAGES),
                help=N_("Language of this command; otherwise the station's."),
            ),
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_version,
                help=N_("Show the version and exit."),
            ),
        ],
        context_settings={"help_option_names": ["--help"]},
    )


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  click's signature
    if wanted:
        click.echo(f"broadcaster {__version__}")
        ctx.exit()


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command line and exit with its code; or answer a shell that asks what could be typed."""
    if wanted := os.environ.get(completion.VARIABLE):
        speak(spoken_language((), os.environ))
        sys.exit(completion.answer(translated(whole_program()), wanted))
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str], commands: Mapping[str, Entry] = COMMANDS) -> int:
    """Run one command line and give its exit code; what went wrong has been said on standard error."""
    _never_stumble_over_a_letter()
    try:
        speak(spoken_language(arguments, os.environ))
        program = translated(whole_program(commands))
        with program.make_context("broadcaster", list(arguments)) as context:
            program.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (KeyboardInterrupt, EOFError, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except click.ClickException as error:
        _complain(_sentence(error))
        return USAGE
    except BroadcasterError as error:
        _complain(str(error))
        return error.exit_code
    except OSError as error:
        if error.errno not in NOWHERE_TO_WRITE or error.filename is not None:
            _complain(_unexpected(error, _log_folder(arguments)))
            return INTERNAL
        _let_go_of_stdout()
        _complain(str(AnswerNotWritten(problem=clause(error))))
        return AnswerNotWritten.exit_code
    except Exception as error:  # the last net: where it happened goes to the log, a sentence to the person
        _complain(_unexpected(error, _log_folder(arguments)))
        return INTERNAL
    return 0


def _sentence(error: click.ClickException) -> str:
    """What click found wrong, with the way to help; the whole help where no word was given."""
    said = error.format_message()
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return said
    if isinstance(error, click.NoSuchOption) and error.option_name in OF_THE_PROGRAM:
        return gettext("{option} goes before the command: broadcaster {option} … COMMAND.").format(
            option=error.option_name
        )
    if "\n" in said:  # the words to choose from, which click sets below each other
        said = f"{' '.join(said.split())}."
    said = OPTIONAL_PATTERN.sub(r"'\1'", said)
    said = DATE_PATTERN.sub(lambda found: EXAMPLE.strftime(found[0]), said)
    if language() == "es":
        said = KIND_PATTERN.sub("", said)
        said = re.sub(r"'([^'\n]+)'", r"«\1»", said)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = gettext("See `{command} --help`.").format(command=error.ctx.command_path)
        return f"{said} {hint}"
    return said


def _complain(text: str) -> None:
    click.echo("\n".join(fitted(line, err=True) for line in text.splitlines()), err=True)


def _unexpected(error: Exception, folder: Path | None) -> str:
    """Keep what went wrong in the station's log, or in a temporary file, and say where."""
    import tempfile  # noqa: PLC0415  it is hardly ever needed

    details = trace(error)
    try:
        if folder is None:
            raise FileNotFoundError
        log = folder / "broadcaster.log"
        with log.open("a", encoding="utf-8") as file:
            file.write(details)
    except OSError:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="broadcaster-", suffix=".log", delete=False
        ) as file:
            file.write(details)
            log = Path(file.name)
    return gettext(
        "Something unexpected happened and the command stopped. Send the file {log} to whoever maintains broadcaster."
    ).format(log=log)


def _log_folder(arguments: Sequence[str]) -> Path | None:
    """The station's ``data/``, if there is a station and it has one."""
    folder = station_folder(arguments, os.environ)
    return folder / "data" if folder is not None and (folder / "data").is_dir() else None


def _never_stumble_over_a_letter() -> None:
    """On a terminal that lacks a letter show «?» rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _let_go_of_stdout() -> None:
    """The reader of our output went away: what is still in the buffer has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
