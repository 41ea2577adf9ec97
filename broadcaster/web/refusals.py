"""Why the panel turns somebody away: each refusal with its sentence and its HTTP status."""

from http import HTTPStatus
from typing import ClassVar

from broadcaster.errors import BroadcasterError, UsageError
from broadcaster.library.people_refusals import NotAllowed
from broadcaster.library.refusals import NotOfficer
from broadcaster.locale import mark as N_


class TurnedAway(UsageError):
    """The request is not served; nothing was changed."""

    status: ClassVar[HTTPStatus] = HTTPStatus.FORBIDDEN


class SignInFirst(TurnedAway):
    """Nobody has signed in, or not for a long while."""

    status = HTTPStatus.UNAUTHORIZED
    sentence = N_("You are not signed in, or it was too long ago. Nothing was changed. Sign in and do it again.")


class NotHerDoor(TurnedAway):
    """She has signed in, and her code may not do this."""

    sentence = N_(
        "{code} may not do this; nothing was changed. Who may what is decided by the protection officer: ask her."
    )


class NotTheStall(TurnedAway):
    """The stall's screen asks for no PIN, so it is not shown to whoever is elsewhere."""

    sentence = N_(
        "This screen is for who stands at the market's computer. From here sign in with your code, or open it there."
    )


class ForeignHost(TurnedAway):
    """The browser was led here by a name that is not ours, or by somebody else's page."""

    status = HTTPStatus.MISDIRECTED_REQUEST
    sentence = N_("This computer does not answer to the name {host}. Open the panel by the address that it shows.")


class ForeignPage(TurnedAway):
    """A form of another site, or of nobody."""

    sentence = N_("This was not sent from a page of the panel, so nothing was changed. Open the panel and do it there.")


class NoSuchPlace(TurnedAway):
    """An address with letters that none has."""

    status = HTTPStatus.NOT_FOUND
    sentence = N_("There is no such page. Use the links above.")


class PageTooOld(TurnedAway):
    """The form does not carry its browser's word."""

    sentence = N_("The page had been open for too long, so nothing was changed. Load it again and do it once more.")


class TooSlow(TurnedAway):
    """What was being sent never came."""

    status = HTTPStatus.REQUEST_TIMEOUT
    sentence = N_(
        "What you sent took too long to arrive, so nothing was changed. Look at the connection and try again."
    )


def status_of(error: BroadcasterError) -> HTTPStatus:
    """The status of the page that shows this error; never one that blames the server, which did what it should."""
    if isinstance(error, TurnedAway):
        return error.status
    if isinstance(error, (NotOfficer, NotAllowed)):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.UNPROCESSABLE_ENTITY if error.exit_code in (64, 65) else HTTPStatus.CONFLICT
