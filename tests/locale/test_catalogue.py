"""Every sentence has its Spanish, and the Spanish fits the sentence."""

import ast
import re
import string
from collections.abc import Iterator
from typing import TypeGuard

import pytest
from babel.messages.catalog import Catalog, Message

from broadcaster.locale import catalogue

PROBABLY_ENGLISH = re.compile(r"\b(the|and|of|with|you|it|is|are|was|not|this|that|or|for)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    return catalogue.translated()


@pytest.fixture(scope="module")
def written() -> Catalog:
    """What the code and click say today."""
    return catalogue.template()


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each form of a message with its translation; the singular may leave out the number that the plural shows."""
    yield from zip(forms(message.id), forms(message.string or ""), strict=True)


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def placeholders(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def sentences(spanish: Catalog, written: Catalog) -> Iterator[tuple[str, str]]:
    for message in written:
        if message.id:
            found = spanish.get(message.id)
            assert found is not None, f"not in the catalogue (make locale): {message.id!r}"
            yield from pairs(found)


def test_every_message_of_the_code_has_a_spanish_sentence(spanish: Catalog, written: Catalog) -> None:
    missing = [said for said, spanish_text in sentences(spanish, written) if not spanish_text.strip()]
    assert missing == []


def test_nothing_in_the_catalogue_is_guessed_or_left_over(spanish: Catalog, written: Catalog) -> None:
    assert [message.id for message in spanish if message.id and message.fuzzy] == []
    assert [message.id for message in spanish if message.id and written.get(message.id) is None] == []


def test_a_translation_has_the_placeholders_of_its_message(spanish: Catalog, written: Catalog) -> None:
    wrong = [
        (said, spanish_text)
        for said, spanish_text in sentences(spanish, written)
        if placeholders(said) != placeholders(spanish_text)
    ]
    assert wrong == []


def test_a_translation_ends_as_its_message_does_and_keeps_its_lines(spanish: Catalog, written: Catalog) -> None:
    wrong = [
        (said, spanish_text)
        for message in written
        if message.id and not any(file.startswith("click/") for file, _ in message.locations)
        for said, spanish_text in pairs(spanish[message.id])
        if said.endswith(".") != spanish_text.endswith(".") or said.count("\n") != spanish_text.count("\n")
    ]
    assert wrong == []


def test_no_translation_is_english_or_has_straight_quotes(spanish: Catalog, written: Catalog) -> None:
    wrong = [
        spanish_text
        for _, spanish_text in sentences(spanish, written)
        if PROBABLY_ENGLISH.search(re.sub(r"\{\w*\}|--[a-z-]+", "", spanish_text)) or '"' in spanish_text
    ]
    assert wrong == []


def test_people_are_spoken_to_as_usted(spanish: Catalog) -> None:
    """«tú» forms that slip in most easily."""
    familiar = re.compile(r"\b(tú|tu|tus|te|ti|puedes|debes|llama|avisa|instala)\b", re.IGNORECASE)
    said = [text for message in spanish if message.id for _, text in pairs(message)]
    assert [text for text in said if familiar.search(text)] == []


def test_the_compiled_catalogue_is_the_written_one(spanish: Catalog) -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(spanish)


def test_every_sentence_stands_where_the_catalogue_finds_it() -> None:
    """A message inside an f-string, or made by one, is not found by those who collect messages."""
    hidden = [
        f"{path.name}:{node.lineno}"
        for path in sorted(catalogue.PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.JoinedStr) and any(speaks(part) for part in ast.walk(node)))
        or (speaks(node) and any(isinstance(argument, ast.JoinedStr) for argument in node.args))
    ]
    assert hidden == []


def speaks(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in catalogue.KEYWORDS


def test_commands_stand_between_the_same_quotes_in_every_spanish_sentence(spanish: Catalog, written: Catalog) -> None:
    assert [spanish_text for _said, spanish_text in sentences(spanish, written) if "`" in spanish_text] == []
