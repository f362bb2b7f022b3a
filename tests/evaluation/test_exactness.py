"""All rows instead of samples: what is raised, what is told first, and what the figures then say."""

import numpy as np
import pytest
from planted_tables import CONTEXT, people

from synthwright import registry
from synthwright.evaluation._neighbours.balls import _packed, _unpacked
from synthwright.evaluation._neighbours.closeness import closeness
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.exactness import distances_of, expected_seconds, how_long, with_all_rows
from synthwright.evaluation.suite import evaluate

LIMITED = [name for name in registry.names("metric", kind="table") if registry.find("metric", name).info.limits]
TRAIN, MADE, UNSEEN = people(700, 0), people(700, 1), people(700, 2)


def small(name):
    """The metric with limits of 100 rows, as if a table of 700 were a large one."""
    method = registry.find("metric", name)
    return method(**dict.fromkeys(method.info.limits, 100))


@pytest.mark.parametrize("name", LIMITED)
def test_what_limits_the_rows_is_a_setting_and_a_number(name):
    metric = registry.find("metric", name)()
    assert all(isinstance(getattr(metric, limit), int) for limit in metric.info.limits)
    (raised,) = with_all_rows([metric], Comparison(TRAIN.head(50), MADE, UNSEEN))
    assert all(getattr(raised, limit) >= max(700, getattr(metric, limit)) for limit in metric.info.limits)


@pytest.mark.parametrize(
    "name",
    [
        "diversity.class_coverage",
        "diversity.collapse",
        "diversity.coverage",
        "fidelity.c2st",
        "privacy.dcr_share",
        "privacy.near_copies",
    ],
)
def test_with_all_rows_nothing_is_sampled(name):
    """Tables of one size: a limit of 100 rows is reported as a sample, the raised limit looks at every row."""
    comparison = align(TRAIN, MADE, UNSEEN)
    metric = registry.find("metric", name).info.measures[0]
    sampled = evaluate(comparison, CONTEXT, [small(name)])[metric]
    whole = evaluate(comparison, CONTEXT, with_all_rows([small(name)], comparison))[metric]
    assert sampled.sampled
    assert not whole.sampled
    assert whole.n_synthetic == 700
    assert whole.n_real >= 690  # of equal rows, one


def test_with_all_rows_every_train_row_is_looked_through_beside_a_small_holdout():
    """The default looks for synthetic rows in ten sets of 40 train rows: 400 of 700."""
    comparison = align(TRAIN, MADE, UNSEEN.head(40))
    metric = registry.find("metric", "privacy.near_copies")()
    (raised,) = with_all_rows([metric], comparison)
    seen = []
    for one in (metric, raised):
        close = closeness(comparison, queries=one.queries, references=one.references, searches=one.searches)
        rows = [close.train, *(search.rows[search.counts] for search in close.more)]
        seen.append(len(np.unique(np.concatenate(rows))))
    assert seen[0] <= 400
    assert seen[1] >= 690  # of equal rows, one


def test_metrics_without_limits_stay_as_they_are():
    metric = registry.find("metric", "fidelity.column_shapes")()
    assert with_all_rows([metric], Comparison(TRAIN, MADE)) == [metric]


def test_the_duration_is_the_rate_of_a_part_times_all_distances():
    """A clock that says that the timed part, 700 by 700 distances, took half a second."""
    comparison = Comparison(TRAIN, MADE, UNSEEN)
    ticks = iter([10.0, 10.5])
    assert distances_of(comparison) == 700 * 1_400 + 8 * 700**2
    assert expected_seconds(comparison, lambda: next(ticks)) == pytest.approx(distances_of(comparison) * 0.5 / 700**2)


def test_durations_are_told_in_words():
    told = [how_long(seconds) for seconds in (0.1, 59, 61, 5_000, 9_000, 500_000)]
    assert told == ["under a minute", "under a minute", "1 minutes", "83 minutes", "2.5 hours", "6 days"]


def test_long_searches_tell_the_progress_of_the_comparison(monkeypatch):
    monkeypatch.setattr("synthwright.matching.nearest._WORTH_TELLING", 1)
    events = []
    context = CONTEXT.__class__(streams=CONTEXT.streams, progress=events.append)
    evaluate(align(TRAIN, MADE, UNSEEN), context, [registry.find("metric", "privacy.dcr_share")()])
    told = [event for event in events if event.stage == "distances"]
    assert told
    assert all(0 < event.done <= event.total for event in told)
    assert np.isin([event.total for event in told], range(1, 1_001)).all()


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 1.0])
def test_which_rows_lie_in_which_balls_is_kept_without_loss(share):
    """Few as positions, many as bits: between 250,000 rows bits alone would take 8 GB."""
    inside = np.random.default_rng(0).random((3, 1_001)) < share
    kept = _packed(inside)
    assert np.array_equal(_unpacked(kept, slice(4, 7), 1_001), inside)
    assert kept.nbytes <= 3 * 1_001 / 8 + 1
