"""Rules become a plan: season files, calendar, plan (pure but for reading files).

::

    schedules/*.toml ─▶ season ───┐         ┌─▶ preview   what will air, what will not and why
                                  ├─▶ plan ─┤
     public holidays ─▶ calendar ─┘         └─▶ check     what would go wrong, with file and key

``load`` reads a station's files and gives its plan; ``window`` says how long a market may sound; ``amendments`` tells people
what exceptions have changed.
"""
