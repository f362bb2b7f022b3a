"""How many workers there are changes when figures are ready, not what they are."""

from planted_tables import people

from synthwright import registry
from synthwright.canonical import to_json
from synthwright.engines.context import Context
from synthwright.engines.engine import Processes, Serial
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.suite import evaluate
from synthwright.seeding import Streams

SHARED_OUT = ("fidelity.pair_trends", "fidelity.c2st", "fidelity.column_shapes", "fidelity.correlations")


def test_two_workers_give_the_figures_of_one(monkeypatch):
    """Metrics whose encoding, pairs or classifiers are dealt out, with pairs in processes however small the table."""
    monkeypatch.setattr("synthwright.evaluation._counts.pair_counts._WORTH", 0)
    metrics = [registry.find("metric", name)() for name in SHARED_OUT]
    one, two = (
        evaluate(
            Comparison(people(300, 0), people(300, 1), people(150, 2)),
            Context(streams=Streams(0), engine=engine),
            metrics,
        )
        for engine in (Serial(), Processes(2))
    )
    assert len(one.measurements) >= 9
    assert to_json(one.to_json_value()) == to_json(two.to_json_value())
