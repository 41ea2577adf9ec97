"""The signed consents of the voices: one form per voice and season, by codes only."""

from dataclasses import dataclass
from typing import Any

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from broadcaster.errors import BadInput, UsageError
from broadcaster.library import signing, withdrawal
from broadcaster.library.codes import is_season
from broadcaster.library.consents import refs_of
from broadcaster.library.decisions import KEEPERS, Decisions
from broadcaster.library.register import Consent
from broadcaster.library.words import SCOPES
from broadcaster.library.words import scopes as in_words
from broadcaster.locale import gettext as _
from broadcaster.model import EpisodeNumber, Scope
from broadcaster.web.desk import Desk
from broadcaster.web.doors import SIGNED_IN, open_to
from broadcaster.web.library.deciding import follow
from broadcaster.web.library.forms import Form, NoDay, day, many, one, pin, ticked
from broadcaster.web.pages import go, page
from broadcaster.web.visitor import Visitor
from broadcaster.web.words import said

HERE = "/library/consents"
TYPED = ("consent", "voice", "season", "form", "expires", "guardian_form")
"""What stands in the form again after a slip."""


@dataclass(frozen=True)
class Line:
    """A consent as the page shows it."""

    consent: Consent
    ended: bool
    episodes: tuple[EpisodeNumber, ...]
    """Those that rest on it."""


@get(HERE, **SIGNED_IN, sync_to_thread=True)
def register(desk: Desk, visitor: Visitor) -> Response[str]:
    """Every consent: whose, for what, until when, and what rests on it."""
    return _page(desk, visitor, {})


def _page(desk: Desk, visitor: Visitor, given: Form, problem: str = "") -> Response[str]:
    """With what somebody has ``given``, but the PIN, for her to mend."""
    decisions, today = desk.decisions(), desk.now().date()
    resting = _resting(decisions)
    known = sorted(decisions.consents.values(), key=lambda each: each.ref)
    seasons = sorted(path.stem for path in desk.station.schedules.glob("*.toml") if is_season(path.stem))
    return page(
        "library/consents.html",
        desk,
        visitor,
        status=422 if problem else 200,
        problem=problem,
        given={name: one(given, name) for name in TYPED},
        scoped=_scopes(given) or signing.DEFAULT_SCOPES,
        minor=ticked(given, "minor"),
        lines=[Line(each, each.expires < today, tuple(resting.get(each.ref, ()))) for each in known],
        in_words=in_words,
        scopes=SCOPES,
        seasons=seasons,
        keeps=visitor.may(*KEEPERS),
        days=desk.station.intake.keep_withdrawn_days,
    )


def _resting(decisions: Decisions) -> dict[str, list[EpisodeNumber]]:
    """The episodes whose newest revision rests on each consent."""
    found: dict[str, list[EpisodeNumber]] = {}
    for admitted in filter(None, map(decisions.newest, sorted(decisions.numbers()))):
        for ref in refs_of(admitted, decisions):
            found.setdefault(ref, []).append(admitted.episode)
    return found


@post(HERE, **open_to(*KEEPERS), sync_to_thread=True)
def add(desk: Desk, visitor: Visitor, data: Form) -> Response[Any]:
    """A signed form comes into the register; nobody types eight fields twice for a slip."""
    try:
        return _add(desk, visitor, data)
    except (BadInput, UsageError) as refused:
        return _page(desk, visitor, data, said(refused))


def _add(desk: Desk, visitor: Visitor, data: Form) -> Response[None]:
    expires = day(data, "expires")
    if expires is None:
        raise NoDay
    given = Consent(
        ref=one(data, "consent"),
        voice=one(data, "voice"),
        season=one(data, "season"),
        scopes=_scopes(data) or signing.DEFAULT_SCOPES,
        form=one(data, "form"),
        expires=expires,
        by=visitor.code,
        minor=ticked(data, "minor"),
        guardian_form=one(data, "guardian_form"),
    )
    with desk.journal() as journal:
        signing.register_consent(journal, desk.station, given, pin(data))
    desk.nudge()
    done = _("The consent {consent} is registered, for {scopes}, until {day}. Episodes can now name it.").format(
        consent=given.ref, scopes=in_words(given.scopes), day=given.expires
    )
    return go(desk, visitor, HERE, done)


def _scopes(form: Form) -> tuple[Scope, ...]:
    known = {scope.value: scope for scope in Scope}
    return tuple(dict.fromkeys(known[word] for word in many(form, "scope") if word in known))


@post(f"{HERE}/withdraw", **SIGNED_IN, sync_to_thread=True)
def withdraw(desk: Desk, visitor: Visitor, data: Form) -> Response[None]:
    """A consent is taken back, or all that a voice ever allowed: what it carried stops for good."""
    reference, voice, purged = one(data, "consent"), one(data, "voice"), ticked(data, "purge")
    with desk.journal() as journal:
        try:
            if voice:
                done = withdrawal.withdraw_voice(journal, desk.station, voice, visitor.code, pin(data), again=purged)
            else:
                done = withdrawal.withdraw_consent(
                    journal, desk.station, reference, visitor.code, pin(data), again=purged
                )
        finally:
            desk.nudge()
    return go(desk, visitor, HERE, follow(desk, done, visitor.code, purged=purged), "warn")


ROUTES: tuple[HTTPRouteHandler, ...] = (register, add, withdraw)
