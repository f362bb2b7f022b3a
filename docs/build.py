"""Write the reference pages from the code and README's figures from the benchmarks; with --check, say what is stale.

python docs/build.py            writes docs/reference/*.md and the figures in README.md
python docs/build.py --check    writes nothing; exit 1 and a list of what is wrong
python docs/build.py --drawings runs docs/curriculum.md (13 CPU-s, with torch) and writes its drawing and what it says
"""

# ruff: noqa: INP001  # a script beside the documents, not a package
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from page_programs import programs

from synthwright import registry

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- written by docs/build.py from the code; do not edit -->\n\n"


def generators_page() -> str:
    """One row per registered method."""
    rows = []
    for name in registry.names("generator"):
        info = registry.find("generator", name).info
        keeps = "yes" if info.keeps_records else "no"
        rows.append([_link("generators", name), info.summary, info.conditions, info.reproducible, keeps, info.source])
    heads = ["name", "what it does", "conditions", "same seed, same bytes", "keeps training rows", "source"]
    return f"{NOTE}# Generators\n\n{_table(heads, rows)}"


def metrics_page() -> str:
    """One row per registered metric."""
    rows = []
    for name in registry.names("metric"):
        info = registry.find("metric", name).info
        measures = ", ".join(f"`{measure}`" for measure in info.measures)
        needs = ", ".join(sorted(info.needs)) or "-"
        rows.append([_link("metrics", name), info.question, measures, needs, info.source])
    return f"{NOTE}# Metrics\n\n{_table(['name', 'question', 'gives', 'needs', 'source'], rows)}"


def cli_page() -> str:
    """Every command with its help and parameters."""
    from typer.main import get_command

    from synthwright.cli.main import app

    group: Any = get_command(app)
    parts = [f"{NOTE}# Commands\n\n{_help(group.help)}\n\n    synthwright COMMAND --help\n"]
    for verb, command in _commands(group):
        shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
        usage = " ".join(["synthwright", verb, "[OPTIONS]", *(_shown(one) for one in shown if _positional(one))])
        parts.append(f"## synthwright {verb}\n\n    {usage}\n\n{_help(command.help)}\n")
        if shown:
            parts.append(_table(["parameter", "meaning", "default"], [_parameter(one) for one in shown]))
    return "\n".join(parts)


def _commands(group: Any) -> list[tuple[str, Any]]:
    """Every verb with its command; those of a group by both words."""
    found: list[tuple[str, Any]] = []
    for verb, command in group.commands.items():
        inner = _commands(command) if hasattr(command, "commands") else []
        found += [(f"{verb} {name}", one) for name, one in inner] or [(verb, command)]
    return found


def intervals_page() -> str:
    """How often each measure's intervals held the truth in simulated tables, from benchmarks/results."""
    told = json.loads((DOCS.parent / "benchmarks/results/interval_coverage.json").read_text(encoding="utf-8"))
    declared = {one for name in registry.names("metric") for one in registry.find("metric", name).info.measures}
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for setting in told["settings"]:
        for measure, said in setting["of"].items():
            if measure.removesuffix(" (coarse)") in declared:
                found.setdefault(measure, []).append((setting["kind"], said))
    rows = []
    for measure, said in sorted(found.items()):
        cells = [_held([one.get(what) for kind, one in said if kind == asked]) for asked, what in _COVERED]
        ends = max(one.get("at_an_end", 0.0) for _, one in said)
        tables = [str(one["tables"]) for _, one in said if one["skipped"] < 1]
        given = next((one["estimate"]["redrawn"] for _, one in said if "redrawn" in one.get("estimate", {})), "-")
        rows.append([f"`{measure}`", given, *cells, f"{100 * ends:.0f} %", min(tables, key=int, default="-")])
    heads = ["measure", "drawn anew", *(f"{kind}, {what}" for kind, what in _COVERED), "at an end", "tables"]
    return f"{NOTE}{_INTERVALS}\n{_table(heads, rows)}"


_COVERED = [(kind, what) for kind in ("fresh", "faulty") for what in ("estimate", "excess")]
_INTERVALS = """# Do the intervals hold?

How often, of 200 simulated tables, a 95 % interval held the truth: the least and the most over train / synthetic /
holdout rows of 1,000 / 1,000 / 333, 300 / 1,200 / 100 and 2,000 / 1,000 / 1,000. Synthetic rows are fresh real ones, or
come from a faulty generator: numbers shifted by .15, a fifth of the rows without dependence, 5 % copies of train rows.
The truth is what the metric's page and docstring call its estimand; *drawn anew* is what it leaves open, of the
estimate. `exact` has no interval, `-` was skipped in such small tables or has no ceiling. Wanted are 92 to 98; more is
unavoidable where an interval touches the end of its range (*at an end*, of the tables), as distances near 0 do, or
where a figure counts what is sure (`fidelity.links`). Numbers in bold are below 92; chance alone puts one in sixteen
there with 100 tables and one in forty with 200. `(coarse)`: in tables whose rows coincide by chance.

`python benchmarks/interval_coverage.py` says it all: every setting, what was true, and how wide intervals are.
"""


def _held(told: list[dict[str, Any] | None]) -> str:
    """The least and the most of 100 intervals that held the truth."""
    if any(one is not None and "interval" in one for one in told):
        return "exact"
    shares = sorted(100 * one["coverage"] for one in told if one is not None)
    if not shares:
        return "-"
    low, high = (f"{share:.1f}".removesuffix(".0") for share in (shares[0], shares[-1]))
    least = f"**{low}**" if shares[0] < 92 else low
    return least if low == high else f"{least} to {high}"


def _link(folder: str, name: str) -> str:
    return f"[`{name}`](../{folder}/{name}.md)"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _positional(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _shown(parameter: Any) -> str:
    """What stands for an argument in the usage line, in brackets where it may be left out."""
    name = parameter.metavar or str(parameter.name).upper()
    return name if parameter.required else f"[{name}]"


def _parameter(parameter: Any) -> list[str]:
    # `secondary_opts` are the opposites of flags; a default may be told in words, which then stand for it.
    name = _shown(parameter) if _positional(parameter) else ", ".join([*parameter.opts, *parameter.secondary_opts])
    told = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    if told in (None, False, (), []) or callable(told):
        default = "required" if parameter.required else ""
    else:
        default = f"`{told.as_posix() if isinstance(told, Path) else getattr(told, 'value', told)}`"
    return [f"`{name}`", " ".join((parameter.help or "").split()), default]


def _help(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").replace("\b", "").splitlines()).strip()


METHODS = {"honest_trees": "tabular.honest_trees", "cart": "CART (py-synthpop)", "argn": "TabularARGN (MOSTLY AI)"}
FIGURES = ("<!-- figures -->\n", "<!-- /figures -->")


def readme() -> str:
    """README.md with the figures of benchmarks/results between its marks."""
    results = DOCS.parent / "benchmarks" / "results"
    rows = [
        "| table | method | seeds | CPU s | shape err % | trend err % | TSTR gap | C2ST | DCR share % | copies % |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for mean in json.loads((results / "honest_trees.json").read_text(encoding="utf-8"))["means"]:
        cpu = mean["fit_cpu_s"] + mean["sample_cpu_s"]
        gap = "-" if mean["gap"] is None else f"{mean['gap']:.4f}"
        figures = (
            f"{cpu:.1f} | {mean['shape_error']:.2f} | {mean['trend_error_common_bins']:.2f} | {gap} | "
            f"{mean['c2st_auc']:.3f} | {mean['dcr_share']:.1f} | {mean['exact_copy_pct']:.2f}"
        )
        rows.append(f"| {mean['table']} | {METHODS[mean['method']]} | {mean['seeds']} | {figures} |")
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    before, after = text.split(FIGURES[0])[0], text.split(FIGURES[1])[1]
    return f"{before}{FIGURES[0]}" + "\n".join(rows) + f"\n{FIGURES[1]}{after}"


PAGES = {"generators": generators_page, "metrics": metrics_page, "cli": cli_page, "intervals": intervals_page}


SAID = ("<!-- said -->\n```text\n", "```\n<!-- /said -->")


def drawn() -> None:
    """docs/curriculum.svg and the figures in docs/curriculum.md are those of a run of the page on this machine."""
    path = DOCS / "curriculum.md"
    text, made = path.read_text(encoding="utf-8"), {"__name__": "page"}
    for _, code in programs(text):
        exec(compile(code, str(path), "exec"), made)  # noqa: S102  # our own page
    before, after = text.split(SAID[0])[0], text.split(SAID[1])[1]
    path.write_text(f"{before}{SAID[0]}{made['told']}\n{SAID[1]}{after}", encoding="utf-8", newline="\n")
    (DOCS / "curriculum.svg").write_text(f"{made['drawing']}\n", encoding="utf-8", newline="\n")


def main() -> int:
    """Write or check the pages; the exit code."""
    if "--drawings" in sys.argv[1:]:
        drawn()
        return 0
    check = "--check" in sys.argv[1:]
    wrong = []
    for name, make in PAGES.items():
        path, text = DOCS / "reference" / f"{name}.md", make()
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            wrong.append(f"{path.relative_to(DOCS.parent).as_posix()} is missing or stale: run `make docs`")
    path, text = DOCS.parent / "README.md", readme()
    if not check:
        path.write_text(text, encoding="utf-8", newline="\n")
    elif path.read_text(encoding="utf-8") != text:
        wrong.append("README.md has other figures than benchmarks/results: run `make docs`")
    for kind in ("generator", "metric"):
        names = [name for name in registry.names(kind) if not (DOCS / f"{kind}s" / f"{name}.md").is_file()]
        wrong += [f"docs/{kind}s/{name}.md is missing: every {kind} has a page" for name in names]
    sys.stdout.write(("\n".join(wrong) or "documentation is complete") + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
