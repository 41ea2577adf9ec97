"""The guides: what they say to type can be typed, what they quote is said, what they show was taken of the program."""

import re
import shlex
from importlib import import_module
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import click
import pytest
from babel.messages.pofile import read_po

from broadcaster import locale
from broadcaster.cli.program import whole_program

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs").glob("guia-*.md"))
PICTURES = ROOT / "docs" / "pictures"
TYPED = re.compile(r"`broadcaster ([^`]+)`")
QUOTED = re.compile(r"«([^»]+)»")
SHOWN = re.compile(r"!\[[^]]+\]\(pictures/([a-z-]+)\.svg\)")
OF_A_MACHINE = re.compile(r"/(?:home|root|tmp|work|usr|Users)\b|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.")


def typed(page: Path) -> list[str]:
    return TYPED.findall(page.read_text(encoding="utf-8"))


def parse(line: str) -> None:
    """As the command line does, without doing it; any folder stands for the stick."""
    group: click.Command = whole_program()
    context, words = (
        click.Context(group, info_name="broadcaster"),
        shlex.split(line.replace("/media/usb", str(PICTURES))),
    )
    while isinstance(group, click.Group) and words and (child := group.get_command(context, words[0])) is not None:
        group, words = child, words[1:]
    if isinstance(group, click.Group) and words and not words[0].startswith("-"):
        group.resolve_command(context, words)
    with group.make_context(group.name, words, parent=context):
        pass


@pytest.mark.parametrize("page", [*GUIDES, ROOT / "README.md"], ids=lambda page: page.name)
def test_every_command_that_a_guide_names_can_be_typed_so(page: Path) -> None:
    assert typed(page)
    for line in typed(page):
        parse(line)


def test_a_command_with_a_mistake_would_be_noticed() -> None:
    for wrong in ("plays --form 2021-06-18", "play", "episode aprove 5", "schedule print"):
        with pytest.raises(click.ClickException):
            parse(wrong)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_what_a_guide_quotes_the_program_says(page: Path) -> None:
    catalogue = Path(locale.__file__).parent / "es" / "LC_MESSAGES" / "broadcaster.po"
    with catalogue.open("rb") as file:
        said = " ".join(str(message.string) for message in read_po(file))
    quoted = QUOTED.findall(page.read_text(encoding="utf-8"))
    assert [words for words in quoted if words.rstrip("….") not in said] == []


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(PICTURES)
    return import_module("make")


def test_every_picture_shown_is_there_and_taken_by_the_script(make: ModuleType) -> None:
    shown = {name for page in (ROOT / "docs").glob("*.md") for name in SHOWN.findall(page.read_text(encoding="utf-8"))}
    taken = {name for names in make.SCENES.values() for name in names}
    assert shown == taken == {picture.stem for picture in PICTURES.glob("*.svg")}


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.svg")), ids=lambda picture: picture.stem)
def test_a_picture_is_small_and_says_nothing_of_the_machine_that_took_it(picture: Path) -> None:
    drawn = picture.read_text(encoding="utf-8")
    ElementTree.fromstring(drawn)  # noqa: S314  our own
    assert len(drawn) < 10_000
    assert OF_A_MACHINE.findall(drawn) == []
    assert drawn.count("http") == 1  # the name of the language


def test_the_script_takes_a_picture_of_what_the_command_says_today(make: ModuleType, tmp_path: Path) -> None:
    screen = make.operator_why(tmp_path)["por-que"]
    assert "$ broadcaster plays --from 2021-06-23" in screen.text
    assert "no emitida" in screen.text
    assert "Se fue la luz." in screen.text
