"""A finished run: its verdict, its figures, and its rows if the gates let them go."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthwright.data.frames import Origin
from synthwright.data.table import Table
from synthwright.errors import NotReleased, UnknownName
from synthwright.evaluation.measurement import Measurement
from synthwright.gates.verdict import Verdict
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.verdict_file import read_verdict, verdict_json
from synthwright.pipeline.working import drawn_rows
from synthwright.provenance.facts import RunFacts

__all__ = ["Result"]


@dataclass(frozen=True)
class Result:
    """What lies in the run folder `folder`; everything is read from there."""

    folder: Path
    frame: Origin | None = field(default=None, repr=False)

    @property
    def verdict(self) -> Verdict:
        """What the gates said."""
        return read_verdict(RunFolder(self.folder).verdict)

    @property
    def release(self) -> Table:
        """The released rows.

        Raises
        ------
        NotReleased
            A gate withheld them; the sentences say why and what to try.
        """
        verdict = self.verdict
        if verdict.withheld:
            raise NotReleased(
                f"The rows were withheld: the verdict is {verdict.overall}.",
                evidence="\n  ".join(verdict.reasons),
                remedy=f"{self.folder / 'report.html'} shows every figure.",
            )
        where = RunFolder(self.folder)
        table = drawn_rows(where.synthetic, where.schema)
        return Table(table.schema, table.data, table.origin, self.frame or table.frame)

    @property
    def facts(self) -> RunFacts:
        """Recipe, schema, analysis, measurements, verdict and record."""
        return RunFacts.load(self.folder)

    def __getitem__(self, metric: str) -> Measurement:
        """The measurement called `metric`; raises `UnknownName` unless the run made it."""
        facts = self.facts
        measurement = facts.get(metric)
        if measurement is None:
            raise UnknownName.among("measurement", metric, [one.metric for one in facts.measurements])
        return measurement

    def to_json_value(self) -> dict[str, Any]:
        """Folder, verdict and figures, as `run --json` prints them."""
        folder = RunFolder(self.folder)
        return {
            "folder": self.folder.as_posix(),
            "verdict": verdict_json(self.verdict),
            **json.loads(folder.measurements.read_text(encoding="utf-8")),
        }

    def _repr_html_(self) -> str:
        verdict = self.verdict
        reasons = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in verdict.reasons)
        return f"<b>{verdict.overall}</b> {html.escape(str(self.folder))}<ul>{reasons}</ul>"
