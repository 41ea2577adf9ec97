"""What the office needs on paper or in its own programs.

::

    plan ─┬─▶ timetable ─▶ timetable_pdf   the schedule as a page for the wall
          └─▶ calendar_file                the schedule as a calendar
                                   └─────▶ delivery   a whole file, or the old one
"""
