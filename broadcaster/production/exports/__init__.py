"""Copies that leave the library: for WhatsApp, a USB stick, an archive, Facebook.

::

    gates and consents ─▶ sound of the master ─▶ encoded, measured, corrected ─▶ (video) ─▶ on record ─▶ in its place

Each file names a number and nothing else, carries no title, and is on record before it has its name.
"""
