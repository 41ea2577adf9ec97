"""What people call each thing that is looked at: cheap to import, for whoever only names what stands on record."""

from collections.abc import Mapping

from broadcaster.locale import gettext
from broadcaster.locale import mark as N_

LABELS: Mapping[str, str] = {
    "settings": N_("Settings"),
    "program": N_("Program"),
    "output": N_("Sound output"),
    "volume": N_("Volume"),
    "microphone": N_("Microphone"),
    "disk_space": N_("Space on the disk"),
    "disk_writable": N_("Writing on the disk"),
    "disk_health": N_("Health of the disk"),
    "database": N_("Record"),
    "record_chain": N_("Chain of the record"),
    "record_copy": N_("Second copy"),
    "reserve": N_("Reserve of the disk"),
    "backup": N_("Backup"),
    "plan": N_("Schedule"),
    "masters": N_("Audio"),
    "approvals": N_("Approvals"),
    "consents": N_("Consents"),
    "helplines": N_("Helplines"),
    "announcements": N_("Before every episode"),
    "withdrawals": N_("Withdrawals"),
    "next": N_("Next airings"),
    "lease": N_("Stick from the coordination"),
    "boxes": N_("Sticks to the markets"),
    "messages": N_("Messages from the markets"),
    "unit": N_("Start with the computer"),
    "linger": N_("With nobody logged in"),
    "sound_access": N_("Sound with nobody logged in"),
    "boot": N_("Boot menu"),
    "disk_repair": N_("Repair of the disk"),
    "lid": N_("Lid"),
    "sleep": N_("Sleep"),
    "updates": N_("Updates"),
    "rtc": N_("Clock battery"),
    "clock": N_("Time"),
    "rtc_time": N_("Time without power"),
}
"""What people call each thing that is looked at, as a message id."""


def label(code: str) -> str:
    """What people call it, in the language spoken now; the code itself, of a row that a newer program wrote."""
    return gettext(LABELS.get(code, code))
