"""Over-samplers against imbalanced-learn: CPU seconds and peak memory at three sizes.

    OMP_NUM_THREADS=1 python benchmarks/oversampling.py [--rows 200000,5000,1000] [--repeats 3] [--only smote_nc,...]

Made data: make_classification, 20 columns (10 informative, 5 redundant), 5 % minority, balanced 1:1, k = 5, one thread;
SMOTE-NC with 15 numbers and 5 labels of 8 levels. Every run is a process of its own; ours and theirs take turns, and
ratios are of such pairs. Small tables are done many times over in one process, and the median call counts. `extra_mb`
is the peak beyond what imports and data took. Writes results/oversampling.json; agreement: oversampling_agreement.py.
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
from statistics import median

import numpy as np

HERE = Path(__file__).parent
PEERS = {
    "random_oversample": "RandomOverSampler",
    "smote": "SMOTE",
    "smote_nc": "SMOTENC",
    "borderline_smote": "BorderlineSMOTE",
    "adasyn": "ADASYN",
}


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
    before, spent, walls = peak_mb(), [], []
    for _ in range(max(1, min(21, 40_000 // rows))):
        start, wall = time.process_time(), time.perf_counter()
        made, _ = one.fit_resample(X, y)
        spent.append(time.process_time() - start)
        walls.append(time.perf_counter() - wall)
    took = {"cpu_s": median(spent), "wall_s": median(walls)}
    return {**took, "peak_mb": peak_mb(), "extra_mb": peak_mb() - before, "rows": len(made)}


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
        what: [round(run["theirs"][what] / max(run["ours"][what], least), 2) for run in runs]
        for what, least in (("cpu_s", 1e-9), ("peak_mb", 1.0), ("extra_mb", 1.0))  # less than 1 MB is none to measure
    }
    middle = {what: median(values) for what, values in ratios.items()}
    print(rows, method, middle, flush=True)
    return {"runs": runs, "theirs_over_ours": ratios, "median": middle}


def main() -> None:
    warnings.simplefilter("ignore")  # of both libraries: the figures are what counts here
    if sys.argv[1:2] == ["--child"]:
        tool, method, rows, seed = sys.argv[2:]
        print(json.dumps(one_run(tool, method, int(rows), int(seed))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="200000,5000,1000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default=",".join(PEERS))
    options = parser.parse_args()
    try:
        import imblearn
    except ImportError:
        print("SKIPPED: imbalanced-learn is not installed (pip install imbalanced-learn)")
        return
    from synthwright.files import write_json

    speed = {
        str(rows): {method: compared(method, rows, options.repeats) for method in options.only.split(",")}
        for rows in map(int, options.rows.split(","))
    }
    path = HERE / "results/oversampling.json"
    known = json.loads(path.read_text(encoding="utf-8")).get("speed", {}) if path.exists() else {}
    both = {rows: {**known.get(rows, {}), **found} for rows, found in {**known, **speed}.items() if rows.isdecimal()}
    found = {"imbalanced_learn": imblearn.__version__, "repeats": options.repeats, "speed": both}
    write_json(HERE / "results/oversampling.json", found)


if __name__ == "__main__":
    main()
