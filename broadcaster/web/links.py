"""One entry of the way through the pages."""

from dataclasses import dataclass

from broadcaster.model import Role
from broadcaster.web.visitor import Visitor


@dataclass(frozen=True)
class Link:
    """Where to go, and for whom it is shown."""

    title: str
    """A message id (``N_("…")``)."""
    path: str
    roles: tuple[Role, ...] = ()
    """One of these; whoever has signed in when there are none."""
    near: bool = False
    """Shown to whoever is at the box or in the stall's network, signed in or not."""

    def is_for(self, visitor: Visitor) -> bool:
        """Whether it leads this visitor to a page that opens."""
        return visitor.near if self.near else visitor.may(*self.roles)

    def is_here(self, path: str) -> bool:
        """Whether the page that was asked for lies under it."""
        plain = path.partition("?")[0]
        return plain == self.path or plain.startswith(f"{self.path}/")
