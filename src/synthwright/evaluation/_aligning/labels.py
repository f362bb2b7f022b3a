"""Labels of another table in train's type and spelling; those that train does not have stay visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.text_cells import MARKERS, is_text
from synthwright.errors import shorten
from synthwright.evaluation._aligning.fitted import Fitted
from synthwright.evaluation._aligning.spelling import respelled, spelling_key

__all__ = ["fit_labels"]

_EXACT = 2.0**53  # integers beyond are not told apart as float64
_NAMED = 3  # labels that a note names
_STRANGE = 0.5  # of the cells with labels that train lacks: more than that is told before anything is measured


def fit_labels(values: pa.ChunkedArray, train: pa.ChunkedArray) -> Fitted:
    """`values` in the type of `train`, spelled as there where that merges nothing (see `respelled`).

    A change of storage alone (1.0 for 1, "True" for true) is not told, a change of spelling is.
    """
    stored = train.type
    counted = pc.value_counts(train.drop_null())
    names, rows = counted.field("values"), counted.field("counts").to_pylist()
    if values.type == stored and _all_known(values, names) and (values.null_count == 0 or train.null_count > 0):
        return Fitted(values)
    ours = dict(zip(_texts(names), rows, strict=True))
    if pa.types.is_boolean(stored):
        ours = {"true": 0, "false": 0} | ours
    coded = values.dictionary_encode().combine_chunks()
    coded = coded if isinstance(coded, pa.DictionaryArray) else coded.chunk(0)
    theirs = _texts(coded.dictionary)
    if pa.types.is_boolean(values.type) and is_text(stored):  # as Python, pandas and CSV files write it
        theirs = [label.capitalize() for label in theirs]
    sizes = np.bincount(coded.indices.drop_null().to_numpy(), minlength=len(theirs))
    meant = respelled(theirs, ours, missing=train.null_count > 0)
    texts = pa.array([meant.get(label, label) for label in theirs], pa.string())
    fitted = _typed(texts, stored).take(coded.indices)
    spelled = {one: target for one, target in meant.items() if target is not None and one != target}
    if not is_text(stored):  # what is no text has no spelling: 1.0 and "1" are stored otherwise than 1, no more
        differ = {one: target for one, target in spelled.items() if spelling_key(one) != spelling_key(target)}
        spelled = differ if is_text(values.type) else {}
    named = [one for one, target in spelled.items() if not is_text(stored) or ours[target] >= MINIMUM_ROWS]
    told = _told(meant, spelled, named, dict(zip(theirs, sizes.tolist(), strict=True)), ours)
    fitted, marked = _marked(fitted, train, ours, theirs)
    return Fitted(pa.chunked_array([fitted]), (*told, *marked))


def _all_known(values: pa.ChunkedArray, names: pa.Array) -> bool:
    return bool(pc.all(pc.or_kleene(pc.is_in(values, value_set=names), pc.is_null(values))).as_py() is not False)


def _typed(texts: pa.Array, stored: pa.DataType) -> pa.Array:
    """The labels in train's type; as text, as Arrow would write that type, where some have no place in it."""
    if is_text(stored):
        return texts
    try:
        return texts.cast(stored)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return texts


def _texts(labels: pa.Array) -> list[str]:
    """Labels as text; whole floats as integers, because pandas stores integers so where some are missing."""
    if pa.types.is_floating(labels.type):
        numbers = labels.to_numpy(zero_copy_only=False)
        if len(numbers) and np.isfinite(numbers).all() and not np.mod(numbers, 1).any() and abs(numbers).max() < _EXACT:
            labels = labels.cast(pa.int64())
    return list(labels.cast(pa.string()).to_pylist())


def _told(
    meant: Mapping[str, str | None],
    spelled: Mapping[str, str],
    named: Sequence[str],
    sizes: Mapping[str, int],
    ours: Mapping[str, int],
) -> list[str]:
    """What a reader must know: labels read as others (those in `named` by name), as missing, or unknown to train."""
    told = []
    if spelled:
        pairs = [f"{shorten(one, 30)!r} as {shorten(spelled[one], 30)!r}" for one in named[:_NAMED]]
        examples = f" ({', '.join(pairs)}{', …' * (len(spelled) > len(pairs))})" if pairs else ""
        cells = sum(sizes[one] for one in spelled)
        told.append(f"{_count(len(spelled), 'label')} read in train's spelling{examples}, in {_count(cells, 'cell')}")
    gone = [one for one, target in meant.items() if target is None]
    if gone:
        marks = ", ".join(repr(shorten(one, 20)) for one in gone[:_NAMED])
        told.append(f"{_count(sum(sizes[one] for one in gone), 'cell')} with {marks} taken as missing")
    strange = sum(size for one, size in sizes.items() if one not in meant and one not in ours)
    if strange > _STRANGE * sum(sizes.values()):
        told.append(f"{strange / sum(sizes.values()):.0%} of the cells hold labels that train does not have")
    return told


def _marked(
    fitted: pa.Array, train: pa.ChunkedArray, ours: Mapping[str, int], theirs: list[str]
) -> tuple[pa.Array, list[str]]:
    """Missing cells are train's label "?" or the like, which tools read as missing, if train itself misses nothing."""
    marks = [label for label in ours if spelling_key(label) in MARKERS]
    clear = fitted.null_count > 0 and train.null_count == 0 and len(marks) == 1 and marks[0] not in theirs
    if not clear or not pa.types.is_string(fitted.type):
        return fitted, []
    gone = fitted.null_count
    return fitted.fill_null(marks[0]), [f"{_count(gone, 'missing cell')} taken for train's label {marks[0]!r}"]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"
