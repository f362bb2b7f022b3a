"""What a run left behind, in one object: the report and the data card read nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from synthwright.errors import BadInput
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.provenance.damaged import damaged
from synthwright.provenance.measured import measurement_from_json, skipped_from_json
from synthwright.provenance.text import clean, clean_text

__all__ = ["RunFacts"]

# What a reader asks for first, in this order; a run has as many of them as its inputs allow.
_HEADLINES = (
    "fidelity.quality",
    "fidelity.column_shapes",
    "fidelity.pair_trends",
    "fidelity.c2st",
    "utility.relative",
    "utility.tstr",
    "privacy.exact_copies",
    "privacy.near_copies",
    "privacy.membership",
    "privacy.dcr_share",
    "diversity.coverage",
)
_FILES = {
    "recipe": "recipe.yaml",
    "schema": "schema.yaml",
    "analysis": "analysis.json",
    "measurements": "measurements.json",
    "verdict": "verdict.json",
    "record": "record.json",
    "review": "review.json",
    "views": "private/views.json",
}


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """The readable files of a run folder, or of the folder that an evaluation wrote.

    Every file and every key may be absent. All texts are cleaned (see `clean_text`), all numbers finite. `skipped` are
    metrics that gave no number, `not_measured` what was never planned because its inputs were not declared; `notes` say
    what was done to the tables before they were compared.
    """

    name: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    schema: Mapping[str, Any] = field(default_factory=dict)
    analysis: Mapping[str, Any] = field(default_factory=dict)
    measurements: tuple[Measurement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    not_measured: tuple[Skipped, ...] = ()
    verdict: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    review: Mapping[str, Any] = field(default_factory=dict)
    views: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `folder`.

        Raises
        ------
        BadInput
            There is no such folder, nothing in it was measured, or a file in it is damaged.
        """
        if not (folder / _FILES["measurements"]).is_file():
            raise BadInput(
                f"{folder} holds no results to report.",
                evidence="It has no measurements.json.",
                remedy="Give the folder of `synthwright run` or `synthwright evaluate --out`.",
            )
        return cls.of(_final_name(folder), **{key: _read(folder / name) for key, name in _FILES.items()})

    @classmethod
    def of(cls, name: str = "", *, measurements: Mapping[str, Any] | None = None, **files: Any) -> Self:
        """The same from the content of the files, by the names of this class's fields."""
        numbers = _mapping(clean(measurements))
        verdict = _mapping(clean(files.pop("verdict", None)))
        unplanned = [*_list(numbers.get("not_measured")), *_list(verdict.get("not_measured"))]
        entries = {entry.metric: entry for entry in reversed([skipped_from_json(entry) for entry in unplanned])}
        return cls(
            name=clean_text(name),
            measurements=tuple(measurement_from_json(entry) for entry in _list(numbers.get("measurements"))),
            skipped=tuple(skipped_from_json(entry) for entry in _list(numbers.get("skipped"))),
            not_measured=tuple(reversed(entries.values())),
            notes=tuple(str(note) for note in _list(numbers.get("notes"))),
            verdict=verdict,
            **{key: _mapping(clean(content)) for key, content in files.items()},
        )

    def get(self, metric: str) -> Measurement | None:
        """The measurement called `metric`, if it was made."""
        return next((measurement for measurement in self.measurements if measurement.metric == metric), None)

    @property
    def has_holdout(self) -> bool:
        """True where anything was compared with unseen real rows."""
        return "holdout" in self.sizes or any(measurement.holdout is not None for measurement in self.measurements)

    @property
    def headlines(self) -> tuple[Measurement, ...]:
        """The figures to show first; the first ten measurements where none of the usual ones was made."""
        found = [measurement for name in _HEADLINES if (measurement := self.get(name)) is not None]
        return tuple(found) or self.measurements[:10]

    @property
    def overall(self) -> str | None:
        """PASS, FAIL or UNDECIDED; ``None`` where nothing was judged."""
        said = self.verdict.get("overall")
        return said if said in {"PASS", "FAIL", "UNDECIDED"} else None

    @property
    def withheld(self) -> bool:
        """True where the rows were not handed over."""
        return bool(self.verdict.get("withheld", self.overall == "FAIL"))

    @property
    def gates(self) -> tuple[Mapping[str, Any], ...]:
        """All gate results, those that decide first: failed, undecided, passed; blocking before the others."""
        order = {"FAIL": 0, "UNDECIDED": 1}
        gates = [gate for gate in _list(self.verdict.get("gates")) if isinstance(gate, Mapping)]
        return tuple(sorted(gates, key=lambda gate: (order.get(str(gate.get("verdict")), 2), not gate.get("blocking"))))

    @property
    def risks(self) -> dict[str, str]:
        """Privacy figures in a word (low, medium, high), as their gates gave it; of several gates the worst."""
        order, found = ("low", "medium", "high"), dict[str, str]()
        for gate in self.gates:
            metric, word = str(gate.get("metric")), gate.get("risk")
            if word in order and order.index(word) >= order.index(found.get(metric, "low")):
                found[metric] = word
        return found

    @property
    def reasons(self) -> tuple[str, ...]:
        """The sentences of the blocking gates that did not pass, failures first."""
        told = [gate for gate in self.gates if gate.get("blocking") and gate.get("verdict") != "PASS"]
        return tuple(str(gate.get("sentence") or gate.get("gate") or "") for gate in told)

    @property
    def sizes(self) -> dict[str, int]:
        """Rows of train, synthetic and holdout, as far as any file says so."""
        found = {part: rows for part, rows in _mapping(self.views.get("sizes")).items() if isinstance(rows, int)}
        for entry in _list(self.record.get("inputs")):
            rows = _mapping(entry).get("rows")
            name = str(_mapping(entry).get("name"))
            if isinstance(rows, int) and name in {"train", "synthetic", "holdout"}:
                found.setdefault(name, rows)
        for measurement in self.measurements[:1]:
            found.setdefault("train", measurement.n_real)
            found.setdefault("synthetic", measurement.n_synthetic)
        return found


def _final_name(folder: Path) -> str:
    """The folder's name, or the one it is going to have: `files.writing_folder` writes under another."""
    name = folder.resolve().name
    temporary = re.fullmatch(r"\.(.+)\.\d+-[0-9a-f]{8}\.tmp", name)
    return temporary[1] if temporary else name


def _read(path: Path) -> Any:
    if not path.is_file():
        return None
    from synthwright.data.yaml_file import load_yaml

    try:
        text = path.read_text(encoding="utf-8")
        return (
            load_yaml(text, name=path.name)[0] if path.suffix == ".yaml" else json.loads(text, parse_constant=_refuse)
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, BadInput):
            raise
        raise damaged(path.name, error) from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
