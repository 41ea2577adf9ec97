"""Who stands before a page."""

from dataclasses import dataclass

from broadcaster.model import Role


@dataclass(frozen=True)
class Visitor:
    """Of one request. Roles are read from the record anew each time: who is retired is out at once."""

    code: str = ""
    """As it is registered; empty: nobody has signed in."""
    roles: frozenset[Role] = frozenset()
    language: str = "es"
    near: bool = False
    """At the box itself or in the stall's own network."""
    visit: str = ""
    """The browser's own random word, which it keeps: not a secret about a person, and no session."""
    csrf: str = ""
    """What every form of hers must carry; only our own pages can know it."""
    address: str = ""
    """Where the request comes from, as far as that is known."""
    path: str = "/"
    """The page that was asked for, with its question mark and what follows."""
    back: str = "/"
    """Where she goes on from here: that page or, where a form was sent, the one on which it stood."""

    @property
    def signed_in(self) -> bool:
        return bool(self.code)

    def may(self, *roles: Role) -> bool:
        """Whether she has signed in and holds one of these roles; any, when none is named."""
        return self.signed_in and (not roles or bool(self.roles.intersection(roles)))
