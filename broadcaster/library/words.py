"""What people are told about roles, uses of a voice, and the questions of the checklist. Message ids."""

from collections.abc import Iterable, Mapping

from broadcaster.locale import gettext
from broadcaster.locale import mark as N_
from broadcaster.model import EpisodeNumber, Flag, Question, Role, Scope

ROLES: Mapping[Role, str] = {
    Role.PRODUCER: N_("producer"),
    Role.APPROVER: N_("approver"),
    Role.PROTECTION_OFFICER: N_("protection officer"),
    Role.COORDINATOR: N_("coordinator"),
}

SCOPES: Mapping[Scope, str] = {
    Scope.LOUDSPEAKERS: N_("loudspeakers"),
    Scope.WHATSAPP: N_("WhatsApp"),
    Scope.USB: N_("USB stick"),
    Scope.FACEBOOK: N_("Facebook"),
    Scope.ARCHIVE: N_("archive"),
}

QUESTIONS: Mapping[Question, str] = {
    Question.NAMES: N_("Does it say the name or nickname of a real person, other than of an authority in her office?"),
    Question.ADDRESSES: N_("Does it say an address, a home or a workplace by which a person can be found?"),
    Question.WHEREABOUTS: N_("Does it say when or where a defender can be found?"),
    Question.AGGRESSOR: N_("Does it say who an aggressor is, or let people guess it?"),
    Question.TESTIMONY: N_("Does a survivor tell her own story in her own voice?"),
    Question.MINORS: N_("Does a minor speak in it, or can one be recognised?"),
}

SUBJECTS: Mapping[Question, str] = {
    Question.NAMES: N_("names"),
    Question.ADDRESSES: N_("addresses or workplaces"),
    Question.WHEREABOUTS: N_("when or where a defender can be found"),
    Question.AGGRESSOR: N_("the aggressor's identity"),
    Question.TESTIMONY: N_("a survivor's own testimony"),
    Question.MINORS: N_("minors"),
}

FLAGS: Mapping[Flag, str] = {
    Flag.URGENT: N_("It has one urgent approval only, which lapses after 72 hours. A second person must approve it."),
    Flag.HELPLINE_STALE: N_("A helpline it says was not called lately. Call it: `broadcaster helpline list`."),
    Flag.UNANNOUNCED: N_("It aired without the market's announcement. See why: «broadcaster part announcements»."),
}


def flagged(number: EpisodeNumber, flag: Flag) -> str:
    """What must still be done about an episode, in the language spoken now."""
    return gettext(N_("Episode {number}: {sentence}")).format(number=number, sentence=gettext(FLAGS[flag]))


def roles(held: Iterable[Role]) -> str:
    """The roles in the language spoken now."""
    return ", ".join(gettext(ROLES[role]) for role in held)


def subjects(questions: Iterable[Question]) -> str:
    """What the questions are about, in the language spoken now."""
    return ", ".join(gettext(SUBJECTS[question]) for question in questions)


def scopes(covered: Iterable[Scope]) -> str:
    """The uses in the language spoken now."""
    return ", ".join(gettext(SCOPES[scope]) for scope in covered)
