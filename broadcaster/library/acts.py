"""What acts of other files begin with: what has been decided, and whose code and PIN these are."""

from broadcaster.config import Station
from broadcaster.journal.append import Journal
from broadcaster.library import people
from broadcaster.library.decisions import decisions_of
from broadcaster.library.register import Person

__all__ = ("decisions_of", "identify")


def identify(journal: Journal, _station: Station, code: str, pin: str) -> Person:
    """The person whose code and PIN these are: :func:`broadcaster.library.people.identify`."""
    return people.identify(journal, code, pin)
