"""How many rows there are, and how many of each class."""

from __future__ import annotations

from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.provenance.numbers import share

__all__ = ["FEW_RARE", "FEW_ROWS", "UNBALANCED", "classes", "size", "unknown_targets"]

FEW_ROWS = 200  # below it a quarter of the rows can't show a gain, though there may be one: gain-on-public-tables
FEW_RARE = 50  # rows of a class: a quarter of them, 12, place the area under the curve to about a tenth
UNBALANCED = 10.0  # the most frequent class over the rarest
_WORTH_TELLING = 0.05  # of the rows without a target


def size(looked: Looked) -> list[Finding]:
    """Rows, columns, and rows per column."""
    rows, columns = len(looked.table), len(looked.features)
    few = rows < FEW_ROWS
    aim = "that a model can use" if looked.table.schema.target is None else "to predict from"
    told = f"There are {rows:,} rows and {columns:,} columns {aim}"
    told += f", {rows / columns:,.1f} rows per column." if columns else "."
    remedy = "Enough rows to fit a generator to; whether its rows help is another question."
    if few:
        remedy = (
            f"Get more real rows first. Below about {FEW_ROWS} a simple generator (tabular.gaussian_copula) may help, "
            "but a quarter of the rows can't show it: keep more of them as the holdout."
        )
    return [
        Finding(
            code="size.rows",
            severity="warn" if few else "note",
            figure="rows",
            value=Estimate.exact(float(rows)),
            sentence=told,
            remedy=remedy,
        )
    ]


def unknown_targets(target: Target) -> list[Finding]:
    """The share of rows that can't teach, because their target is missing."""
    lost, rare = float((~target.known).mean()), target.unlisted
    if lost == 0:
        return []
    told = f"The target {named([target.column.name])} is missing in {share(lost)} of the rows."
    if rare:
        told = f"The target {named([target.column.name])} is missing, or a label that fewer than 5 rows have, in "
        told += f"{share(lost)} of the rows ({rare:,} with such a label)."
    return [
        Finding(
            code="target.missing",
            severity="warn" if lost >= _WORTH_TELLING else "note",
            figure="share of rows without a target to learn from",
            value=Estimate.exact(lost),
            sentence=told,
            remedy="They teach a model nothing: leave them out, or find their targets, before rows are made up.",
            columns=(target.column.name,),
        )
    ]


def classes(target: Target) -> list[Finding]:
    """How unbalanced the classes are, and whether the rarest has enough rows to be tested on."""
    if not target.labels:
        return []
    counts, rarest = target.counts, target.rarest
    few, most = int(counts[rarest]), int(counts.max())
    label = target.labels[rarest]
    estimate, ratio = wilson(few, int(counts.sum())), most / few
    column = (target.column.name,)
    told = (
        f"{len(target.labels)} classes; the rarest, {label}, has {few:,} rows ({share(estimate.value)}), "
        f"the most frequent {ratio:,.3g} times as many."
    )
    if ratio >= UNBALANCED:
        remedy = (
            "Try class weights and another decision threshold first: they cost nothing. Judge by AUC, not accuracy."
        )
    elif ratio >= 1.5:
        remedy = "Mildly unbalanced: class weights are worth a try, new rows are seldom needed for that alone."
    else:
        remedy = "Balanced: no over-sampling is needed."
    found = [
        Finding(
            code="classes.imbalance",
            severity="warn" if ratio >= UNBALANCED else "note",
            figure="share of the rarest class",
            value=estimate,
            sentence=told,
            remedy=remedy,
            columns=column,
        )
    ]
    if few < FEW_RARE:
        told = f"Only {few:,} rows have the class {label}: a holdout of a quarter has about {max(1, round(few / 4))}."
        found.append(
            Finding(
                code="classes.few",
                severity="warn",
                figure="rows of the rarest class",
                value=Estimate.exact(float(few)),
                sentence=told,
                remedy=f"Look for more real rows of {label}: each of them moves the score more than any method does.",
                columns=column,
            )
        )
    return found
