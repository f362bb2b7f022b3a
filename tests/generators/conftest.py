"""The table of constraints is that of the public benchmark: its folder is where it is imported from."""

from __future__ import annotations

import sys
from pathlib import Path

HOME = Path(__file__).parents[2] / "benchmarks"
if str(HOME) not in sys.path:
    sys.path.append(str(HOME))  # at the end: no module of a test is hidden by one of the benchmark
