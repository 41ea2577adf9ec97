"""What the office needs on paper or in its own programs.

::

    plan ─┬─▶ timetable ─▶ timetable_pdf   the schedule as a page for the wall
          └─▶ calendar_file                the schedule as a calendar
                                   └─────▶ delivery   a whole file, or the old one

    rows, plan, decisions ───▶ explanation            why one airing did not sound, step by step

    rows of any journals ─▶ merging ─▶ lines ─▶ counting ─┐
    plan ─────────────────────────────▲                   └─▶ summary ─┬─▶ indicators, tables   CSV, JSON, XLSX, HXL, 5W
                                                                       └─▶ documents            what offices sign
"""
