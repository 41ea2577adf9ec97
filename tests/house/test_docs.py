"""What the documents say is so: every command and option is described, every command they show exists."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from broadcaster.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"(?<![/\w-])broadcaster ((?:[a-z][a-z-]* )*[a-z][a-z-]*)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def tree() -> Iterator[tuple[str, click.Command]]:
    """Every command that people see, by its full name."""
    for name, entry in COMMANDS.items():
        if not entry.hidden:
            module, attribute = entry.target.split(":")
            yield from below(name, getattr(import_module(module), attribute))


def below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for child in command.list_commands(ctx):
            subcommand = command.get_command(ctx, child)
            assert subcommand is not None
            yield from below(f"{name} {child}", subcommand)


def sections(manual: str) -> dict[str, str]:
    """The text under each heading, by every command its heading names."""
    found: dict[str, str] = {}
    for part in re.split(r"^### ", manual, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        for name in re.findall(r"`broadcaster ([a-z -]+[a-z])", heading):
            found[name] = text
    return found


@pytest.fixture(scope="module")
def manual() -> dict[str, str]:
    return sections((ROOT / "docs" / "commands.md").read_text(encoding="utf-8"))


def test_every_command_and_option_is_described(manual: dict[str, str]) -> None:
    silent = [
        f"{name} {parameter.opts[0]}"
        for name, command in tree()
        if not isinstance(command, click.Group) or command.invoke_without_command
        for parameter in command.params
        if isinstance(parameter, click.Option) and f"`{parameter.opts[0]}" not in manual.get(name, "")
    ]
    missing = [name for name, command in tree() if not isinstance(command, click.Group) and name not in manual]
    assert (missing, silent) == ([], [])


def test_every_described_command_has_an_example(manual: dict[str, str]) -> None:
    assert [name for name, text in manual.items() if f"broadcaster {name}" not in text] == []


def test_nothing_is_described_that_does_not_exist(manual: dict[str, str]) -> None:
    assert set(manual) - {name for name, _ in tree()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_a_document_shows_exists(document: Path) -> None:
    known = dict(tree())
    for shown in COMMAND.findall(document.read_text(encoding="utf-8")):
        words = shlex.split(shown)
        name = words[0]
        assert name in known, f"broadcaster {shown}"
        if isinstance(known[name], click.Group) and len(words) > 1:
            assert f"{name} {words[1]}" in known, f"broadcaster {shown}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_make_command_a_document_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    shown = {
        word
        for path in DOCUMENTS
        for word in re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), re.M)
    }
    assert {"run", "test"} <= shown <= targets


def test_every_document_is_on_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DOCUMENTS if path.name != "README.md" and f"({path.name})" not in index] == []
