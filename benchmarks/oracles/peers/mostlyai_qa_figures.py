"""The figures of MOSTLY AI's QA (pip install torch==2.13.0, then mostlyai-qa pyarrow psutil).

Its documentation compares each figure with the same one on the holdout: accuracies "as close as possible to the
theoretical maximum", "about as many identical matches, and about the same distances" to train as to the holdout, a
share of closer rows "not significantly larger than 50%", a discriminator near 0.5. The value here is 1 where figure and
reference agree, less where the figure is on the wrong side of it, and more on the other side.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from common import Case, Figures, main


def measure(case: Case, figures: Figures) -> None:
    """One report."""
    from mostlyai import qa

    with tempfile.TemporaryDirectory() as folder:
        _, found = qa.report(
            syn_tgt_data=case.synthetic,
            trn_tgt_data=case.train,
            hol_tgt_data=case.holdout,
            report_path=str(Path(folder) / "report.html"),
        )
    if found is None:
        figures.lost["report"] = "the tool gives no figures"
        return
    accuracy, similarity, distances = found.accuracy, found.similarity, found.distances
    for name, area in (("univariate", "columns"), ("bivariate", "pairs"), ("trivariate", "triples")):
        value, best = getattr(accuracy, name), getattr(accuracy, f"{name}_max")
        if value is not None and best is not None:
            figures.add(f"{name} accuracy", area, 1 - (best - value), raw=value)
    auc, reference = similarity.discriminator_auc_training_synthetic, similarity.discriminator_auc_training_holdout
    figures.add("discriminator AUC", "joint", 1 - 2 * (auc - max(0.5, reference)), raw=auc)
    cosine = similarity.cosine_similarity_training_holdout - similarity.cosine_similarity_training_synthetic
    figures.add("cosine similarity", "joint", 1 - cosine, raw=similarity.cosine_similarity_training_synthetic)
    figures.add(
        "identical matches",
        "copies",
        1 - (distances.ims_training - distances.ims_holdout),
        raw=distances.ims_training,
    )
    figures.add("DCR share", "copies", 1 - 2 * (distances.dcr_share - 0.5), raw=distances.dcr_share)
    for name in ("dcr", "nndr"):
        near, far = getattr(distances, f"{name}_training"), getattr(distances, f"{name}_holdout")
        figures.add(name.upper(), "copies", 1.0 if far == 0 else near / far, raw=near)


def start() -> None:
    """The tool is imported."""
    from mostlyai import qa  # noqa: F401


if __name__ == "__main__":
    main("MOSTLY AI QA", ["mostlyai-qa", "pandas"], measure, start=start)
