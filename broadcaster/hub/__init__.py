"""Several stations in step, without a network: decisions go from an office to its boxes on a stick, plays come back.

::

    pair    the office's card ─▶ stick ─▶ box, which is told the office's code    box's card ─▶ stick ─▶ office, likewise
    out     rows, approved masters, seasons, helplines ─▶ sealed for one box, signed ─▶ stick ─▶ rows first, then files
    back    the box's rows (plays, health, what it has taken) ─▶ sealed for the office, signed ─▶ stick ─▶ the office's record
    message an airing's end, sealed ─▶ text and QR code ─▶ the operator's phone ─▶ office: provisional until the stick comes

A stick is never trusted: nothing of it counts before its signature, its order and every byte of it have been checked.
"""
