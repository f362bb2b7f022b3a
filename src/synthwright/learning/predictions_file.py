"""The predictions that a script wrote, checked cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from synthwright.errors import BadInput, shorten

__all__ = ["read_predictions"]

_MOST_BYTES = 1 << 31


def read_predictions(path: Path, rows: int, target: str, labels: Sequence[str] | None) -> np.ndarray:
    """Probabilities of `labels` (n, K) whose rows sum to 1, or, without labels, numbers (n,).

    Raises
    ------
    BadInput
        No file, another number of rows, columns of other names, or cells that are no such numbers; `problem` goes on
        after the name of whoever wrote it.
    """
    data = _read(path)
    if len(data) != rows:
        raise BadInput(f"wrote {len(data):,} predictions for {rows:,} test rows")
    if target in data.column_names:
        texts = data[target].cast(pa.string())
        return _numbers(texts, target) if labels is None else _called(texts, labels)
    missing = [target] if labels is None else [name for name in labels if name not in data.column_names]
    if missing:
        told = ", ".join(shorten(name, 30) for name in data.column_names[:10]) or "none"
        wanted = f"a column {shorten(target, 30)!r}" + ("" if labels is None else ", or one for every class")
        raise BadInput(f"wrote no column {shorten(missing[0], 30)!r}", evidence=f"Wanted: {wanted}. Found: {told}.")
    made = np.stack([_numbers(data[name].cast(pa.string()), name) for name in labels or ()], axis=1)
    total = made.sum(axis=1)
    if (made < 0).any() or (total <= 0).any():
        row = int(np.argmax((made < 0).any(axis=1) | (total <= 0)))
        raise BadInput("wrote what are no probabilities", evidence=f"Row {row + 1}: {made[row].tolist()[:5]}.")
    return np.asarray(made / total[:, None])


def _read(path: Path) -> pa.Table:
    if path.is_symlink() or not path.is_file():
        raise BadInput(f"wrote no file {path.name}")
    if path.stat().st_size > _MOST_BYTES:
        raise BadInput(f"wrote {path.stat().st_size:,} bytes of predictions")
    try:
        if path.suffix == ".parquet":
            return pa.parquet.read_table(path)
        names = pa.csv.open_csv(path).schema.names
        options = pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        return pa.csv.read_csv(path, convert_options=options)
    except (pa.ArrowException, OSError) as error:
        raise BadInput(f"wrote a file {path.name} that can't be read", evidence=shorten(str(error), 200)) from error


def _numbers(texts: pa.ChunkedArray, name: str) -> np.ndarray:
    try:
        made = np.asarray(pc.fill_null(texts, "").cast(pa.float64()).to_numpy(), dtype=np.float64)
    except pa.ArrowException as error:
        raise BadInput(f"wrote no numbers in {shorten(name, 30)!r}", evidence=shorten(str(error), 200)) from error
    if not np.isfinite(made).all():
        raise BadInput(f"wrote a number in {shorten(name, 30)!r} that is not finite")
    return made


def _called(texts: pa.ChunkedArray, labels: Sequence[str]) -> np.ndarray:
    """The called class is certain."""
    at = pc.fill_null(pc.index_in(texts, value_set=pa.array(labels, pa.string())), -1).to_numpy()
    if (at < 0).any():
        found = texts[int(np.argmax(at < 0))].as_py()
        known = ", ".join(shorten(one, 30) for one in labels[:10])
        raise BadInput(
            f"called a class {shorten(str(found), 30)!r} that train does not show", evidence=f"Known: {known}."
        )
    return np.asarray(np.eye(len(labels))[at])
