"""The predictions that a script wrote, checked cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
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
    if data.num_rows != rows:
        raise BadInput(f"wrote {data.num_rows:,} predictions for {rows:,} test rows")
    columns = dict(zip(data.column_names, data.columns, strict=True))
    if len(columns) < data.num_columns:
        raise BadInput("wrote two columns of one name", evidence=f"Found: {_listed(data.column_names)}.")
    if target in columns and target not in (labels or ()):
        return _numbers(columns[target], target) if labels is None else _called(columns[target], labels)
    spelt = {_key(name, labels or ()): name for name in columns}
    wanted = [target] if labels is None else [spelt.get(_key(label, labels), label) for label in labels]
    missing = next((name for name in wanted if name not in columns), None)
    if missing is not None:
        asked = f"a column {shorten(target, 30)!r}" + ("" if labels is None else ", or one for every class")
        found = _listed(data.column_names)
        raise BadInput(f"wrote no column {shorten(missing, 30)!r}", evidence=f"Wanted: {asked}. Found: {found}.")
    made = np.stack([_numbers(columns[name], name) for name in wanted], axis=1)
    total = made.sum(axis=1)
    if (made < 0).any() or (total <= 0).any():
        row = int(np.argmax((made < 0).any(axis=1) | (total <= 0)))
        raise BadInput("wrote what are no probabilities", evidence=f"Row {row + 1}: {made[row].tolist()[:5]}.")
    return np.asarray(made / total[:, None])


def _key(text: str, labels: Sequence[str]) -> str:
    """`text` as what it means: True, true and TRUE are one class, and so are 1 and 1.0, where no two labels are."""
    for meant in (_plain, _number):
        if len({meant(label) for label in labels}) == len(labels):
            text = meant(text)
    return text


def _plain(text: str) -> str:
    return text.strip().casefold()


def _number(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text


def _listed(names: Sequence[str]) -> str:
    return ", ".join(shorten(name, 30) for name in names[:10]) or "none"


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


def _texts(cells: pa.ChunkedArray, name: str) -> list[str]:
    try:
        return [text or "" for text in cells.cast(pa.string()).to_pylist()]
    except pa.ArrowException as error:
        raise BadInput(f"wrote no plain values in {shorten(name, 30)!r}", evidence=str(cells.type)) from error


def _numbers(cells: pa.ChunkedArray, name: str) -> np.ndarray:
    if pa.types.is_floating(cells.type) and not cells.null_count:
        made = np.asarray(cells.to_numpy(), dtype=np.float64)
    else:
        try:
            made = np.array([float(text) for text in _texts(cells, name)])
        except ValueError as error:
            told = shorten(str(error), 100)
            raise BadInput(f"wrote no numbers in {shorten(name, 30)!r}", evidence=told) from error
    if not np.isfinite(made).all():
        raise BadInput(f"wrote a number in {shorten(name, 30)!r} that is not finite")
    return made


def _called(cells: pa.ChunkedArray, labels: Sequence[str]) -> np.ndarray:
    """The called class is certain."""
    known = {_key(label, labels): at for at, label in enumerate(labels)}
    texts = _texts(cells, "the target")
    at = np.array([known.get(_key(text, labels), -1) for text in texts], dtype=np.int64)
    if (at < 0).any():
        found = shorten(texts[int(np.argmax(at < 0))], 30)
        raise BadInput(f"called a class {found!r} that train does not show", evidence=f"Known: {_listed(labels)}.")
    return np.asarray(np.eye(len(labels))[at])
