"""What the scripts of all evaluators share: the cases in, figures with seconds and memory out.

    python NAME_figures.py CASE_FOLDER... --out FILE.json

A case folder holds train.parquet, synthetic.parquet, holdout.parquet and roles.json (kind of each column, target,
group, secret). Every case is measured in a child process of its own, so that seconds and peak memory are its own. A
figure has `area` (which question it answers), `value` (on a scale on which 1 is the best end by the tool's own
documentation; where that compares with a reference, above 1 is better than it), `raw` (as the tool prints it) and
`fault` (true or false where the tool's documentation draws the line itself, else null). A figure that the tool leaves
out or gives as NaN is listed in `lost`, with the tool's own words. Cases that the file holds already are not measured
again.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import math
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Case", "Figures", "main"]

DAYS = 86_400_000_000_000  # nanoseconds


@dataclass
class Case:
    """Three frames and what their columns are."""

    train: Any
    synthetic: Any
    holdout: Any
    kinds: dict[str, str]
    target: str | None
    group: str | None
    secret: str | None

    @property
    def numbers(self) -> list[str]:
        """Numeric columns."""
        return [name for name, kind in self.kinds.items() if kind in {"integer", "float", "datetime"}]

    @property
    def labels(self) -> list[str]:
        """Columns of labels, booleans and texts."""
        return [name for name in self.kinds if name not in self.numbers]

    def frames(self) -> list[Any]:
        """Train, synthetic, holdout."""
        return [self.train, self.synthetic, self.holdout]

    def with_days(self) -> Case:
        """Dates as days since 1970, for tools that know numbers and labels only."""
        for frame in self.frames():
            for name, kind in self.kinds.items():
                if kind == "datetime":
                    frame[name] = frame[name].astype("datetime64[ns]").astype("int64") // DAYS
        return self


@dataclass
class Figures:
    """What a tool said about one case."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, area: str, value: Any, *, raw: Any = None, fault: bool | None = None) -> None:
        """One figure; NaN and None are listed as lost."""
        if value is None or not math.isfinite(float(value)):
            self.lost[name] = f"the tool gives {value}"
            return
        self.found[name] = {"area": area, "value": float(value), "raw": raw, "fault": fault}

    def trying(self, name: str, make: Callable[[], None]) -> None:
        """`make` adds figures; if the tool raises, the first line of what it says is kept."""
        start = time.perf_counter()
        try:
            make()
        except Exception as error:  # noqa: BLE001  # a tool may raise anything, and the table says what
            told = str(error).strip().splitlines()
            self.lost[name] = f"{type(error).__name__}: {told[0] if told else ''}"[:300]
            if os.environ.get("ORACLES_TRACEBACK"):
                traceback.print_exc()
        print(f"    {name}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)


def read_case(folder: Path) -> Case:
    """The case in `folder`: labels as text, booleans as text, numbers and dates as they are."""
    import pandas as pd

    roles = json.loads((folder / "roles.json").read_text(encoding="utf-8"))
    frames = []
    for part in ("train", "synthetic", "holdout"):
        frame = pd.read_parquet(folder / f"{part}.parquet")
        for name, kind in roles["kinds"].items():
            if kind not in {"integer", "float", "datetime"}:
                known = frame[name].notna()
                frame[name] = (
                    frame[name].astype(object).where(known, None).map(lambda cell: cell if cell is None else str(cell))
                )
            elif kind == "datetime":
                frame[name] = pd.to_datetime(frame[name])
        frames.append(frame)
    return Case(*frames, roles["kinds"], roles["target"], roles["group"], roles["secret"])


def main(
    tool: str,
    packages: list[str],
    measure: Callable[[Case, Figures], None],
    *,
    start: Callable[[], None],
    limit_s: int = 60,
) -> None:
    """Measure every case named on the command line; the file is written after each.

    `start` imports the tool, once; its seconds are told apart, since who asks for one table pays them, too.
    """
    options = argparse.ArgumentParser(description=f"The figures of {tool}.")
    options.add_argument("cases", nargs="+", type=Path)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    warnings.filterwarnings("ignore")
    before = json.loads(given.out.read_text(encoding="utf-8"))["cases"] if given.out.is_file() else {}
    told = {"tool": tool, "versions": {name: importlib.metadata.version(name) for name in packages}, "cases": before}
    cases = [folder for folder in given.cases if folder.name not in before]
    if not cases:
        return
    start()
    told["start_cpu_s"] = round(time.process_time(), 2)
    for folder in cases:
        print(folder.name, file=sys.stderr, flush=True)
        told["cases"][folder.name] = in_child(folder, measure, limit_s)
        given.out.write_text(json.dumps(told, indent=1), encoding="utf-8")


def in_child(folder: Path, measure: Callable[[Case, Figures], None], limit_s: int) -> dict[str, Any]:
    """What `measure` says about one case, from a forked process whose seconds and memory are counted."""
    reading, writing = os.pipe()
    start, child = time.perf_counter(), os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
        os.dup2(2, 1)
        figures = Figures()
        figures.trying("the tool as a whole", lambda: measure(read_case(folder), figures))
        with os.fdopen(writing, "w") as out:
            json.dump({"figures": figures.found, "lost": figures.lost}, out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _, status, usage = os.wait4(child, 0)
    found = json.loads(text) if text else {"figures": {}, "lost": {"the tool as a whole": ended(status, limit_s)}}
    return {
        **found,
        "wall_s": round(time.perf_counter() - start, 2),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }


def ended(status: int, limit_s: int) -> str:
    """How a child that answered nothing came to its end."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    over = number in {signal.SIGXCPU, signal.SIGKILL}
    return f"stopped after {limit_s} CPU seconds" if over else f"ended by signal {number}"


def started_with(limit_mb: int) -> None:
    """This process and its children get no more address space than `limit_mb`."""
    resource.setrlimit(resource.RLIMIT_AS, (limit_mb << 20, limit_mb << 20))


def pairs(names: list[str]) -> Iterator[tuple[str, str]]:
    """Every unordered pair of names."""
    return ((one, other) for at, one in enumerate(names) for other in names[at + 1 :])
