"""A suspension that could not be put on record: a full disk or a broken file must not keep a voice on air."""

from typing import ClassVar

from broadcaster.errors import RecordUnavailable
from broadcaster.locale import mark as N_


class StoppedOnly(RecordUnavailable):
    """What can be done without a record is done."""

    sentence: ClassVar[str] = N_(
        "What sounded is stopped, everywhere. But the suspension of episode {number} could not be put on record, so it would "
        "sound again at its next hour. Keep the markets silent with `broadcaster pause`, and call the coordinator."
    )


class NotSuspendedAtAll(RecordUnavailable):
    """Nothing could be told to anybody."""

    sentence: ClassVar[str] = N_(
        "The suspension of episode {number} could not be put on record, and no program here could be told to stop. "
        "If it sounds, switch the amplifier off. Then call the coordinator."
    )


def not_suspended(number: int, *, hushed: bool) -> RecordUnavailable:
    """What to tell. ``hushed``: the program that plays was told to stop, and obeyed."""
    return StoppedOnly(number=number) if hushed else NotSuspendedAtAll(number=number)
