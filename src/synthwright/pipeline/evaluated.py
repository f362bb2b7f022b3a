"""What `evaluate` returns: every figure with the verdict on it, as an object, a frame, a page or a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from synthwright import files
from synthwright.data.schema_file import write_schema
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.suite import Evaluation
from synthwright.evaluation.views import make_views
from synthwright.gates.verdict import Verdict
from synthwright.pipeline.analysis import analyse
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.verdict_file import verdict_json, write_verdict

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

    def to_pandas(self) -> Any:
        """One row per metric, skipped ones included."""
        return self.evaluation.to_pandas()

    def to_json_value(self) -> dict[str, Any]:
        """What measurements.json holds, and `verdict` beside it."""
        return {**self.evaluation.to_json_value(), "verdict": verdict_json(self.verdict)}

    def save(self, path: str | Path) -> None:
        """`path` is the report, one self-contained page."""
        files.write_text(Path(path), self._page)

    def write(self, folder: str | Path) -> None:
        """`folder`, new or empty, holds schema, analysis, measurements, verdict, drawings and report."""
        with files.writing_folder(Path(folder)) as place:
            self._fill(RunFolder(place))
            files.write_text(place / "report.html", self.render(place))

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
        files.write_json(folder.measurements, self.evaluation.to_json_value())
        files.write_json(folder.views, make_views(self.comparison, self.context.at("views")))
        write_verdict(folder.verdict, self.verdict)
