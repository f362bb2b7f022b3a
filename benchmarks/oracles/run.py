"""Evaluate the evaluators: synthwright and others over planted tables whose answers are known.

    python benchmarks/oracles/run.py                          everything, and the tables
    python benchmarks/oracles/run.py ours [--seed S]          synthwright alone
    python benchmarks/oracles/run.py peers --only sdmetrics   one of the others, from its own environment
    python benchmarks/oracles/run.py findings                 the single findings, one command each
    python benchmarks/oracles/run.py table                    results/oracles.json and docs/oracles.md, from `--work`

Every other evaluator runs in a process of its own from `--venvs`/NAME/bin/python (README.md beside this file has the
pip lines), one after another at nice 5 with one thread; one whose environment is missing is left out, loudly. What has
been measured stays in `--work` and is not measured again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from cases import REFERENCES, ROWS, folder_of, reference_folders, write_cases
from catalogue import ORACLES
from checks import ALL
from oracle import Oracle, ask, judged
from page import page
from planting import fresh
from populations import NAMES, population
from ruling import PUBLISHED, VARIANTS, Rule, Ruling, ruling

import synthwright
from synthwright.files import make_folder, write_json, write_text

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = {
    "synthwright": "synthwright, same files",
    "sdmetrics": "SDMetrics",
    "mostlyai_qa": "MOSTLY AI QA",
    "syntheval": "SynthEval",
    "anonymeter": "Anonymeter",
    "synthcity": "synthcity",
}
FINDINGS = {
    "of_sdmetrics": "sdmetrics",
    "of_syntheval": "syntheval",
    "of_anonymeter": "anonymeter",
    "of_synthcity": "synthcity",
}


def ours(work: Path, seed: int) -> None:
    """Every oracle on every population at full size, by the figures in question; and what the whole suite costs."""
    told = []
    for oracle in ORACLES:
        for name in oracle.populations:
            made = judged(oracle, name, quick=False, seed=seed)
            rows = oracle.rows(population(name), quick=False)
            told.append(
                {
                    "oracle": oracle.key,
                    "population": name,
                    "rows": rows,
                    "right": all(one.right for one in made),
                    "statements": [vars(one) for one in made],
                }
            )
            print(oracle.key, name, "right" if told[-1]["right"] else "wrong", flush=True)
    write_json(work / "ours.json", {"version": synthwright.__version__, "seed": seed, "told": told, "cost": cost()})


def cost() -> dict[str, Any]:
    """CPU seconds and peak memory of the whole default suite on tables like the peers', in a child process."""
    code = "from run import whole_suite; whole_suite()"
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", code], cwd=HERE, env=_one_thread())
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit("the whole suite did not end well")
    return {
        "wall_s": round(time.perf_counter() - start, 2),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }


def whole_suite() -> None:
    """All default metrics on fresh rows, as many as the peers get."""
    fresh = ORACLES[0].plant(population("mixed"), ROWS, 0)
    ask(fresh, seed=0, asked=frozenset({ALL}))


def peers(work: Path, venvs: Path, only: list[str]) -> None:
    """Every other evaluator over every case file."""
    folders = sorted(write_cases(work / "cases"))
    for name in only:
        python = _python(venvs, name)
        if python is not None:
            script = HERE / "peers" / f"{name}_figures.py"
            out = ["--out", str(work / f"{name}.json")]
            subprocess.run(
                ["nice", "-n", "5", str(python), str(script), *map(str, folders), *out], check=True, env=_one_thread()
            )


def findings(work: Path, venvs: Path) -> None:
    """Every single finding, by its own command."""
    found = []
    for script, name in FINDINGS.items():
        python = _python(venvs, name)
        if python is not None:
            command = ["nice", "-n", "5", str(python), str(HERE / "defects" / f"{script}.py")]
            answer = subprocess.run(command, check=True, env=_one_thread(), capture_output=True, text=True)
            found += [{**json.loads(line), "script": script} for line in answer.stdout.splitlines() if line[:1] == "{"]
    write_json(work / "findings.json", found)


def table(work: Path, results: Path, docs: Path) -> None:
    """One JSON file from what is in `work`, and the page from it."""
    read = {
        name: json.loads((work / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("ours", *PEERS, "findings")
        if (work / f"{name}.json").is_file()
    }
    tools = {name: read[name] for name in PEERS if name in read}
    made = {
        "rows": ROWS,
        "references": REFERENCES,
        "populations": {name: _columns(name) for name in NAMES},
        "ours": {key: read["ours"][key] for key in ("version", "seed", "cost")},
        "tools": {
            name: {"name": PEERS[name], "versions": one["versions"], **_totals(one)} for name, one in tools.items()
        },
        "oracles": [_row(oracle, read["ours"]["told"], tools) for oracle in ORACLES],
        "variants": _variants(tools),
        "findings": read.get("findings", []),
    }
    write_json(results, made)
    write_text(docs, page(made))


def _row(oracle: Oracle, told: list[dict[str, Any]], tools: dict[str, Any]) -> dict[str, Any]:
    said = {name: vars(found) for name, one in tools.items() if (found := _ruled(oracle, one["cases"], PUBLISHED))}
    return {
        "number": oracle.number,
        "name": oracle.name,
        "planted": oracle.planted,
        "must": oracle.must,
        "areas": oracle.areas,
        "fault": oracle.fault,
        "ours": [
            {key: one[key] for key in ("population", "rows", "right")}
            | {"wrong": [s for s in one["statements"] if not s["right"]]}
            for one in told
            if one["oracle"] == oracle.key
        ],
        "tools": said,
    }


def _ruled(oracle: Oracle, answers: dict[str, Any], rule: Rule) -> Ruling | None:
    """What one tool says about one oracle is worth; None where it was not run."""
    here, same = Path(), folder_of(Path(), ORACLES[0]).name
    folder = folder_of(here, oracle).name
    if folder not in answers:
        return None
    own = [answers[path.name] for path in reference_folders(here, oracle) if path.name in answers]
    spread = [answer for key, answer in answers.items() if key.startswith("reference_fresh_")]
    if rule.same_draw and oracle.reference is fresh and same in answers:
        own, spread = [*own, answers[same]], [*spread, answers[same]]
    return ruling(oracle, answers[folder], own, spread, rule)


def _variants(tools: dict[str, Any]) -> dict[str, dict[str, list[int]]]:
    """How many right, wrong and silent rulings each tool would have under other numbers in the rule."""
    counts: dict[str, dict[str, list[int]]] = {}
    for variant, rule in VARIANTS.items():
        for name, one in tools.items():
            found = [result.outcome for oracle in ORACLES if (result := _ruled(oracle, one["cases"], rule))]
            kinds = ("right", "wrong", "no statement")
            counts.setdefault(variant, {})[name] = [found.count(kind) for kind in kinds]
    return counts


def _totals(tool: dict[str, Any]) -> dict[str, Any]:
    """Median CPU seconds (with those of the start) and largest peak memory over the cases."""
    cases = tool["cases"]
    seconds = sorted(one["cpu_s"] for one in cases.values())
    return {
        "cases": len(cases),
        "cpu_s": round(seconds[len(seconds) // 2] + tool.get("start_cpu_s", 0.0), 2),
        "peak_mb": max(one["peak_mb"] for one in cases.values()),
    }


def _columns(name: str) -> dict[str, Any]:
    people = population(name)
    return {"rows": people.rows, "columns": [f"{column.name}: {column.kind}" for column in people.schema]}


def _python(venvs: Path, name: str) -> Path | None:
    python = Path(sys.executable) if name == "synthwright" else venvs / name / "bin" / "python"
    if python.is_file():
        return python
    print(f"LEFT OUT: there is no {python}; README.md has the pip lines", file=sys.stderr)
    return None


def _one_thread() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "LOKY_MAX_CPU_COUNT": "1"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", nargs="?", choices=("all", "ours", "peers", "findings", "table"), default="all")
    options.add_argument("--venvs", type=Path, default=ROOT / "runs" / "oracles" / "venvs")
    options.add_argument("--work", type=Path, default=ROOT / "runs" / "oracles")
    options.add_argument("--only", default=",".join(PEERS))
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    make_folder(given.work)
    if given.what in {"all", "ours"}:
        ours(given.work, given.seed)
    if given.what in {"all", "peers"}:
        peers(given.work, given.venvs, given.only.split(","))
    if given.what in {"all", "findings"}:
        findings(given.work, given.venvs)
    table(given.work, ROOT / "benchmarks" / "results" / "oracles.json", ROOT / "docs" / "oracles.md")


if __name__ == "__main__":
    main()
