"""The figures of SDMetrics (pip install sdmetrics pyarrow psutil).

Scores run from 0 to 1, 1 is the best end (goal MAXIMIZE); the documentation gives no value at which a table is good
enough. DisclosureProtection is asked for the column `secret`, given three other columns; NewRowSynthesis for a sample
of 1,000 synthetic rows, which its documentation recommends where time is short.
"""

from __future__ import annotations

from common import Case, Figures, main

SDTYPES = {"integer": "numerical", "float": "numerical", "datetime": "datetime", "boolean": "categorical", "id": "id"}


def measure(case: Case, figures: Figures) -> None:
    """Quality report, coverage, detection, copies, disclosure, a model's score."""
    from sdmetrics.reports.single_table import QualityReport
    from sdmetrics.single_column import CategoryCoverage, RangeCoverage
    from sdmetrics.single_table import BinaryDecisionTreeClassifier, LogisticDetection, NewRowSynthesis
    from sdmetrics.single_table.privacy import DCROverfittingProtection, DisclosureProtection

    sdtypes = {name: SDTYPES.get(kind, "categorical") for name, kind in case.kinds.items()}
    table = {"columns": {name: {"sdtype": kind} for name, kind in sdtypes.items()}}
    metadata = {"tables": {"table": table}}

    def quality() -> None:
        made = QualityReport()
        made.generate(case.train, case.synthetic, table, verbose=False)
        found = made.get_properties().set_index("Property")["Score"]
        figures.add("Column Shapes", "columns", found["Column Shapes"])
        figures.add("Column Pair Trends", "pairs", found["Column Pair Trends"])

    def coverage() -> None:
        varied = [name for name in case.kinds if case.train[name].nunique() > 1]  # of others it is not defined
        for name in varied:
            asked = RangeCoverage if name in case.numbers else CategoryCoverage
            figures.add(
                f"{asked.__name__} of {name}", "coverage", asked.compute(case.train[name], case.synthetic[name])
            )

    def over_fitting() -> None:
        value = DCROverfittingProtection.compute(case.train, case.synthetic, case.holdout, metadata, "table")
        figures.add("DCROverfittingProtection", "copies", value)

    def disclosure() -> None:
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

    def model() -> None:
        if case.target is not None and case.target in case.labels:
            plain = [name for name in case.kinds if case.kinds[name] != "id"]
            value = BinaryDecisionTreeClassifier.compute(case.holdout[plain], case.synthetic[plain], target=case.target)
            figures.add("BinaryDecisionTreeClassifier", "utility", value)

    figures.trying("QualityReport", quality)
    figures.trying("coverage", coverage)
    figures.trying(
        "LogisticDetection",
        lambda: figures.add("LogisticDetection", "joint", LogisticDetection.compute(case.train, case.synthetic, table)),
    )
    figures.trying(
        "NewRowSynthesis",
        lambda: figures.add(
            "NewRowSynthesis",
            "copies",
            NewRowSynthesis.compute(
                case.train, case.synthetic, table, synthetic_sample_size=min(1_000, len(case.synthetic))
            ),
        ),
    )
    figures.trying("DCROverfittingProtection", over_fitting)
    figures.trying("DisclosureProtection", disclosure)
    figures.trying("BinaryDecisionTreeClassifier", model)


def start() -> None:
    """The tool is imported."""
    import sdmetrics.reports.single_table
    import sdmetrics.single_column
    import sdmetrics.single_table.privacy  # noqa: F401


if __name__ == "__main__":
    main("SDMetrics", ["sdmetrics", "pandas"], measure, start=start)
