"""Per-row answers for other fairness tools: what fairlearn's MetricFrame takes, from the models that were compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.errors import UsageError
from synthwright.evaluation._groups.outcome import outcome_of
from synthwright.evaluation._groups.served import answers_of
from synthwright.evaluation._learners.task import task_of
from synthwright.evaluation.comparison import Comparison

__all__ = ["FairnessFrame", "fairness_frame"]


@dataclass(frozen=True, eq=False)
class FairnessFrame:
    """Arrays with one entry per holdout row; real rows, so not to be shared.

    `y_true` is 1 where the target is `positive` (its rarest class) and 0 elsewhere, or the number itself. `y_pred` and
    `y_score` are the answers of boosted trees fitted on synthetic rows, `y_pred_real` and `y_score_real` those of trees
    fitted on as many train rows. `sensitive_features` maps each column of role sensitive to its values, missing as
    ``"missing"``.
    """

    y_true: np.ndarray
    y_pred: np.ndarray
    y_score: np.ndarray
    y_pred_real: np.ndarray
    y_score_real: np.ndarray
    sensitive_features: Mapping[str, np.ndarray]
    positive: str | None


def fairness_frame(comparison: Comparison) -> FairnessFrame:
    """The answers that `bias.disparities` compares, row by row.

    Raises
    ------
    UsageError
        There is no holdout, no target that can be learnt, or no column of role sensitive.
    """
    sensitive = [column for column in comparison.schema.having("sensitive") if column.is_modelled]
    task = task_of(comparison) if comparison.holdout is not None else "there is no holdout to test on"
    if isinstance(task, str) or not sensitive:
        raise UsageError(
            "There are no answers to compare between groups.",
            evidence=task if isinstance(task, str) else "No column has the role sensitive.",
            remedy="Evaluate with a holdout, a target and `sensitive` columns.",
        )
    n = min(len(task.y["train"]), len(task.y["synthetic"]))
    tried, real = (answers_of(comparison, task, ((part, n),)) for part in ("synthetic", "train"))
    outcome = outcome_of(comparison)
    spread = 1.0 if tried.classes else float(task.y["train"].std()) or 1.0
    table = comparison.part("holdout").take(task.rows["holdout"])
    values = {
        column.name: np.array(["missing" if one is None else str(one) for one in table.data[column.name].to_pylist()])
        for column in sensitive
    }
    return FairnessFrame(
        y_true=tried.truth * spread,
        y_pred=tried.called * spread,
        y_score=tried.score * spread,
        y_pred_real=real.called * spread,
        y_score_real=real.score * spread,
        sensitive_features=values,
        positive=None if isinstance(outcome, str) else outcome.positive,
    )
