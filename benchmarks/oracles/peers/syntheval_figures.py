"""The figures of SynthEval (pip install syntheval pyarrow psutil), under a limit of 6 GB of address space.

The value is the tool's own `n_val`, for which 1 is the best end; its documentation gives no value at which a table is
good enough. All metrics of its preset `full_eval` but the slow ones that repeat a question (PCA, quantile MSE, feature
importance, class accuracy), with its permutation test at 100 instead of 1,000 rounds and 5 instead of 30 resamples of
NNAA; attribute disclosure where there is a secret. Rows with missing cells are dropped, one of the ways that the tool
offers.
"""

from __future__ import annotations

from common import Case, Figures, main, started_with

AREAS = {
    "avg_cio": "columns", "ks_tvd_stat": "columns", "avg_h_dist": "columns", "avg_dwm_diff": "columns",
    "corr_mat_diff": "pairs", "mutual_inf_diff": "pairs", "avg_pMSE": "joint", "nnaa": "joint",
    "auroc": "utility", "avg_nndr": "copies", "priv_loss_nndr": "copies", "priv_loss_nnaa": "copies",
    "median_DCR": "copies", "hit_rate": "copies", "eps_identif_risk": "copies", "priv_loss_eps": "copies",
    "mia_recall": "copies", "mia_precision": "copies", "att_discl_risk": "attribute",
}  # fmt: skip
ASKED = {
    "dwm": {}, "cio": {"ci": "std", "confidence": 95}, "corr_diff": {"mixed_corr": True}, "mi_diff": {}, "h_dist": {},
    "ks_test": {"sig_lvl": 0.05, "n_perms": 100}, "p_mse": {"k_folds": 5, "max_iter": 100, "solver": "liblinear"},
    "nndr": {}, "nnaa": {"n_resample": 5}, "dcr": {}, "hit_rate": {"thres_percent": 0.0333}, "eps_risk": {},
    "mia": {"num_eval_iter": 5},
}  # fmt: skip
WITH_TARGET = {"auroc_diff": {"model": "log_reg", "num_boots": 1}}


def measure(case: Case, figures: Figures) -> None:
    """Every metric in a call of its own, so that one that fails does not take the others along."""
    from syntheval import AnalysisConfig, SynthEval

    case = case.with_days()
    judge = SynthEval(
        case.train,
        holdout_dataframe=case.holdout,
        cat_cols=case.labels,
        missing_directive="drop",
        enable_plots=False,
        console="off",
        verbose=False,
    )
    asked = {**ASKED, **(WITH_TARGET if case.target in case.labels else {})}
    if case.secret is not None:
        asked["att_discl"] = {}

    def one(name: str, settings: dict[str, object]) -> None:
        secret = [case.secret] if name == "att_discl" else None
        about = AnalysisConfig(dataset=case.train, target_vars=case.target, sensitive_vars=secret)
        rows = judge.evaluate(case.synthetic, about, **{name: settings})
        if rows is None or len(rows) == 0:
            figures.lost[name] = "the tool gives no row for it"
            return
        for _, row in rows.iterrows():
            if row["metric"] in AREAS:
                figures.add(row["metric"], AREAS[row["metric"]], row["n_val"], raw=row["val"])

    for name, settings in asked.items():
        figures.trying(name, lambda name=name, settings=settings: one(name, settings))


def start() -> None:
    """The tool is imported, under the limit."""
    started_with(6_000)
    import syntheval  # noqa: F401


if __name__ == "__main__":
    main("SynthEval", ["syntheval", "pandas"], measure, start=start)
