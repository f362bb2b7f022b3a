"""CPU seconds and peak memory of `rules.schema_sampler` on a million rows of ten columns, names included, and Faker's.

    OMP_NUM_THREADS=1 python benchmarks/schema_sampler.py

Rows are drawn in blocks and let go, in a process of its own for each size: the peak is what a consumer of blocks needs.
Faker makes the same ten columns row by row (3,000 rows of them; its cost per row does not depend on their number), with
NumPy's numbers where it has no family of its own. Without Faker installed its figures are left out, and that is said.

Writes results/schema_sampler.json.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from synthwright.files import write_json

RESULT = Path(__file__).parent / "results" / "schema_sampler.json"
SIZES = (100_000, 1_000_000, 3_000_000)
FAKER_ROWS = 3_000
COLUMNS = {
    "id": {"kind": "id", "distribution": {"family": "sequence", "prefix": "C", "width": 9}},
    "name": {"kind": "text", "distribution": {"family": "name"}},
    "email": {"kind": "text", "distribution": {"family": "email", "of": "name"}},
    "address": {"kind": "text", "distribution": {"family": "address"}},
    "code": {"kind": "id", "distribution": {"family": "pattern", "mask": "##-??"}},
    "age": {"kind": "integer", "bounds": [18, 90], "distribution": {"family": "normal", "mean": 42, "sd": 15}},
    "wage": {"kind": "float", "decimals": 2, "distribution": {"family": "lognormal", "mu": 8, "sigma": 0.5}},
    "plan": {
        "kind": "categorical",
        "categories": ["free", "basic", "pro"],
        "distribution": {"family": "weights", "weights": [6, 3, 1]},
    },
    "joined": {
        "kind": "datetime",
        "unit": "minute",
        "bounds": ["2020-01-01", "2024-12-31"],
        "distribution": {"family": "calendar", "hours": [9, 17]},
    },
    "bonus": {"kind": "float", "decimals": 2, "distribution": {"family": "value", "value": "wage / 12"}},
}


def drawn(n: int) -> dict[str, float]:
    from synthwright.engines.context import Context
    from synthwright.generators.schema_model import schema_model, schema_of
    from synthwright.seeding import Streams

    began = time.process_time()
    model = schema_model(schema_of({"columns": COLUMNS}), Context(streams=Streams(0)))
    rows = sum(len(block) for block in model.stream(n, seed=0))
    return {"rows": rows, "cpu_s": round(time.process_time() - began, 2), "peak_mb": peak_mb()}


def faked(n: int) -> dict[str, float]:
    import numpy as np
    from faker import Faker

    fake, rng = Faker("en_US"), np.random.default_rng(0)
    fake.seed_instance(0)
    began = time.process_time()
    for at in range(n):
        wage = round(rng.lognormal(8, 0.5), 2)
        _ = (
            f"C{at:09}",
            fake.name(),
            fake.email(),
            fake.address(),
            fake.bothify("##-??"),
            int(np.clip(rng.normal(42, 15), 18, 90)),
            wage,
            fake.random_element(("free", "basic", "pro")),
            fake.date_time_between("-5y"),
            round(wage / 12, 2),
        )
    return {"rows": n, "cpu_s": round(time.process_time() - began, 3), "peak_mb": peak_mb()}


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def alone(what: str, n: int) -> dict[str, float] | None:
    done = subprocess.run([sys.executable, __file__, what, str(n)], capture_output=True, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def main() -> None:
    if len(sys.argv) == 3:
        print(json.dumps({"drawn": drawn, "faked": faked}[sys.argv[1]](int(sys.argv[2]))))
        return
    ours = [found for n in SIZES if (found := alone("drawn", n)) is not None]
    peer = alone("faked", FAKER_ROWS)
    result = {"columns": len(COLUMNS), "schema_sampler": ours, "faker": peer}
    if peer is None:
        print("Faker is not installed: its figures are left out.")
    else:
        per_row = [one["cpu_s"] / one["rows"] for one in (peer, ours[1])]
        result["cost_ratio"] = round(per_row[0] / per_row[1], 1)
    write_json(RESULT, result)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
