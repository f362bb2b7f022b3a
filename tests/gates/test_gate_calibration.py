"""A small version of benchmarks/gate_calibration.py: the default gates on fresh real rows, and on planted faults.

Of 600 fresh tables of 300 rows 8 failed in the benchmark: at that rate 12 tables without one are likely, and as seeds
are fixed they stay so. In 300 rows few faults are certain, so most of them must only never pass.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gate_calibration import Case, outcome

SLICES = {
    "adult": Path(__file__).parent.parent / "data" / "adult_1000.csv",
    "default_credit": Path(__file__).parent.parent / "data" / "default_1000.parquet",
}
CASES = [(table, seed) for table in SLICES for seed in range(6)]


@pytest.mark.parametrize(("table", "seed"), CASES)
def test_fresh_real_rows_are_not_rejected(table, seed):
    found = outcome(SLICES[table], None, Case(table, 300, "fresh", seed))
    assert found.overall != "FAIL", found.told


@pytest.mark.parametrize("table", SLICES)
@pytest.mark.parametrize("plant", ["copies", "shuffled", "shifted"])
def test_planted_faults_do_not_pass(table, plant):
    found = outcome(SLICES[table], None, Case(table, 300, plant, 0))
    assert found.overall != "PASS"
    assert found.overall == "FAIL" or plant != "shuffled"
