"""One line per synthetic row: planted copies are named with their row, and the word weighs what the table shows."""

import numpy as np
import pyarrow as pa
from planted_learnable import changed, joined, mixed

from synthwright.engines.context import Context
from synthwright.evaluation._learners.propensity import Propensity
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.row_risks import row_risks
from synthwright.evaluation.suite import evaluate
from synthwright.pipeline.risks import risks
from synthwright.registry import find
from synthwright.seeding import Streams

TRAIN, HOLDOUT, FRESH = mixed(1_000, 1), mixed(1_000, 2), mixed(940, 3)
COPIED = TRAIN.take(np.arange(30))
MOVED = changed(COPIED, **{name: COPIED.numbers(name) + 1e-5 for name in ("x0", "x1", "x2")})
MADE = joined(FRESH, COPIED, MOVED)
CONTEXT = Context(streams=Streams(0))


def measured(comparison, *names):
    return evaluate(comparison, CONTEXT, [find("metric", name)() for name in names])


def test_copies_are_named_with_the_row_they_copy():
    comparison = Comparison(TRAIN, MADE, HOLDOUT)
    names = [f"privacy.{kind}_copies" for kind in ("exact", "rounded", "partial", "near")]
    found = risks(comparison, measured(comparison, *names)).to_pandas()
    assert found["position"].tolist() == list(range(1_000))
    assert found["exact_copy"].tolist() == [False] * 940 + [True] * 30 + [False] * 30
    assert found["rounded_copy"][940:].mean() > 0.9
    assert found["rounded_copy"][:940].mean() < 0.01
    assert found["copied_train"][940:970].tolist() == list(range(30))
    assert found["nearest_train"][940:970].tolist() == list(range(30))
    assert found["searched"].all()
    assert found["near_copy"][970:].mean() > 0.8
    assert (found["distance_train"][940:970] == 0).all()
    assert (found["risk"][940:970] == "high").all()
    assert (found["risk"][:940] == "low").mean() > 0.98
    expected = found["distance_train"] / found["distance_holdout"]
    assert np.allclose(found["distance_ratio"], expected)


def test_the_nearest_row_is_that_of_all_searches():
    """Train is searched in five sets of the holdout's size; a copy lies at distance 0 in one of them only."""
    comparison = Comparison(TRAIN, MADE, HOLDOUT.head(200))
    found = risks(comparison, measured(comparison, "privacy.near_copies")).to_pandas()
    assert found["nearest_train"][940:970].tolist() == list(range(30))
    assert (found["distance_train"][940:970] == 0).all()
    assert (found["distance_holdout"][940:970] > 0).all()


def test_what_was_not_measured_is_null():
    """Without a holdout there are no neighbours and no partial copies; the sampled rows only have distances."""
    found = risks(Comparison(TRAIN, MADE), measured(Comparison(TRAIN, MADE), "privacy.exact_copies"))
    for name in ("partial_copy", "distance_train", "distance_holdout", "distance_ratio", "nearest_train", "near_copy"):
        assert found[name].null_count == 1_000
    assert found["propensity"].null_count == 1_000
    assert found["exact_copy"].to_pylist()[940:970] == [True] * 30
    assert not any(found["searched"].to_pylist())


def test_the_word_weighs_whether_there_are_more_copies_than_chance_gives():
    comparison = Comparison(TRAIN, MADE, HOLDOUT)
    words = [
        row_risks(comparison, beyond_chance=beyond)["risk"].to_pylist()[940]
        for beyond in ((), ["privacy.exact_copies"])
    ]
    assert words == ["medium", "high"]


def test_record_ids_and_propensities_stand_beside_their_rows():
    comparison = Comparison(TRAIN, MADE, HOLDOUT)
    rows, scores = np.array([3, 900]), np.array([0.25, 0.75])
    propensity = Propensity("holdout", "synthetic", {"synthetic": rows}, {"synthetic": scores}, Figure.sure(0.5))
    found = row_risks(comparison, ids=pa.array(np.arange(1_000) + 7), propensity=propensity)
    assert found["record_id"].to_pylist()[:2] == [7, 8]
    assert found["propensity"].to_pylist()[3] == 0.25
    assert found["propensity"].null_count == 998
