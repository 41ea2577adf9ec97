"""Lines that are made when somebody looks at them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Self, overload

from broadcaster.reports.summary import Kind, Line

if TYPE_CHECKING:
    from broadcaster.reports.fates import Fate

Lines = Mapping[Kind, tuple[Line, ...]]


class LateLines(Sequence[Line]):
    """Those of one kind."""

    def __init__(self, make: Callable[[], Lines], kind: Kind, told: "Callable[[Kind], Sequence[Fate]]") -> None:
        self._make = make
        self._kind = kind
        self._told = told

    @classmethod
    def of(cls, make: Callable[[], Lines], told: "Callable[[Kind], Sequence[Fate]]") -> dict[Kind, Self]:
        """One sequence a kind; ``make`` is asked once for all kinds, ``told`` for what papers draw of the lines of one."""
        once = cache(make)
        return {kind: cls(once, kind, told) for kind in Kind}

    @cached_property
    def fates(self) -> "Sequence[Fate]":
        """What papers draw of them. No line is made for it."""
        return self._told(self._kind)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, at: int | slice) -> Line | tuple[Line, ...]:
        return self._make()[self._kind][at]

    def __len__(self) -> int:
        return len(self._make()[self._kind])
