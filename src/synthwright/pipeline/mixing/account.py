"""What is told of a mix: counts before and after, by what rows were chosen, what became of groups, what to mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from synthwright.canonical import plain
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.table import Table
from synthwright.errors import shorten
from synthwright.evaluation.blend_audit import Audit
from synthwright.pipeline.mixing.asking import Mixing
from synthwright.pipeline.mixing.cautions import lacking_told, shifted, thinly_known, widened
from synthwright.pipeline.mixing.choosing import Chosen
from synthwright.pipeline.mixing.strata import Strata
from synthwright.pipeline.mixing.wanted import Wanted

__all__ = ["account", "published", "simple_account"]

_MOST = 60  # groups that are listed, those with the most added rows first
_SMALL = f"groups with fewer than {MINIMUM_ROWS} real rows"


def simple_account(real: int, synthetic: int) -> dict[str, Any]:
    """The account of rows that nobody asked to be blended: all real ones, all released ones."""
    return {
        "ratio": synthetic / real,
        "real_rows": real,
        "synthetic_rows": synthetic,
        "synthetic_share": synthetic / (real + synthetic),
    }


def account(
    real: Table, mixing: Mixing, wanted: Wanted, chosen: Chosen, audited: Audit | None, *, drawn: bool
) -> dict[str, Any]:
    """The same for a mix that was asked for, as JSON types, with every count; `drawn`: further rows could be drawn."""
    rows, added = (len(real) if mixing.real else 0), int(chosen.taken.sum())
    balanced = list(wanted.balanced)
    target = real.schema.target
    classes = [target.name] if target is not None and target.name in wanted.strata.columns else []
    divisions = {tuple(columns) for columns in (balanced, classes) if columns}
    lacking = _lacking(wanted, chosen)
    groups = {
        ", ".join(columns): _groups(wanted.strata, chosen.taken, columns) for columns in sorted(divisions, key=len)
    }
    told = {
        "asked": mixing.to_json_value(),
        "ratio": added / len(real),
        "real_rows": rows,
        "synthetic_rows": added,
        "synthetic_share": added / (rows + added) if rows + added else 0.0,
        "released": chosen.at_hand,
        "drawn": added - chosen.at_hand,
        "balanced": balanced,
        "groups": groups,
        "lacking": lacking,
        "selection": chosen.selection,
        "notes": [*wanted.notes, *_stood_in(wanted, chosen)],
        "audit": None if audited is None else plain(audited),
        "warnings": [
            *([lacking_told(lacking, chosen.why, drawn=drawn)] if lacking else []),
            *thinly_known(groups.get(", ".join(balanced), [])),
            *shifted(wanted, chosen, mixing, classes),
            *([] if audited is None else widened(audited, balanced)),
        ],
    }
    return {key: value for key, value in told.items() if value is not None}


def published(told: Mapping[str, Any]) -> dict[str, Any]:
    """The account for the record, which is read outside: counts of groups to multiples of 5."""
    groups = {
        columns: [{**one, "real": _rounded(one["real"]), "added": _rounded(one["added"])} for one in listed]
        for columns, listed in told.get("groups", {}).items()
    }
    return {**told, **({"groups": groups} if groups else {})}


def _lacking(wanted: Wanted, chosen: Chosen) -> dict[str, int]:
    """Rows that are missing by stratum; values that fewer than 5 real rows have are not named, as nowhere else."""
    short, found = chosen.quotas - chosen.taken, dict[str, int]()
    for at in np.flatnonzero(short > 0):
        label = wanted.strata.label(int(at)) if wanted.strata.real[at] >= MINIMUM_ROWS else _SMALL
        found[label] = found.get(label, 0) + int(short[at])
    return found


def _stood_in(wanted: Wanted, chosen: Chosen) -> list[str]:
    """A sentence on rows of other classes in the place of those that chance has left out."""
    others = int(np.maximum(chosen.quotas - wanted.quotas, 0).sum())
    if not others:
        return []
    return [f"{others:,} rows of other classes stand in for classes of which there were, by chance, too few."]


def _groups(strata: Strata, taken: np.ndarray, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Real and added rows of every combination of `columns`; those of fewer than 5 real rows together, last."""
    places = [strata.columns.index(name) for name in columns]
    found: dict[str, list[int]] = {}
    for at, values in enumerate(strata.values):
        told = (
            f"{shorten(name, 30)}={shorten(str(values[place]), 30)}"
            for name, place in zip(columns, places, strict=True)
        )
        counts = found.setdefault(", ".join(told), [0, 0])
        counts[0] += int(strata.real[at])
        counts[1] += int(taken[at])
    small = [label for label, counts in found.items() if counts[0] < MINIMUM_ROWS]
    order = sorted((label for label in found if label not in small), key=lambda label: -found[label][1])
    listed = [{"label": one, "real": found[one][0], "added": found[one][1]} for one in order[:_MOST]]
    rest = [*order[_MOST:], *small]
    if rest:
        real, added = (sum(found[label][at] for label in rest) for at in (0, 1))
        listed.append({"label": f"{len(rest)} smaller groups", "real": real, "added": added})
    return listed


def _rounded(rows: int) -> int:
    return 5 * round(rows / 5)
