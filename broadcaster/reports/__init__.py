"""What the office needs on paper or in its own programs.

::

    plan ─┬─▶ timetable ─▶ timetable_pdf ─┬─▶ schedule_making   the schedule as a page for the wall, as a calendar
          ├─▶ calendar_file ──────────────┘
          └─▶ control_sheet ─▶ control_sheet_pdf ─▶ sheet_making   a month to be filled in by hand
                                                    └─▶ delivery   a whole file, or the old one

    rows, plan, decisions ───▶ explanation            why one airing did not sound, step by step

    rows of any journals ─▶ merging ─▶ lines ─▶ counting ─┐
    plan ─────────────────────────────▲                   └─▶ summary ─┬─▶ indicators, tables   CSV, JSON, XLSX, HXL, 5W
                                                                       └─▶ documents            what offices sign
"""
