"""Keeping the box well.

::

    checks (a value) ◀── look_*, machine, timekeeping, record_checks ◀── doctor ◀── evening (a companion of the daemon)

A look is a :class:`~broadcaster.care.checks.Probe`; :mod:`~broadcaster.care.doctor` lists them all and
:mod:`~broadcaster.care.examination` runs them side by side, so that one that fails or hangs hinders none of the others.
"""
