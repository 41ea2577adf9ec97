"""What a recording's container says of itself, read from its bytes alone: which it is, whether it is whole, how long.

One file for each container; each has an ``inspect(file, size) -> Layout`` that reads headers, never sound, and never more
than a few bytes at a time. Content decides; a name's ending means nothing, and text formats (playlists) are not on the list.
"""

from broadcaster.sound.containers.layout import Damaged, Layout
from broadcaster.sound.containers.sniff import look

__all__ = ["Damaged", "Layout", "look"]
