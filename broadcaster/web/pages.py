"""A template and its facts → a page; and where to go after a form."""

from litestar.enums import MediaType
from litestar.response import Response
from markupsafe import Markup

from broadcaster.errors import BroadcasterError
from broadcaster.locale import speaking
from broadcaster.web.desk import Desk
from broadcaster.web.doors import FIELD
from broadcaster.web.links import Link
from broadcaster.web.notes import Kind, Note
from broadcaster.web.templating import environment
from broadcaster.web.visitor import Visitor


def page(name: str, desk: Desk, visitor: Visitor, status: int = 200, **facts: object) -> Response[str]:
    """The page of a template that extends ``base.html``, in the visitor's language."""
    said = desk.notes.take(visitor.visit)
    text = rendered(
        name,
        language=visitor.language,
        **facts,
        visitor=visitor,
        links=shown_links(visitor),
        note=said,
        station_name=station_name(desk),
        csrf=csrf_field(visitor),
    )
    return Response(text, media_type=MediaType.HTML, status_code=status)


def rendered(name: str, *, language: str, **facts: object) -> str:
    """A template's text: of a part of a page, too, as live pages are sent it."""
    with speaking(language):
        return environment().get_template(name).render(facts)


def go(desk: Desk, visitor: Visitor, path: str, said: str = "", kind: Kind = "ok") -> Response[None]:
    """After a form: to another page, which says one sentence first."""
    if said:
        desk.notes.leave(visitor.visit, Note(said, kind))
    return moved(path)


def moved(path: str) -> Response[None]:
    """To another page; a browser asks for it with GET."""
    return Response(None, media_type=MediaType.TEXT, status_code=303, headers={"Location": path})


def shown_links(visitor: Visitor) -> list[Link]:
    """What the way through the pages offers this visitor."""
    from broadcaster.web.rooms import LINKS  # noqa: PLC0415  the rooms' pages need this file first

    return [link for link in LINKS if link.is_for(visitor)]


def csrf_field(visitor: Visitor) -> Markup:
    """What stands in every form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, visitor.csrf)


def station_name(desk: Desk) -> str:
    """Empty where the station's settings cannot be read."""
    try:
        return desk.station.name
    except BroadcasterError:
        return ""
