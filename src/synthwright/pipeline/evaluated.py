"""What `evaluate` returns: every figure with the verdict on it, as an object, a frame, a page or a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from synthwright import files
from synthwright.data.schema_file import write_schema
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fairness_frame import FairnessFrame, fairness_frame
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.records import RECORD, Records
from synthwright.evaluation.suite import Evaluation
from synthwright.evaluation.views import make_views
from synthwright.gates.verdict import Verdict
from synthwright.pipeline.against import columns_told
from synthwright.pipeline.analysis import analyse
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.risks import risks
from synthwright.pipeline.verdict_file import verdict_json, write_verdict
from synthwright.pipeline.working import put_arrow

__all__ = ["Report"]


@dataclass(frozen=True, eq=False)
class Report:
    """Measurements and verdict of one comparison.

    >>> report["utility.tstr"].excess  # doctest: +SKIP
    """

    evaluation: Evaluation
    verdict: Verdict
    comparison: Comparison = field(repr=False)
    context: Context = field(repr=False)
    render: Callable[[Path], str] = field(repr=False)

    def __getitem__(self, metric: str) -> Measurement:
        return self.evaluation[metric]

    def __contains__(self, metric: object) -> bool:
        return metric in self.evaluation

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """Every figure."""
        return self.evaluation.measurements

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Every metric that gave no figure, with the reason."""
        return self.evaluation.skipped

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done to the tables, what makes them odd to compare, and in which columns each benchmark was."""
        return (*self.comparison.notes, *columns_told(self.comparison))

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary per metric, skipped ones included; `risk` is low, medium or high where a gate says so."""
        risks = self.verdict.risks
        return [{**record, "risk": risks.get(record["metric"])} for record in self.evaluation.to_records()]

    def to_pandas(self) -> Any:
        """`to_records` as a pandas frame, indexed by metric."""
        return self._table.to_pandas().set_index("metric")

    def to_arrow(self) -> pa.Table:
        """`to_records` as an Arrow table, of the same columns and types whatever was measured."""
        return self._table.to_arrow()

    def to_polars(self) -> Any:
        """`to_records` as a polars frame."""
        return self._table.to_polars()

    def parts(self) -> Records:
        """One record per metric and part (column, pair, group): metric, part, value, low, high; worst parts first.

        >>> report.parts().to_pandas()  # doctest: +SKIP
        """
        return self.evaluation.parts()

    @property
    def _table(self) -> Records:
        return Records(tuple(self.to_records()), {**RECORD, "risk": pa.string()})

    def fairness_frame(self) -> FairnessFrame:
        """Truth, answers and sensitive values of every holdout row, as fairlearn's ``MetricFrame`` takes them.

        >>> frame = report.fairness_frame()  # doctest: +SKIP
        >>> MetricFrame(  # doctest: +SKIP
        ...     metrics=selection_rate,
        ...     y_true=frame.y_true,
        ...     y_pred=frame.y_pred,
        ...     sensitive_features=frame.sensitive_features,
        ... )
        """
        return fairness_frame(self.comparison)

    def to_json_value(self) -> dict[str, Any]:
        """What measurements.json holds, and `verdict` and all `notes` beside it."""
        told = {"notes": list(self.notes), "verdict": verdict_json(self.verdict)}
        return self.evaluation.to_json_value() | told

    def save(self, path: str | Path) -> None:
        """`path` is the report, one self-contained page."""
        files.write_text(Path(path), self._page)

    def write(self, folder: str | Path) -> None:
        """`folder`, new or empty, holds schema, analysis, measurements, verdict, drawings and report.

        `private/row_risks.parquet` in it has one line per synthetic row, about real ones too: it is not to be shared.
        """
        with files.writing_folder(Path(folder)) as place:
            self._fill(RunFolder(place))
            put_arrow(RunFolder(place).row_risks, self.row_risks)
            files.write_text(place / "report.html", self.render(place))

    @cached_property
    def row_risks(self) -> pa.Table:
        """One line per synthetic row: whose copy it may be, how near it comes to real rows; not to be shared."""
        origin = self.comparison.synthetic.origin
        ids = origin["record_id"] if origin is not None and "record_id" in origin.column_names else None
        return risks(self.comparison, self.evaluation, ids)

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its styles stay inside."""
        import html

        return f'<iframe srcdoc="{html.escape(self._page)}" width="100%" height="640" style="border:0"></iframe>'

    @cached_property
    def _page(self) -> str:
        with files.scratch_folder() as place:
            folder = RunFolder(place / "evaluation")
            files.make_folder(folder.path)
            self._fill(folder)
            return self.render(folder.path)

    def _fill(self, folder: RunFolder) -> None:
        files.make_folder(folder.private)
        write_schema(self.comparison.schema, folder.schema)
        files.write_json(folder.analysis, analyse(self.comparison.train))
        files.write_json(folder.measurements, self.evaluation.to_json_value() | {"notes": list(self.notes)})
        files.write_json(folder.views, make_views(self.comparison, self.context.at("views")))
        write_verdict(folder.verdict, self.verdict)
