"""Keeps the Spanish catalogue in step with the code: ``python -m broadcaster.locale.catalogue`` (``make locale``).

Every message of the code, and of click, whose help and errors people read too, is listed in ``broadcaster.po`` for a
person to translate; what is translated is compiled into ``broadcaster.mo``. Nothing is guessed: a new message stands
empty, and the tests fail until somebody writes its Spanish.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from broadcaster.locale import DOMAIN

PACKAGE = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "es" / "LC_MESSAGES"
PO, MO = FOLDER / f"{DOMAIN}.po", FOLDER / f"{DOMAIN}.mo"
KEYWORDS = {"gettext": None, "_": None, "N_": None, "mark": None, "ngettext": (1, 2)}
"""The names under which code speaks; ``ngettext`` has a singular and a plural."""
SPEAKERS = [("**.py", "python"), ("web/templates/**.html", "jinja2.ext:babel_extract")]
"""Whose words are collected: the code's, and those of the panel's pages."""


def messages(folder: Path, name: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Each message under ``folder``: the file it stands in, seen from ``name``, and its id (a pair with a plural)."""
    for file, _, message, _, _ in extract_from_dir(folder, method_map=SPEAKERS, keywords=KEYWORDS, comment_tags=()):
        if message and all(message):
            yield f"{name}/{file}", message


def template() -> Catalog:
    """What the code and click say now, untranslated."""
    wanted = Catalog(domain=DOMAIN)
    for folder, name in ((PACKAGE, PACKAGE.name), (Path(click.__file__).parent, "click")):
        for file, message in messages(folder, name):
            wanted.add(message, locations=[(file, 0)])
    return wanted


def translated() -> Catalog:
    """``broadcaster.po`` as it stands."""
    with PO.open("rb") as file:
        return read_po(file, locale="es", domain=DOMAIN)


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the ``.mo`` file."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update() -> Catalog:
    """The catalogue with the messages of today: new ones empty, old ones gone."""
    catalogue, wanted = translated(), template()
    wanted.creation_date = catalogue.creation_date  # dates would make every run a change
    catalogue.update(wanted, no_fuzzy_matching=True, keep_user_comments=False)
    catalogue.obsolete.clear()
    return catalogue


def main() -> None:
    """Bring both files up to date."""
    catalogue = update()
    with PO.open("wb") as file:
        write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    MO.write_bytes(compiled(catalogue))


if __name__ == "__main__":
    main()
