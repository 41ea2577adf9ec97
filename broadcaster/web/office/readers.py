"""Who may read and do what in the office; ``docs/panel.md`` says why."""

from broadcaster.model import Role

READS = (Role.COORDINATOR, Role.PROTECTION_OFFICER, Role.APPROVER)
"""The markets and the calendar: what sounds when, and what an episode still lacks."""
DECIDES = (Role.COORDINATOR, Role.PROTECTION_OFFICER)
"""The play log and the sticks: where something was heard, and whether every market knows of a withdrawal."""
ACTS = (Role.COORDINATOR,)
"""What leaves the station, what goes onto sticks, and looking over this computer."""
