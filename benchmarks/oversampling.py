"""Over-samplers against imbalanced-learn: CPU seconds, peak memory, and agreement on three real tables.

    OMP_NUM_THREADS=1 python benchmarks/oversampling.py [--rows 200000] [--repeats 3] [--only smote_nc,...]

Made data: make_classification, 20 columns (10 informative, 5 redundant), 5 % minority, balanced 1:1, k = 5, one thread;
SMOTE-NC with 15 numbers and 5 labels of 8 levels. Every run is a process of its own; ours and theirs take turns, and
ratios are of such pairs. `extra_mb` is the peak beyond what imports and data took. Agreement: mammography, oil_spill,
creditcard_fraud_sample, the smallest class brought to the size of the largest. Writes results/oversampling.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

import real_tables

HERE = Path(__file__).parent
PEERS = {
    "random_oversample": "RandomOverSampler",
    "smote": "SMOTE",
    "smote_nc": "SMOTENC",
    "borderline_smote": "BorderlineSMOTE",
    "adasyn": "ADASYN",
}
TABLES = ("mammography", "oil_spill", "creditcard_fraud_sample")


def made_data(method: str, rows: int, seed: int):
    import pandas as pd
    from sklearn.datasets import make_classification

    mixed = method == "smote_nc"
    numbers = 15 if mixed else 20
    X, y = make_classification(
        rows, numbers, n_informative=10, n_redundant=5, weights=[0.95], flip_y=0, random_state=seed
    )
    if mixed:
        codes = np.random.default_rng(seed).integers(0, 8, (rows, 5))
        X = pd.DataFrame(X, columns=[f"x{at}" for at in range(numbers)])
        for at in range(5):
            X[f"c{at}"] = pd.Categorical.from_codes(codes[:, at], [f"level {one}" for one in range(8)])
    return X, y


def sampler(tool: str, method: str):
    if tool == "ours":
        import synthwright as sw

        return sw.Oversampler(f"tabular.{method}")
    from imblearn import over_sampling

    told = {"categorical_features": "auto"} if method == "smote_nc" else {}
    return getattr(over_sampling, PEERS[method])(random_state=0, **told)


def one_run(tool: str, method: str, rows: int, seed: int) -> dict[str, float]:
    X, y = made_data(method, rows, seed)
    small, few = np.flatnonzero(y == 1)[:50], np.flatnonzero(y == 0)[:100]
    some = np.concatenate([small, few])
    one = sampler(tool, method)
    one.fit_resample(X.iloc[some] if hasattr(X, "iloc") else X[some], y[some])  # imports are not the method's
    before, start, wall = peak_mb(), time.process_time(), time.perf_counter()
    made, _ = one.fit_resample(X, y)
    spent = {"cpu_s": time.process_time() - start, "wall_s": time.perf_counter() - wall}
    return {**spent, "peak_mb": peak_mb(), "extra_mb": peak_mb() - before, "rows": len(made)}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(tool: str, method: str, rows: int, seed: int) -> dict[str, float]:
    """`one_run` in a process of its own."""
    call = [sys.executable, __file__, "--child", tool, method, str(rows), str(seed)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(call, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def compared(method: str, rows: int, repeats: int) -> dict[str, object]:
    runs = [{tool: apart(tool, method, rows, seed) for tool in ("ours", "theirs")} for seed in range(repeats)]
    ratios = {
        what: [round(run["theirs"][what] / max(run["ours"][what], 1e-9), 2) for run in runs]
        for what in ("cpu_s", "peak_mb", "extra_mb")
    }
    print(method, ratios, flush=True)
    return {"runs": runs, "theirs_over_ours": ratios}


def agreement(name: str) -> dict[str, object] | None:
    """Neighbour sets, rows to start from, points on segments and counts on a real table."""
    path = real_tables.find(name)
    if path is None:
        print(f"SKIPPED {name}: it lies neither in $SYNTHWRIGHT_DATA nor in ../shared/data")
        return None
    import pandas as pd
    from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE

    import synthwright as sw
    from synthwright.generators.class_rows import ClassRows
    from synthwright.generators.feature_frames import Features
    from synthwright.generators.oversampling import oversample
    from synthwright.seeding import Streams

    frame = pd.read_parquet(path)
    target = "Class" if "Class" in frame else frame.columns[-1]
    y = np.unique(frame[target].to_numpy(), return_inverse=True)[1]
    X = frame.drop(columns=target).select_dtypes("number").to_numpy(dtype=float)
    label = int(np.bincount(y).argmin())
    members = np.flatnonzero(y == label)
    table = Features.of(X, None, inferred=False).with_classes(y, 2)
    rows = ClassRows.of(table)
    ours = {one: method.pairs(rows, label, Streams(0)) for one, method in methods(sw).items()}
    peers = {
        "smote": SMOTE(random_state=0),
        "borderline": BorderlineSMOTE(random_state=0),
        "adasyn": ADASYN(random_state=0),
    }
    for peer in peers.values():
        peer.fit_resample(X, y)
    theirs = members[peers["smote"].nn_k_.kneighbors(X[members], return_distance=False)[:, 1:]]
    equal, tied = same_neighbours(X, ours["smote"].partners, theirs, members)
    made = sw.Oversampler("tabular.smote").fit_resample(X, y)
    beside = off_segment(X, made[0][len(X) :], members, ours["smote"].partners)
    shares = ours["adasyn"].weights / ours["adasyn"].weights.sum()
    nn = peers["adasyn"].nn_
    peer_made = len(peers["adasyn"].fit_resample(X, y)[0]) - len(X)
    wanted = int(np.bincount(y).max() - len(members))
    return {
        "rows": len(X),
        "columns": X.shape[1],
        "minority": len(members),
        "neighbour_sets_equal": equal,
        "neighbour_sets_equal_or_tied": tied,
        "counts_after": np.bincount(made[1]).tolist(),
        "farthest_from_a_segment_over_column_spread": beside,
        "danger_rows": [len(ours["borderline"].base), len(peers["borderline"].in_danger_indices[label])],
        "danger_rows_equal": sorted(ours["borderline"].base.tolist())
        == sorted(peers["borderline"].in_danger_indices[label].tolist()),
        "adasyn_rows": {
            "wanted": wanted,
            "theirs": peer_made,
            "ours_rounded_as_theirs": int(np.rint(shares * wanted).sum()),
        },
        "k": nn.n_neighbors - 1,
        "seeds_agree": oversample(table, sw.tabular.Smote(), seed=1).digest()
        == oversample(table, sw.tabular.Smote(), seed=1).digest(),
    }


def methods(sw):
    return {"smote": sw.tabular.Smote(), "borderline": sw.tabular.BorderlineSmote(), "adasyn": sw.tabular.Adasyn()}


def same_neighbours(X, ours, theirs, members) -> tuple[float, float]:
    """Shares of rows with equal neighbour sets, and with sets that lie equally far (duplicates tie)."""
    equal = np.mean([set(a) == set(b) for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)])
    mine, other = (np.sort(np.linalg.norm(X[one] - X[members][:, None], axis=2), axis=1) for one in (ours, theirs))
    return float(equal), float(np.isclose(mine, other, rtol=1e-9, atol=1e-9).all(axis=1).mean())


def off_segment(X, made, members, partners, most=300) -> float:
    """The largest distance of the first new rows from the nearest segment between a row and a neighbour, scaled."""
    spread = X[members].std(axis=0)
    spread[spread == 0] = 1.0
    start = np.repeat(X[members], partners.shape[1], axis=0) / spread
    step = X[partners.reshape(-1)] / spread - start
    length = np.maximum((step**2).sum(axis=1), 1e-300)
    worst = 0.0
    for row in made[:most] / spread:
        share = np.clip(((row - start) * step).sum(axis=1) / length, 0, 1)
        worst = max(worst, float(np.sqrt(((start + share[:, None] * step - row) ** 2).sum(axis=1)).min()))
    return worst


def main() -> None:
    warnings.simplefilter("ignore")  # of both libraries: the figures are what counts here
    if sys.argv[1:2] == ["--child"]:
        tool, method, rows, seed = sys.argv[2:]
        print(json.dumps(one_run(tool, method, int(rows), int(seed))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default=",".join(PEERS))
    options = parser.parse_args()
    try:
        import imblearn
    except ImportError:
        print("SKIPPED: imbalanced-learn is not installed (pip install imbalanced-learn)")
        return
    from synthwright.files import write_json

    found = {
        "imbalanced_learn": imblearn.__version__,
        "rows": options.rows,
        "repeats": options.repeats,
        "speed": {method: compared(method, options.rows, options.repeats) for method in options.only.split(",")},
        "agreement": {name: agreement(name) for name in TABLES},
    }
    write_json(HERE / "results/oversampling.json", found)
    print(json.dumps(found["agreement"], indent=1))


if __name__ == "__main__":
    main()
