"""Whatever is handed in, every metric gives a finite number or says why not; warnings are errors here."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pyarrow as pa
import pytest
from hostile_comparisons import HOSTILE, part, put
from planted_tables import CONTEXT, with_column

from synthwright import registry
from synthwright.errors import BadInput
from synthwright.evaluation.alignment import align
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.suite import evaluate, needs_met

DEFAULT = registry.names("metric", kind="table", default=True)


@cache
def comparison(name):
    return HOSTILE[name]()


def finite(one):
    held = [one.estimate, one.holdout, one.baseline, one.excess, *one.parts.values()]
    numbers = [end for held in held if isinstance(held, Estimate) for end in (held.value, held.low, held.high)]
    numbers += [] if one.detectable is None else [one.detectable]
    return all(math.isfinite(number) for number in numbers)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", DEFAULT)
def test_every_default_metric_measures_or_skips_with_a_reason(name, hostile):
    metric = registry.find("metric", name)()
    if not needs_met(metric, comparison(hostile)):
        return
    for result in metric.measure(comparison(hostile), CONTEXT):
        assert isinstance(result, Measurement | Skipped)
        if isinstance(result, Skipped):
            assert result.reason
        else:
            assert finite(result), result


def figures(to, value):
    """Every figure of 400 rows, where one row of `to` has an income of `value` (no row, if ``None``)."""
    parts = {"train": part(400, 0), "synthetic": part(400, 1), "holdout": part(200, 2)}
    if value is not None:
        parts[to] = put("income", value, 3)(parts[to])
    found = evaluate(align(**parts), CONTEXT)
    assert len(found.measurements) > 80
    return {one.metric: one for one in found.measurements}


CLEAN = cache(lambda: figures("train", None))
ABSURD = cache(lambda to: figures(to, 1e12))
# The most that one row of n may move, times n. A tail holds a hundredth of the rows (5 of them at least), so each
# weighs up to a hundredfold there, in interquartile ranges for its reach; everything else counts rows as rows.
MOST = {"fidelity.tails": 2 * 100, "fidelity.tail_dependence": 100, "fidelity.wasserstein": 40}
INFOS = [registry.find("metric", name).info for name in DEFAULT]
MEASURED_BY = {measure: info.cost for info in INFOS for measure in info.measures}


@pytest.mark.parametrize("to", ["train", "synthetic", "holdout"])
def test_how_absurd_an_outlier_is_changes_no_figure(to):
    """Oracle 9: an income of 10^12 or of 10^18 in one row: all figures and intervals are the same."""
    more = figures(to, 1e18)
    assert more.keys() == ABSURD(to).keys()
    for name, one in ABSURD(to).items():
        for held in ("estimate", "holdout", "excess"):
            ours, theirs = getattr(one, held), getattr(more[name], held)
            ends = [None if it is None else (it.value, it.low, it.high) for it in (ours, theirs)]
            assert ends[0] == pytest.approx(ends[1], abs=1e-9), (name, held)


@pytest.mark.parametrize("to", ["train", "synthetic", "holdout"])
def test_one_absurd_row_moves_no_counted_figure_by_more_than_a_row_can(to):
    """Oracle 9: O(1/n). Learnt figures move within what fitting once more moves them: their own interval."""
    assert ABSURD(to).keys() == CLEAN().keys()
    for name, clean in CLEAN().items():
        metric = max((one for one in MEASURED_BY if name == one or name.startswith(f"{one}.")), key=len)
        moved = abs(ABSURD(to)[name].estimate.value - clean.estimate.value)
        if MEASURED_BY[metric] > 0:
            assert moved <= max(clean.estimate.high - clean.estimate.low, 10 / 400), name
        else:
            limit = max((MOST[one] for one in MOST if name.startswith(one)), default=10)
            assert moved * 400 <= limit, name


@pytest.mark.parametrize(
    ("problem", "evidence", "tables"),
    [
        ("no rows", "", lambda: (part(50, 0), part(50, 1).head(0), part(50, 2))),
        ("does not have train's columns", "'age'", lambda: (part(50, 0), part(50, 1).select(["city"]), part(50, 2))),
        ("shares rows with train", "50 of its 50", lambda: (part(90, 0), part(50, 1), part(90, 0).head(50))),
        (
            "holds synthetic rows: all its 50",
            "mark",
            lambda: (part(90, 0), part(50, 1), replace(part(50, 2), origin=pa.table({"record_id": range(50)}))),
        ),
        ("no numbers in column 'age'", "'old'", lambda: (part(50, 0), put_text("age", "old"), part(50, 2))),
    ],
)
def test_bad_tables_are_refused_with_evidence_and_remedy(problem, evidence, tables):
    with pytest.raises(BadInput) as caught:
        align(*tables())
    assert problem in caught.value.problem
    assert evidence in caught.value.evidence
    assert caught.value.remedy


def put_text(name, text):
    table = part(50, 1)
    return with_column(table, name, pa.array([text] * len(table)))


def test_another_month_is_called_confounded_not_a_leak():
    """Train and holdout from different times, and an innocent synthetic table of train's time."""
    found = evaluate(HOSTILE["another month"](), CONTEXT, [registry.find("metric", "privacy.membership")()])
    assert not found.measurements
    assert all("confounded" in skip.reason for skip in found.skipped)
