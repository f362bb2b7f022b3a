"""``python -m synthwright`` is the command ``synthwright``."""

import sys

from synthwright.cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
