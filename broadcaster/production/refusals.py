"""Why a submission is refused before anybody listens: each refusal with its sentence. Nothing was added."""

from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_


class BadNumber(BadInput):
    """An episode's number is 1 to 999."""

    sentence = N_("An episode's number is between 1 and 999, and {number} is not. Nothing was added; choose another.")


class NumberTaken(BadInput):
    """The number has an episode already."""

    sentence = N_(
        "Episode {number} is there already, so nothing was added. "
        "Choose another number, or `broadcaster episode revise {number}` for a new version."
    )


class FolderTaken(BadInput):
    """The number's folder holds what no row of the journal knows: somebody's files, or an intake cut short by the power."""

    sentence = N_("The folder {folder} is not empty, so nothing was added. Move it away and try again.")


class BadTitle(BadInput):
    """A title must be text that shows as itself."""

    sentence = N_(
        "A title is 1 to {longest} letters on one line, without hidden characters. Nothing was added; write it anew."
    )


class BadConsent(BadInput):
    """A consent's reference is a code: whatever else it might be could be a name."""

    sentence = N_(
        "{text} cannot be a consent's reference, so nothing was added: write letters, at least one digit, and hyphens, "
        "such as C-2021-014. Never a name: it could put a person at risk."
    )


class NoDefender(BadInput):
    """Somebody made it."""

    sentence = N_("No defender was named, so nothing was added. Name her code with --defender.")


class HelplineUnknown(BadInput):
    """The helpline is not in the station's register."""

    sentence = N_(
        "The helpline {helpline} is not in config.toml, so nothing was added. It lists: {known}. Check the word and try again."
    )


class WithdrawnAudio(BadInput):
    """Consent for exactly this audio was taken back."""

    sentence = N_(
        "{name} is the audio of episode {number}, which was withdrawn, so it was not added. Delete your copies of it."
    )
