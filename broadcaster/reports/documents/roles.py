"""Who said something, by what she is for the programme: a document names no person and no code. Pure."""

from collections.abc import Mapping, Sequence

from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Role

WORDS: Mapping[Role, str] = {
    Role.COORDINATOR: N_("coordination"),
    Role.PROTECTION_OFFICER: N_("protection officer"),
    Role.APPROVER: N_("approver"),
    Role.PRODUCER: N_("defender"),
}
"""Who holds several is called by the first of these."""


def role_of(by: str, roles: Mapping[str, Sequence[Role]]) -> str:
    """The role of a registered code, or of whoever sat at the market's computer."""
    if by.startswith("uid:"):
        return _("operator")
    held = roles.get(by, ())
    return next((_(said) for role, said in WORDS.items() if role in held), _("registered person"))
