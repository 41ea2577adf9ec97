"""A stick that is pulled out while it is written or read, at any byte."""

import errno
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def pulled(stick: Path, after: int, *, writing: bool) -> Iterator[None]:
    """The stick is pulled out once so many bytes have been written to it, or read from it: the rest fails, as it is then.

    What was on it at that moment stays on it, whatever the program would have cleared away.
    """
    real, left, aside = os.fdopen, after, stick.with_name(f"{stick.name}-as-pulled")

    def gone() -> OSError:
        if not aside.exists():
            shutil.copytree(stick, aside)
        return OSError(errno.EIO, os.strerror(errno.EIO))

    class Until(io.FileIO):
        def write(self, data: object) -> int:
            nonlocal left
            text = bytes(data)  # type: ignore[call-overload]
            super().write(text[: max(0, left)])
            left -= len(text)
            if left < 0:
                raise gone()
            return len(text)

        def read(self, size: int | None = -1) -> bytes:
            nonlocal left
            text = super().read(-1 if size is None else size) or b""
            left -= len(text)
            if left < 0:
                raise gone()
            return text

    def fdopen(descriptor: int, mode: str = "r", *rest: object, **more: object) -> object:
        name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if mode == ("wb" if writing else "rb") and name.startswith(f"{stick}/"):
            return Until(descriptor, mode)
        return real(descriptor, mode, *rest, **more)  # type: ignore[call-overload]

    os.fdopen = fdopen  # type: ignore[assignment]
    try:
        yield
    finally:
        os.fdopen = real
        if aside.exists():
            shutil.rmtree(stick)
            aside.rename(stick)
