"""The panel's three cookies. Scripts read none of them, and no other site's page makes the browser send one with a form.

A link from elsewhere may bring the visit and the language, which open nothing: a tab that was open keeps its word. The session
comes from pages of the panel alone.
"""

from dataclasses import dataclass
from typing import Literal

from litestar.datastructures import Cookie

YEAR_S = 365 * 86_400
LONGEST = 100
"""Characters of one that is believed to be ours."""


@dataclass(frozen=True)
class Jar:
    """Of the panel at one port: browsers do not keep the cookies of two ports apart."""

    port: int
    secure: bool = False
    """Over TLS: then only there."""

    @property
    def visit(self) -> str:
        return f"broadcaster-{self.port}-visit"

    @property
    def session(self) -> str:
        return f"broadcaster-{self.port}-session"

    @property
    def language(self) -> str:
        return f"broadcaster-{self.port}-language"

    def cookie(self, name: str, value: str, max_age_s: int | None = YEAR_S) -> Cookie:
        """What an answer sets. ``None``: until the browser is closed; 0: no more."""
        where: Literal["lax", "strict"] = "strict" if name == self.session else "lax"
        return Cookie(name, value=value, max_age=max_age_s, secure=self.secure, httponly=True, samesite=where)


def read_cookies(header: str) -> dict[str, str]:
    """What a browser sent, and none that is longer than ours are.

    With them browsers send what programs at this computer's other ports have set, in any spelling (RFC 6265, 5.4): one that is
    spelt oddly must hide none of ours. Of two of one name the first counts, the one for the narrower path.
    """
    found: dict[str, str] = {}
    for pair in header.split(";"):
        name, _equals, value = pair.strip().partition("=")
        if 0 < len(value) <= LONGEST:
            found.setdefault(name, value)
    return found
