"""The figures of synthwright on the files that the other evaluators get, read and judged as a user would.

Its documentation draws the line itself: a figure finds a fault if its gate in the preset `default` says FAIL. The value
is 1 for a gate that passes, .5 for one that is undecided, 0 for one that fails.
"""

from __future__ import annotations

from common import Case, Figures, main

AREAS = {
    "fidelity.column_shapes": "columns",
    "fidelity.missing": "columns",
    "fidelity.shifts": "columns",
    "diversity.lost_categories": "columns",
    "fidelity.missing_patterns": "pairs",
    "fidelity.pair_trends": "pairs",
    "fidelity.correlations": "pairs",
    "fidelity.triples": "triples",
    "fidelity.c2st": "joint",
    "diversity": "coverage",
    "utility": "utility",
    "privacy": "copies",
    "bias": "bias",
    "fidelity.validity": "rules",
    "contamination": "rules",
    "lineage": "rules",
    "mix": "rules",
}
VALUES = {"PASS": 1.0, "UNDECIDED": 0.5, "FAIL": 0.0}


def measure(case: Case, figures: Figures) -> None:
    """One evaluation with the default suite and gates."""
    from dataclasses import replace

    import synthwright as sw

    train = sw.read(case.train, target=case.target)
    if case.group is not None and case.group in train.schema:
        train = train.with_schema(train.schema.replacing(replace(train.schema[case.group], role="sensitive")))
    report = sw.evaluate(train=train, synthetic=case.synthetic, holdout=case.holdout)
    for gate in report.verdict.gates:
        area = next(AREAS[part] for part in sorted(AREAS, key=len, reverse=True) if gate.metric.startswith(part))
        figures.add(gate.gate, area, VALUES[gate.verdict], raw=gate.verdict, fault=gate.verdict == "FAIL")


def start() -> None:
    """The package is imported."""
    import synthwright.api  # noqa: F401


if __name__ == "__main__":
    main("synthwright", ["synthwright", "pandas"], measure, start=start)
