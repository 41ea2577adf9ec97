"""The panel beside a daemon, as a process of its own: ``python -P -m broadcaster.web.child``.

One line of JSON on standard input says what to do; its end is the owner's, and the panel's. Lines of JSON on standard output::

    {"root": …, "host": …, "port": …, "language": …}      the order

    {"listening": "http://…"}       it answers
    {"problem": …}                  it cannot, in the station's language, and ends
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from broadcaster.care.modesty import step_back

MEMORY_BYTES = 768 << 20
ENDING_S = 5.0
"""An end that takes longer is none."""


def main() -> None:
    """Obey one owner."""
    order = json.loads(sys.stdin.readline())
    step_back(MEMORY_BYTES)
    from broadcaster.clock import SystemClock  # noqa: PLC0415  heavy: after stepping back
    from broadcaster.errors import BroadcasterError  # noqa: PLC0415
    from broadcaster.locale import use  # noqa: PLC0415
    from broadcaster.playout.logbook import logbook  # noqa: PLC0415
    from broadcaster.web.addresses import Address  # noqa: PLC0415
    from broadcaster.web.desk import Desk  # noqa: PLC0415
    from broadcaster.web.serving import Serving  # noqa: PLC0415

    use(order["language"])
    root = Path(order["root"])
    try:
        serving = Serving(Desk(root, SystemClock()), Address(order["host"], order["port"]), network=True)
    except BroadcasterError as problem:
        _say(problem=str(problem))
        return
    threading.Thread(target=_heed_end, args=(serving.end,), daemon=True).start()
    _say(listening=serving.address.url)
    with logbook(root / "data" / "panel.log"):
        serving.run()


def _heed_end(end: Callable[[], None]) -> None:
    """Wait for the owner's end."""
    sys.stdin.read()
    end()
    time.sleep(ENDING_S)
    os._exit(0)


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
