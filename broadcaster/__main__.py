"""``python -m broadcaster`` is the command ``broadcaster``."""

from broadcaster.cli import main

if __name__ == "__main__":
    main()
