"""Lines that are made when somebody looks at them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Self, overload

from broadcaster.reports.summary import Kind, Line

Lines = Mapping[Kind, tuple[Line, ...]]


class _Once:
    """What makes them; it is asked once for all kinds."""

    def __init__(self, make: Callable[[], Lines]) -> None:
        self._make = make

    @cached_property
    def made(self) -> Lines:
        return self._make()


class LateLines(Sequence[Line]):
    """Those of one kind."""

    def __init__(self, once: _Once, kind: Kind) -> None:
        self._once = once
        self._kind = kind

    @classmethod
    def of(cls, make: Callable[[], Lines]) -> dict[Kind, Self]:
        """One sequence a kind."""
        once = _Once(make)
        return {kind: cls(once, kind) for kind in Kind}

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, at: int | slice) -> Line | tuple[Line, ...]:
        return self._once.made[self._kind][at]

    def __len__(self) -> int:
        return len(self._once.made[self._kind])
