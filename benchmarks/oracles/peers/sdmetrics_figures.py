"""The figures of SDMetrics (pip install sdmetrics pyarrow psutil).

Scores run from 0 to 1, 1 is the best end (goal MAXIMIZE); the documentation gives no value at which a table is good
enough. DisclosureProtection is asked for the column `secret`, given three other columns; NewRowSynthesis for a sample
of 1,000 synthetic rows, which its documentation recommends where time is short.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from common import Case, Figures, main

SDTYPES = {"integer": "numerical", "float": "numerical", "datetime": "datetime", "boolean": "categorical", "id": "id"}


def measure(case: Case, figures: Figures) -> None:
    """Quality report, coverage, detection, copies, disclosure, a model's score."""
    for name, tell in TOLD.items():
        figures.trying(name, partial(tell, case, figures))


def table_of(case: Case) -> dict[str, Any]:
    """The tool's metadata of one table."""
    sdtypes = {name: SDTYPES.get(kind, "categorical") for name, kind in case.kinds.items()}
    return {"columns": {name: {"sdtype": kind} for name, kind in sdtypes.items()}}


def quality(case: Case, figures: Figures) -> None:
    from sdmetrics.reports.single_table import QualityReport

    made = QualityReport()
    made.generate(case.train, case.synthetic, table_of(case), verbose=False)
    found = made.get_properties().set_index("Property")["Score"]
    figures.add("Column Shapes", "columns", found["Column Shapes"])
    figures.add("Column Pair Trends", "pairs", found["Column Pair Trends"])


def coverage(case: Case, figures: Figures) -> None:
    from sdmetrics.single_column import CategoryCoverage, RangeCoverage

    varied = [name for name in case.kinds if case.train[name].nunique() > 1]  # of others it is not defined
    for name in varied:
        asked = RangeCoverage if name in case.numbers else CategoryCoverage
        figures.add(f"{asked.__name__} of {name}", "coverage", asked.compute(case.train[name], case.synthetic[name]))


def detection(case: Case, figures: Figures) -> None:
    from sdmetrics.single_table import LogisticDetection

    figures.add("LogisticDetection", "joint", LogisticDetection.compute(case.train, case.synthetic, table_of(case)))


def new_rows(case: Case, figures: Figures) -> None:
    from sdmetrics.single_table import NewRowSynthesis

    sample = min(1_000, len(case.synthetic))
    value = NewRowSynthesis.compute(case.train, case.synthetic, table_of(case), synthetic_sample_size=sample)
    figures.add("NewRowSynthesis", "copies", value)


def over_fitting(case: Case, figures: Figures) -> None:
    from sdmetrics.single_table.privacy import DCROverfittingProtection

    metadata = {"tables": {"table": table_of(case)}}
    value = DCROverfittingProtection.compute(case.train, case.synthetic, case.holdout, metadata, "table")
    figures.add("DCROverfittingProtection", "copies", value)


def disclosure(case: Case, figures: Figures) -> None:
    from sdmetrics.single_table.privacy import DisclosureProtection

    if case.secret is not None:
        known = [name for name in case.kinds if name != case.secret][:3]
        value = DisclosureProtection.compute(
            case.train,
            case.synthetic,
            known_column_names=known,
            sensitive_column_names=[case.secret],
            continuous_column_names=[name for name in [*known, case.secret] if name in case.numbers],
        )
        figures.add("DisclosureProtection", "attribute", value)


def model(case: Case, figures: Figures) -> None:
    from sdmetrics.single_table import BinaryDecisionTreeClassifier

    if case.target is not None and case.target in case.labels:
        plain = [name for name in case.kinds if case.kinds[name] != "id"]
        value = BinaryDecisionTreeClassifier.compute(case.holdout[plain], case.synthetic[plain], target=case.target)
        figures.add("BinaryDecisionTreeClassifier", "utility", value)


TOLD: dict[str, Callable[[Case, Figures], None]] = {
    "QualityReport": quality,
    "coverage": coverage,
    "LogisticDetection": detection,
    "NewRowSynthesis": new_rows,
    "DCROverfittingProtection": over_fitting,
    "DisclosureProtection": disclosure,
    "BinaryDecisionTreeClassifier": model,
}


def start() -> None:
    """The tool is imported."""
    import sdmetrics.reports.single_table
    import sdmetrics.single_column
    import sdmetrics.single_table.privacy  # noqa: F401


if __name__ == "__main__":
    main("SDMetrics", ["sdmetrics", "pandas"], measure, start=start)
