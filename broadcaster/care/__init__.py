"""Keeping the box well: what starts the program with the computer."""
