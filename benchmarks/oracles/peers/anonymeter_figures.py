"""The figures of Anonymeter (pip install anonymeter pyarrow psutil).

Risks with 95 % intervals, against the holdout as control. Its documentation reads a risk as present where the attack
does better on train than on the control; a risk is found here if its interval lies above 0. 500 attacks each, the
tool's default; inference where there is a secret, as a regression where it is a number, with all other columns known.
"""

from __future__ import annotations

from common import Case, Figures, main


def measure(case: Case, figures: Figures) -> None:
    """Singling out, linkability, inference."""
    import numpy as np
    from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

    case = case.with_days()
    columns, attacks = list(case.kinds), min(500, len(case.train))
    ori, syn, control = case.frames()

    def add(name: str, area: str, made: object) -> None:
        risk = made.risk()
        figures.add(name, area, 1 - risk.value, raw=[risk.value, *risk.ci], fault=bool(risk.ci[0] > 0))

    def singling_out(mode: str) -> None:
        np.random.seed(0)  # noqa: NPY002  # the tool draws from the global generator
        made = SinglingOutEvaluator(ori=ori, syn=syn, control=control, n_attacks=attacks)
        made.evaluate(mode=mode)
        add(f"singling out, {mode}", "copies", made)

    def linkability() -> None:
        np.random.seed(0)  # noqa: NPY002  # the tool draws from the global generator
        half = len(columns) // 2
        made = LinkabilityEvaluator(
            ori=ori, syn=syn, control=control, n_attacks=attacks, aux_cols=(columns[:half], columns[half:])
        )
        made.evaluate(n_jobs=1)
        add("linkability", "copies", made)

    def inference() -> None:
        if case.secret is not None:
            np.random.seed(0)  # noqa: NPY002  # the tool draws from the global generator
            made = InferenceEvaluator(
                ori=ori,
                syn=syn,
                control=control,
                aux_cols=[name for name in columns if name != case.secret],
                secret=case.secret,
                regression=case.secret in case.numbers,
                n_attacks=attacks,
            )
            made.evaluate(n_jobs=1)
            add("inference", "attribute", made)

    for mode in ("univariate", "multivariate"):
        figures.trying(f"singling out, {mode}", lambda mode=mode: singling_out(mode))
    figures.trying("linkability", linkability)
    figures.trying("inference", inference)


def start() -> None:
    """The tool is imported and has compiled its search for neighbours, on ten rows."""
    import numpy as np
    import pandas as pd
    from anonymeter.evaluators import LinkabilityEvaluator

    few = pd.DataFrame({"a": np.arange(10.0), "b": np.arange(10.0), "c": list("ababababab"), "d": list("ababababab")})
    LinkabilityEvaluator(ori=few, syn=few, control=few, n_attacks=5, aux_cols=(["a", "c"], ["b", "d"])).evaluate(
        n_jobs=1
    )


if __name__ == "__main__":
    main("Anonymeter", ["anonymeter", "pandas"], measure, start=start)
