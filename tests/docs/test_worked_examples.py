"""The worked examples run, and the page shows what a run of them printed."""

import re
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "examples"))  # at the end: no module of a test is hidden

import rare_class  # noqa: E402  # examples are no package
import three_classes  # noqa: E402

PAGE = (ROOT / "docs" / "over-sampling.md").read_text(encoding="utf-8")
OUTPUTS = sorted((ROOT / "examples" / "output").glob("*.txt"))


@pytest.mark.parametrize("output", OUTPUTS, ids=[one.stem for one in OUTPUTS])
def test_the_page_shows_the_committed_output(output):
    assert output.read_text(encoding="utf-8") in PAGE


@pytest.mark.filterwarnings("ignore:.*distances concentrate")
def test_the_classic_comparison_has_a_line_per_method_with_scores_in_their_intervals():
    said = rare_class.table(rows=600, repeats=2, trees=5).splitlines()
    assert said[0].startswith("600 rows x 20, 95/5; 2 tables")
    assert [line.split()[0] for line in said[2:]] == list(rare_class.METHODS)
    for line in said[2:]:
        for value, low, high in re.findall(r"([-+.\d]+) \(([-+.\d]+), ([-+.\d]+)\)", line):
            assert float(low) <= float(value) <= float(high)


def test_intervals_are_students():
    """1, 2, 3: mean 2, standard error 1 / sqrt(3), t(.975; 2) = 4.303: 2 plus or minus 2.484."""
    assert rare_class.shown(np.array([1.0, 2.0, 3.0])) == "2.000 (-0.484, 4.484)"


@pytest.mark.slow
def test_the_multi_class_pipeline_goes_through_all_four_steps():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*distances concentrate")
        said = three_classes.told(rows=2_400, repeats=2)
    assert [line.split(":")[0] for line in said.splitlines() if line[0] != " "] == [
        "analyse",
        *["generate", *["validate"] * 4] * 2,
        "utility",
    ]


def test_the_pipeline_analyses_what_it_learns_from():
    X, y, _, _ = three_classes.data(1_000, 0)
    sizes, classes = three_classes.analysed(X, y)
    assert sizes == "analyse: 750 rows x 20 columns, 0 cells missing"
    assert re.search(r"common \d+ \(\d+%\), scarce \d+ \(\d+%\), rare \d+ \(\d+%\)", classes)
