"""``pulsectl`` without its search for libpulse. Import this before anything that imports ``pulsectl``.

It asks ``ctypes.util.find_library`` for ``libpulse``, which runs ``ldconfig``, ``gcc`` and ``ld`` and finds nothing, for that
looks for ``liblibpulse``; then it opens ``libpulse.so.0``. Without the search it opens that at once: a child that is to
play or listen starts no program for it.
"""

import ctypes.util

_search = ctypes.util.find_library
ctypes.util.find_library = lambda name: None  # noqa: ARG005  as a search that was in vain
try:
    import pulsectl
finally:
    ctypes.util.find_library = _search

__all__ = ("pulsectl",)
