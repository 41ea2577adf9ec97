"""What people are told of what a microphone made of a play: a word, and a sentence with what to do."""

from collections.abc import Mapping

from broadcaster.journal.events import Listened
from broadcaster.locale import gettext, ngettext
from broadcaster.locale import mark as N_
from broadcaster.model import Deaf, Hearing

WORDS: Mapping[Hearing, str] = {
    Hearing.HEARD: N_("heard"),
    Hearing.SILENT: N_("nothing heard"),
    Hearing.OTHER: N_("something else heard"),
    Hearing.UNSURE: N_("cannot tell"),
}
SENTENCES: Mapping[Hearing, str] = {
    Hearing.HEARD: N_(
        "The microphone in the market heard it: {found} of {blocks} parts of five seconds, at {level} dB to the rest."
    ),
    Hearing.SILENT: N_("The microphone in the market heard nothing. Switch the amplifier on and check its cable."),
    Hearing.OTHER: N_(
        "The microphone in the market heard something else. Check which input the amplifier is set to, and its cable."
    ),
    Hearing.UNSURE: N_(
        "The microphone in the market cannot tell whether it was heard. If you were there, say so: broadcaster plays confirm."
    ),
}
PROBLEMS: Mapping[Deaf, str] = {
    Deaf.NO_SOURCE: N_("The microphone in the market was not there, so it heard nothing of this. Check its cable."),
    Deaf.MUTED: N_("The microphone in the market was muted, so it heard nothing of this. Turn it up on the computer."),
    Deaf.SOURCE_LOST: N_("The microphone in the market broke off while this sounded. Check its cable."),
    Deaf.MASTER_UNREAD: N_("The microphone had nothing to compare with: the audio could not be read in time."),
    Deaf.NO_ANSWER: N_(
        "The part that listens by the microphone broke down; the airing itself did not suffer. "
        "If it comes back, call the coordinator."
    ),
    Deaf.SWITCHED_OFF: N_("Somebody switched the microphone in the market off, so it says nothing of this."),
}
"""Why a microphone has nothing to say."""


def word(hearing: Hearing, drowned: int = 0) -> str:
    """What it made of it, in two or three words, in the language spoken now; ``drowned``: parts that nobody understood."""
    said = gettext(WORDS[hearing])
    return f"{said}, {talked_over(drowned)}" if drowned else said


def text(listened: Listened) -> str:
    """Its sentence, as a message id with braces for :func:`facts`."""
    return SENTENCES[listened.hearing] if listened.problem is None else PROBLEMS[listened.problem]


def facts(listened: Listened) -> Mapping[str, object]:
    """What fills the sentence's braces."""
    level = "—" if listened.level_db is None else f"{listened.level_db:+.0f}"
    return {"found": listened.found, "blocks": listened.blocks, "level": level}


def sentence(listened: Listened) -> str:
    """What it made of it and what to do, in the language spoken now."""
    return gettext(text(listened)).format(**facts(listened))


def talked_over(parts: int) -> str:
    """In how many parts somebody was louder, in the language spoken now."""
    return ngettext("talked over in {n} part", "talked over in {n} parts", parts).format(n=parts)
