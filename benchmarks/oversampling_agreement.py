"""Every over-sampler beside imbalanced-learn's on the same rows: where new rows start, towards which, how many.

    OMP_NUM_THREADS=1 python benchmarks/oversampling_agreement.py [--only mammography,...]

On mammography, oil_spill and creditcard_fraud_sample (from $SYNTHWRIGHT_DATA or ../shared/data) the smallest class is
brought to the size of the largest. Random numbers differ, so what is compared is all that is not random: neighbour
sets, rows in danger, each row's allotment, support vectors, densities of clusters, counts; every new row is shown to
lie on the segment between its two parents. k-means starts elsewhere in the two libraries: clusters themselves are not
compared, the rest is, on our clusters. Writes results/oversampling_agreement.json; `tests/generators` runs the same on
small open tables.
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

import real_tables

HERE = Path(__file__).parent
TABLES = ("mammography", "oil_spill", "creditcard_fraud_sample")
METHODS = ("smote", "borderline_smote", "adasyn", "svm_smote", "kmeans_smote")


def loaded(name: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Numbers and classes (0, 1, ...) of a real table."""
    import pandas as pd

    path = real_tables.find(name)
    if path is None:
        print(f"SKIPPED {name}: it lies neither in $SYNTHWRIGHT_DATA nor in ../shared/data")
        return None
    frame = pd.read_parquet(path)
    target = "Class" if "Class" in frame else frame.columns[-1]
    y = np.unique(frame[target].to_numpy(), return_inverse=True)[1]
    return frame.drop(columns=target).select_dtypes("number").to_numpy(dtype=float), y


def agreement(X: np.ndarray, y: np.ndarray, methods: tuple[str, ...] = METHODS) -> dict[str, Any]:
    """What there is to compare, by method; every share is 1 where both do the same."""
    label = int(np.bincount(y).argmin())
    checks = {
        "smote": smote, "borderline_smote": borderline, "adasyn": adasyn, "svm_smote": svm, "kmeans_smote": kmeans,
    }  # fmt: skip
    found: dict[str, Any] = {"rows": len(X), "columns": X.shape[1], "minority": int((y == label).sum())}
    for method in methods:
        pairs = ours(method, X, y, label)
        found[method] = {**checks[method](X, y, label, pairs), **rows_made(method, X, y, label, pairs)}
    return found


def ours(method: str, X: np.ndarray, y: np.ndarray, label: int) -> Any:
    """Starts, partners and weights that our method finds for the class."""
    from synthwright.generators.settings import make_generator
    from synthwright.seeding import Streams

    generator: Any = make_generator(f"tabular.{method}", settings(method))
    return generator.pairs(class_rows(X, y), label, Streams(0).at("class", label))


def settings(method: str) -> dict[str, Any]:
    """Those under which both have something to do on all tables."""
    return {"cluster_balance_threshold": 0.0} if method == "kmeans_smote" else {}


def class_rows(X: np.ndarray, y: np.ndarray) -> Any:
    from synthwright.generators.class_rows import ClassRows

    return ClassRows.of(table_of(X, y))


def table_of(X: np.ndarray, y: np.ndarray) -> Any:
    from synthwright.generators.feature_frames import Features

    return Features.of(X, None, inferred=False).with_classes(y, int(y.max()) + 1)


def smote(X: np.ndarray, y: np.ndarray, label: int, pairs: Any) -> dict[str, float]:
    from imblearn.over_sampling import SMOTE

    peer = fitted(SMOTE(random_state=0), X, y)
    return neighbour_sets(X, y, label, pairs, peer.nn_k_)


def borderline(X: np.ndarray, y: np.ndarray, label: int, pairs: Any) -> dict[str, Any]:
    from imblearn.over_sampling import BorderlineSMOTE

    peer = fitted(BorderlineSMOTE(random_state=0), X, y)
    theirs = peer.in_danger_indices[label]
    return {
        "danger_rows": [len(pairs.base), len(theirs)],
        "danger_rows_equal": same(pairs.base, theirs),
        **neighbour_sets(X, y, label, pairs, peer.nn_k_),
    }


def adasyn(X: np.ndarray, y: np.ndarray, label: int, pairs: Any) -> dict[str, Any]:
    """Theirs makes rint(share x wanted) rows of each row, ours draws starts with these shares."""
    from imblearn.over_sampling import ADASYN

    members = np.flatnonzero(y == label)
    wanted = int(np.bincount(y).max() - len(members))
    peer = ADASYN(random_state=0)
    theirs_made = len(peer.fit_resample(X, y)[0]) - len(X)
    peer.nn_.fit(X)
    around = peer.nn_.kneighbors(X[members], return_distance=False)[:, 1:]
    others = (y[around] != label).sum(axis=1)
    theirs = np.rint(others / others.sum() * wanted).astype(int)
    weight = np.zeros(len(X))
    weight[pairs.base] = pairs.weights / pairs.weights.sum()
    mine = np.rint(weight[members] * wanted).astype(int)
    peer.nn_.fit(X[members])
    return {
        "allotment_equal": float((mine == theirs).mean()),
        "new_rows": {"wanted": wanted, "theirs": theirs_made, "ours_if_rounded": int(mine.sum()), "ours": wanted},
        **neighbour_sets(X, y, label, pairs, peer.nn_),
    }


def svm(X: np.ndarray, y: np.ndarray, label: int, pairs: Any) -> dict[str, Any]:
    """Support vectors less those that others surround; those in danger have a reach towards the neighbour."""
    from imblearn.over_sampling import SVMSMOTE

    peer = fitted(SVMSMOTE(random_state=0), X, y)
    support = np.sort(peer.svm_estimator_.support_[y[peer.svm_estimator_.support_] == label])
    told = peer._in_danger_noise  # noqa: SLF001  # it publishes neither set
    kept = support[~told(peer.nn_m_, X[support], label, y, kind="noise")]
    danger = told(peer.nn_m_, X[kept], label, y, kind="danger")
    return {
        "support_rows": [len(pairs.base), len(kept)],
        "support_rows_equal": same(pairs.base, kept),
        "danger_rows_equal": same(pairs.base[pairs.reach[:, 0] > 0], kept[danger]),
        **neighbour_sets(X, y, label, pairs, peer.nn_k_),
    }


def kmeans(X: np.ndarray, _y: np.ndarray, _label: int, pairs: Any) -> dict[str, Any]:
    """Their density on our clusters; the shares of rows it gives each cluster against ours."""
    from imblearn.over_sampling import KMeansSMOTE

    cluster = clusters_of(pairs)
    peer = KMeansSMOTE(random_state=0, density_exponent="auto")
    density = peer._find_cluster_sparsity  # noqa: SLF001  # it publishes no densities
    theirs = np.array([density(X[pairs.base[cluster == one]]) for one in np.unique(cluster)])
    mine = np.array([pairs.weights[cluster == one].sum() for one in np.unique(cluster)])
    apart = np.abs(mine / mine.sum() - theirs / theirs.sum()).max()
    inside = np.isin(pairs.partners, pairs.base).all()
    return {"clusters": len(theirs), "largest_difference_of_shares": float(apart), "partners_in_clusters": bool(inside)}


def clusters_of(pairs: Any) -> np.ndarray:
    """Clusters follow one another in `base`; within each all weights are equal, and partners are of the same."""
    starts = np.flatnonzero(np.diff(pairs.weights, prepend=np.nan) != 0)
    return np.searchsorted(starts, np.arange(len(pairs.base)), side="right")


def rows_made(method: str, X: np.ndarray, y: np.ndarray, label: int, pairs: Any) -> dict[str, Any]:
    """Counts after, and whether every new row lies between a start and one of its partners."""
    from synthwright.engines.context import Context
    from synthwright.generators.fitting import fit_model
    from synthwright.generators.oversampling import oversample
    from synthwright.generators.settings import make_generator
    from synthwright.seeding import Streams

    table, generator = table_of(X, y), make_generator(f"tabular.{method}", settings(method))
    after = oversample(table, generator, seed=0).levels(table.names[-1])
    new = int(np.bincount(y).max() - (y == label).sum())
    model = fit_model(table, generator, Context(streams=Streams(0)))
    drawn = model.sample(new, seed=0, given={table.names[-1]: label})
    parents = np.stack(drawn.origin["parents"].combine_chunks().flatten().to_numpy().reshape(-1, 2))
    points = np.column_stack([drawn.numbers(name) for name in table.names[:-1]])
    slot = {base: at for at, base in enumerate(pairs.base.tolist())}
    known = all(b in slot and p in pairs.partners[slot[b]] for b, p in parents.tolist())
    share, beside = along(X, parents, points)
    return {
        "counts_after": np.bincount(after).tolist(),
        "parents_are_start_and_neighbour": bool(known),
        "farthest_beside_a_segment_over_column_spread": beside,
        "along_the_segment": [float(share.min()), float(share.max())],
    }


def along(X: np.ndarray, parents: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, float]:
    """How far each point lies along base to partner, and the largest distance beside it in columns' deviations."""
    spread = X.std(axis=0)
    spread[spread == 0] = 1.0
    mine, theirs, made = X[parents[:, 0]] / spread, X[parents[:, 1]] / spread, points / spread
    step = theirs - mine
    share = ((made - mine) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-300)
    return share, float(np.abs(mine + share[:, None] * step - made).max())


def neighbour_sets(X: np.ndarray, y: np.ndarray, label: int, pairs: Any, index: Any) -> dict[str, float]:
    """Shares of starts with equal neighbour sets, and with sets that lie equally far (duplicates tie)."""
    members = np.flatnonzero(y == label)
    theirs = members[index.kneighbors(X[pairs.base], return_distance=False)[:, 1:]]
    equal = np.mean([set(a) == set(b) for a, b in zip(pairs.partners.tolist(), theirs.tolist(), strict=True)])
    far = [np.sort(np.linalg.norm(X[one] - X[pairs.base][:, None], axis=2), axis=1) for one in (pairs.partners, theirs)]
    tied = np.isclose(*far, rtol=1e-9, atol=1e-9).all(axis=1).mean()
    return {"neighbour_sets_equal": float(equal), "neighbour_sets_equal_or_tied": float(tied)}


def same(mine: np.ndarray, theirs: np.ndarray) -> bool:
    return sorted(mine.tolist()) == sorted(theirs.tolist())


def fitted(peer: Any, X: np.ndarray, y: np.ndarray) -> Any:
    peer.fit_resample(X, y)
    return peer


def main() -> None:
    warnings.simplefilter("ignore")  # of both libraries: the figures are what counts here
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(TABLES))
    options = parser.parse_args()
    try:
        import imblearn
    except ImportError:
        print("SKIPPED: imbalanced-learn is not installed (pip install imbalanced-learn)")
        return
    from synthwright.files import write_json

    found: dict[str, Any] = {"imbalanced_learn": imblearn.__version__}
    for name in options.only.split(","):
        table = loaded(name)
        if table is not None:
            found[name] = agreement(*table)
            print(name, json.dumps(found[name], indent=1), flush=True)
    if set(TABLES) <= set(found):
        write_json(HERE / "results/oversampling_agreement.json", found)


if __name__ == "__main__":
    main()
