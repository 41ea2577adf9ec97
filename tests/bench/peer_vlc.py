"""``peer_vlc.py FILE UNIX_TIME``: APScheduler calls python-vlc at a moment. The obvious way, to be measured beside ours."""

import sys
import time
from datetime import UTC, datetime

import vlc
from apscheduler.schedulers.background import BackgroundScheduler


def main() -> None:
    """Play the file at the moment, until it ends."""
    player = vlc.MediaPlayer(sys.argv[1])
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(player.play, "date", run_date=datetime.fromtimestamp(float(sys.argv[2]), UTC))
    scheduler.start()
    while player.get_state() != vlc.State.Ended:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
