"""What the page says of the divergence alarm is what the benchmark measured, and within what is promised."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEASURED = json.loads((ROOT / "benchmarks" / "results" / "divergence_alarm.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")


def of(kind, **wanted):
    return next(one for one in MEASURED[kind] if all(one[key] == value for key, value in wanted.items()))


@pytest.mark.parametrize("memory", [0.0, 0.4, 0.7, 0.8])
def test_the_page_has_the_measured_figures(memory):
    head = "0" if memory == 0 else f"{memory:g}"[1:]
    row = next(line for line in PAGE.splitlines() if line.startswith((f"| {head} |", f"| {head}:")))
    cells = [f"{100 * of('null', epochs=epochs, memory=memory, drift=0.0)['alarms']:.1f} %" for epochs in (20, 60)]
    if memory <= 0.7:
        for rise in (0.5, 1.0):
            for epochs in (20, 60):
                seen = of("planted", epochs=epochs, memory=memory, rise=rise)
                cells.append(f"{100 * seen['alarms']:.0f} % after {seen['median_epochs']:g}")
    assert [cell.strip() for cell in row.split("|")[2:-1] if cell.strip()] == cells


def test_the_measured_rates_keep_the_promise():
    assert all(one["alarms"] <= MEASURED["rate"] for one in MEASURED["null"] if one["memory"] <= 0.7)
