"""A finding on Anonymeter, in its own environment: python of_anonymeter.py [A1]."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from told import main


def _risk(made: str, sign: float) -> dict[str, Any]:
    from anonymeter.evaluators import InferenceEvaluator

    def table(seed: int) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        known = {name: rng.normal(size=2_000).round(3) for name in "abc"}
        return pd.DataFrame({**known, "secret": (sign * rng.lognormal(5, 1, 2_000)).round(2)})

    train, fresh, control = table(0), table(1), table(2)
    np.random.seed(0)  # noqa: NPY002  # the tool draws from the global generator
    judge = InferenceEvaluator(
        ori=train,
        syn=train if made == "copy" else fresh,
        control=control,
        aux_cols=["a", "b", "c"],
        secret="secret",  # noqa: S106  # the name of a column
        regression=True,
        n_attacks=500,
    )
    judge.evaluate(n_jobs=1)
    risk, rates = judge.risk(), judge.results()
    return {
        "risk": round(float(risk.value), 3),
        "interval": [round(float(end), 3) for end in risk.ci],
        "attack rate": round(float(rates.attack_rate.value), 3),
        "control rate": round(float(rates.control_rate.value), 3),
    }


def a1() -> dict[str, Any]:
    """A guess of a number counts as right if |guess - truth| / guess is at most .05: true of every negative guess
    (with regression=True, which is meant for continuous secrets; the default asks for equality).

    A copy of the people discloses their secret whatever its sign, and independent rows disclose it to nobody.
    """
    return {
        "by pencil": {"copy": "risk about 1", "independent rows": "attack rate about .03, risk about 0"},
        "the tool": {
            "copy, positive secret": _risk("copy", 1.0),
            "copy, negative secret": _risk("copy", -1.0),
            "independent rows, negative secret": _risk("fresh", -1.0),
        },
    }


if __name__ == "__main__":
    main("anonymeter", {"A1": a1})
