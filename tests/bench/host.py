"""What the host of a virtual machine kept of its processors for others: time that no program here could have used."""

from pathlib import Path


def processor_ticks() -> tuple[int, int]:
    """Ticks of all processors since the boot: those the host kept, and all (``/proc/stat``)."""
    ticks = [int(field) for field in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)


def kept(before: tuple[int, int]) -> str:
    """What it kept since ``processor_ticks()`` gave ``before``, as a sentence."""
    stolen, passed = (now - then for now, then in zip(processor_ticks(), before, strict=True))
    return f"The host kept {100 * stolen / max(1, passed):.1f} % of the processors' time for others."
