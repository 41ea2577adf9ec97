"""One shut gate."""

from dataclasses import dataclass, field

from broadcaster.locale import gettext
from broadcaster.model import Reason


@dataclass(frozen=True)
class Objection:
    """Why an episode may not be used now."""

    reason: Reason
    text: str
    """The sentence, as a message id: what is missing and what to do."""
    facts: dict[str, object] = field(default_factory=dict)
    """What fills its braces: numbers and codes."""

    @property
    def sentence(self) -> str:
        """The sentence, in the language spoken now."""
        return gettext(self.text).format(**self.facts)
