"""The panel's three cookies. Scripts read none of them, and no other site's page makes the browser send one."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

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
        return Cookie(name, value=value, max_age=max_age_s, secure=self.secure, httponly=True, samesite="strict")


def read_cookies(header: str) -> dict[str, str]:
    """What a browser sent; nothing of a header that is none, and none that is longer than ours are."""
    try:
        found = SimpleCookie(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in found.items() if 0 < len(morsel.value) <= LONGEST}
