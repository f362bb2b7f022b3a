"""Fixtures shared by all tests: 1,000 real rows each of five open tables (sources in tests/data/README.md)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from synthwright.data.reading import read_table

HERE = Path(__file__).parent
SLICES = HERE / "data"
BENCHMARKS = HERE.parent / "benchmarks"

# Planted and simulated tables are those of the public benchmarks. At the end: no module of a test is hidden by another.
for home in (HERE / "evaluation", BENCHMARKS, BENCHMARKS / "oracles"):
    if str(home) not in sys.path:
        sys.path.append(str(home))


@pytest.fixture(scope="session")
def adult():
    return read_table(SLICES / "adult_1000.csv", target="income")


@pytest.fixture(scope="session")
def shoppers():
    return read_table(SLICES / "shoppers_1000.parquet", target="Revenue")


@pytest.fixture(scope="session")
def beijing():
    return read_table(SLICES / "beijing_1000.parquet", target="pm2.5")


@pytest.fixture(scope="session")
def birdstrikes():
    return read_table(SLICES / "birdstrikes_1000.parquet", target="Effect Amount of damage")


@pytest.fixture(scope="session")
def default_credit():
    return read_table(SLICES / "default_1000.parquet", target="default payment next month")
