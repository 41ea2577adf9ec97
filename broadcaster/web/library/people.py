"""The people of the station: issued codes with roles and PINs, never names. The protection officer keeps the register."""

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Response

from broadcaster.library import people, pins
from broadcaster.library.decisions import KEEPERS, OFFICER
from broadcaster.library.words import ROLES
from broadcaster.library.words import roles as in_words
from broadcaster.locale import gettext as _
from broadcaster.model import Role
from broadcaster.web.desk import Desk
from broadcaster.web.doors import SIGNED_IN, open_to
from broadcaster.web.library.forms import Form, day, many, one, pin
from broadcaster.web.pages import go, page
from broadcaster.web.visitor import Visitor

HERE = "/library/people"


@get(HERE, **open_to(*KEEPERS), sync_to_thread=True)
def register(desk: Desk, visitor: Visitor) -> Response[str]:
    """Who is registered, what each may do, and who has a PIN."""
    known = sorted(desk.decisions().people.values(), key=lambda each: (each.retired, each.code))
    return page(
        "library/people.html",
        desk,
        visitor,
        people=known,
        with_pin=pins.codes_with_pin(desk.station.database),
        in_words=in_words,
        roles=ROLES,
        officer=visitor.may(OFFICER),
    )


def _roles(form: Form) -> tuple[Role, ...]:
    known = {role.value: role for role in Role}
    return tuple(known[word] for word in many(form, "role") if word in known)


@post(HERE, **open_to(OFFICER), sync_to_thread=True)
def add(desk: Desk, visitor: Visitor, data: Form) -> Response[None]:
    """A code is issued."""
    code, wanted = one(data, "code"), _roles(data)
    with desk.journal() as journal:
        people.register(
            journal,
            code,
            wanted,
            by=visitor.code,
            pin=pin(data),
            new_pin=one(data, "new_pin"),
            cohort=one(data, "cohort"),
            trained_from=day(data, "trained_from"),
            trained_until=day(data, "trained_until"),
        )
    said = _("{code} is registered: {roles}.").format(code=code, roles=in_words(wanted))
    return go(desk, visitor, HERE, said)


@post(f"{HERE}/{{code:str}}/roles", **open_to(OFFICER), sync_to_thread=True)
def change(desk: Desk, visitor: Visitor, code: FromPath[str], data: Form) -> Response[None]:
    """From now on she may do this, and nothing else."""
    wanted = _roles(data)
    with desk.journal() as journal:
        people.change_roles(journal, code, wanted, by=visitor.code, pin=pin(data))
    desk.nudge()
    said = _("From now on {code} may act as: {roles}.").format(code=code, roles=in_words(wanted))
    return go(desk, visitor, HERE, said)


@post(f"{HERE}/{{code:str}}/retire", **open_to(OFFICER), sync_to_thread=True)
def retire(desk: Desk, visitor: Visitor, code: FromPath[str], data: Form) -> Response[None]:
    """Her code decides nothing any more."""
    with desk.journal() as journal:
        people.retire(journal, code, by=visitor.code, pin=pin(data))
    desk.nudge()
    said = _("{code} is retired: what it did stays, it decides nothing any more.").format(code=code)
    return go(desk, visitor, HERE, said)


@post(f"{HERE}/{{code:str}}/pin", **open_to(OFFICER), sync_to_thread=True)
def give_pin(desk: Desk, visitor: Visitor, code: FromPath[str], data: Form) -> Response[None]:
    """The protection officer sets somebody's PIN."""
    with desk.journal() as journal:
        people.set_pin(journal, code, one(data, "new_pin"), by=visitor.code, pin=pin(data))
    return go(desk, visitor, HERE, _("The PIN of {code} is set. Tell it to nobody.").format(code=code))


@get("/library/pin", **SIGNED_IN, sync_to_thread=True)
def own_pin(desk: Desk, visitor: Visitor) -> Response[str]:
    """Where everybody changes her own."""
    return page("library/pin.html", desk, visitor)


@post("/library/pin", **SIGNED_IN, sync_to_thread=True)
def change_own_pin(desk: Desk, visitor: Visitor, data: Form) -> Response[None]:
    """She changes her own, with the old one."""
    with desk.journal() as journal:
        people.set_pin(journal, visitor.code, one(data, "new_pin"), pin=pin(data))
    said = _("The PIN of {code} is set. Tell it to nobody.").format(code=visitor.code)
    return go(desk, visitor, "/library/pin", said)


ROUTES: tuple[HTTPRouteHandler, ...] = (register, add, change, retire, give_pin, own_pin, change_own_pin)
