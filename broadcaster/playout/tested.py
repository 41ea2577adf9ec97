"""What a person is told of a speaker's test: heard, cut or not heard, and what to do."""

from collections.abc import Mapping
from typing import Any, ClassVar

from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.model import Evidence, Market, Reason
from broadcaster.playout.orders import Refusal
from broadcaster.reasons import sentence

LIMIT_S = 30.0
"""The test itself takes twelve seconds; a slow machine some more."""


class NotHeard(Refusal):
    """The test ended, and not all of it was heard."""

    sentence: ClassVar[str] = N_("{market}: the test was not heard. {sentence} Then try again.")


class TestCut(Refusal):
    """Somebody stopped it."""

    __test__: ClassVar[bool] = False  # its name is no test's
    sentence: ClassVar[str] = N_("{market}: the test was cut by an order to stop. Try again when nothing hinders it.")


def what_came_of(market: Market, tested: Mapping[str, Any]) -> str:
    """Of a daemon's answer to :class:`~broadcaster.playout.orders.Test`, in the language spoken now.

    :raises NotHeard, TestCut: and why.
    """
    if not tested["heard"]:
        reason = Reason(tested["reason"] or Reason.NOT_HEARD)
        if reason is Reason.STOPPED_BY_OPERATOR:
            raise TestCut(market=market.name)
        raise NotHeard(market=market.name, sentence=sentence(reason))
    return _heard(Evidence(tested["evidence"])).format(market=market.name)


def _heard(evidence: Evidence) -> str:
    if evidence is Evidence.PLAYER:
        return _(
            "{market}: the player says that the test went out; nobody could listen to the output. "
            "Did you hear it at the speaker? If not, check the amplifier and its cable."
        )
    return _(
        "{market}: the test left the computer whole. Did you hear it at the speaker? "
        "If not, check the amplifier and its cable."
    )
