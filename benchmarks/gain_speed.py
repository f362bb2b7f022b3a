"""How long does the gain experiment take, and a second call with one more ratio?

Adult, 5 ratios, 3 generators, 3 seeds, boosted trees, two workers: wall and CPU seconds of the first call, and of a
second one that asks for one more ratio. Writes results/gain_speed.json.

    python benchmarks/gain_speed.py
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import synthwright as sw
from synthwright.pipeline.sources import find_file

RESULTS = Path(__file__).parent / "results" / "gain_speed.json"
METHODS = ["tabular.honest_trees", "tabular.gaussian_copula", "tabular.bayes_network"]
RATIOS = (0.25, 0.5, 1, 2, 5)


def cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    return sum(
        one.ru_utime + one.ru_stime
        for one in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def main() -> int:
    """Time both calls."""
    data = find_file("example:adult", what="data")
    figures: dict[str, object] = {"table": "adult", "methods": METHODS, "ratios": RATIOS, "seeds": 3, "workers": 2}
    with tempfile.TemporaryDirectory() as folder:
        for name, ratios in (("first", RATIOS), ("one more ratio", (*RATIOS, 3)), ("the same again", (*RATIOS, 3))):
            started, spent, trained = time.monotonic(), cpu(), []
            found = sw.gain(
                str(data.path),
                target="income",
                methods=METHODS,
                ratios=ratios,
                learners=("boosted",),
                seeds=3,
                workers=2,
                cache=folder,
                progress=lambda event, trained=trained: trained.append(event.note),
            )
            figures[name] = {
                "wall_s": round(time.monotonic() - started, 1),
                "cpu_s": round(cpu() - spent, 1),
                "trials": len(trained),
                "cells": len(found.rows),
                "said": found.sentence,
            }
            print(name, json.dumps(figures[name]), f"load {os.getloadavg()[0]:.1f}", flush=True)
        kept = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    figures["kept_mb"] = round(kept / 1e6, 1)
    figures["load"] = round(os.getloadavg()[0], 1)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
