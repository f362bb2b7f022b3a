"""A finding on SynthEval, in its own environment: python of_syntheval.py [E1]."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from told import main


def e1() -> dict[str, Any]:
    """The Hellinger distance of labels is taken between histograms of each table's own codes.

    Two tables without a common label are as far apart as can be.
    """
    from syntheval import SynthEval

    def table(seed: int, labels: str) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        return pd.DataFrame(
            {name: rng.choice(list(labels), 2_000) for name in ("p", "q")} | {"x": rng.normal(size=2_000)}
        )

    real, made = table(0, "abcd"), table(1, "wxyz")
    judge = SynthEval(real, cat_cols=["p", "q"], verbose=False, enable_plots=False, console="off")
    found = judge.evaluate(made, None, h_dist={}, ks_test={"sig_lvl": 0.05, "n_perms": 50}).set_index("metric")["val"]
    return {
        "by pencil": {"avg_h_dist": "about 2/3: 1, 1 and about 0", "ks_tvd_stat": "about 2/3"},
        "the tool": {name: round(float(found[name]), 4) for name in ("avg_h_dist", "ks_tvd_stat")},
    }


if __name__ == "__main__":
    main("syntheval", {"E1": e1})
