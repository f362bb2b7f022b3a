"""Do 95 % intervals hold the truth 95 times in 100? Every measure of every table metric, 500 tables per setting.

    OMP_NUM_THREADS=1 python benchmarks/interval_coverage.py [--tables 500] [--metrics fidelity,utility.tstr]
        [--settings fresh,1000/1000/333] [--workers 2] [--work FOLDER] [--out FILE] [--all-metrics]

Train, synthetic and holdout come from one population (`fresh`), or synthetic rows from a faulty generator of it:
numbers shifted by .15, a fifth of the rows without dependence, 5 % copies of train rows (`faulty`); see
`simulated_tables`.

The truth of an estimate is its mean over tables that differ in what its estimand leaves open (`redrawn`): everything;
everything but the sizes of groups, where the estimand speaks of groups of these sizes;
synthetic and holdout, where the estimand takes train as given; the holdout alone, where it takes fitted models as
given. The latter are done for many trains and models, 20 tables of each. The excess of fresh rows is 0 in truth; of
fitted models it is the mean over test rows, and `holds_zero` says how often the interval holds 0 all the same. Some
truths are known: planted overlap, links of the population, gaps of the regions that were found. Wanted: 92 to 98 %,
more where an interval touches the end of its range (`at_an_end` of the tables) or the figure counts what is sure. With
a coverage of .95 one figure in a hundred is below .927 (500 tables) or .914 (200).
`too_high` is the share of intervals that lie above the truth.

What was simulated stays in `--work`, where a stopped run goes on; the summary is rewritten after every hundred tables
of a setting. 500 tables take about 40 CPU minutes; metrics that are off by default need `--all-metrics` and as long
again.
"""

from __future__ import annotations

import argparse
import json
from functools import cache, partial
from pathlib import Path
from tempfile import gettempdir

from interval_summary import summary
from simulated_tables import GROUP, IN_GROUPS, Setting, drawn, simulated
from synthwright import registry
from synthwright.engines.context import Context
from synthwright.engines.engine import engine_for
from synthwright.files import make_folder, write_json
from synthwright.seeding import Streams

HERE = Path(__file__).parent
SIZES = ((1_000, 1_000, 333), (300, 1_200, 100), (2_000, 1_000, 1_000))
ROUND = 5  # groups of tables of one setting before the next has its turn
MODELS_GIVEN = (
    *(
        f"utility.{name}"
        for name in ("tstr", "tatr", "relative", "calibration", "groups", "importances", "all_targets")
    ),
    "bias.disparities",
)
TRAIN_GIVEN = ("fidelity.validity", "fidelity.implausible", "privacy.nndr", "privacy.textbook", "utility.trts")
MEASURES_GIVEN = (  # single measures that take train as given
    "fidelity.rare_values",
    "fidelity.rare_values.strata",
    "fidelity.rare_values.new",
    "fidelity.links.strongest",
    "bias.dependence.strongest",
    "diversity.mode_collapse",
    "diversity.smallest_mode",
)
# Their estimates speak of these records and this radius, their excesses of train and holdout in general.
ESTIMATES_GIVEN = tuple(f"privacy.{name}_copies" for name in ("exact", "rounded", "partial", "near"))
GROUPS_GIVEN = ("fidelity.groups",)  # which have as many rows as they have
COARSE = ("diversity.duplicates", "privacy.exact_copies")  # where rows coincide by chance
REDRAWN = ("everything", IN_GROUPS, "synthetic and holdout", "holdout", "synthetic")
LARGE = (40_000, 40_000, 10_000)  # rows that tell how many links the population has
Item = tuple[Setting, tuple[str, ...], int]


def redrawn_for(metric: str, measure: str, what: str) -> str:
    """What may differ between tables that share the estimand of this estimate or excess."""
    if metric in MODELS_GIVEN:
        return "holdout"
    if metric in TRAIN_GIVEN or measure in MEASURES_GIVEN:
        return "synthetic and holdout"
    if metric in GROUPS_GIVEN:
        return IN_GROUPS
    return "synthetic" if what == "estimate" and metric in ESTIMATES_GIVEN else "everything"


def simulated_in(names: list[str], redrawn: str) -> tuple[str, ...]:
    """The metrics that have something to say in such tables."""
    of = {name: registry.find("metric", name).info.measures for name in names}
    asked = {name: {redrawn_for(name, one, what) for one in of[name] for what in ("estimate", "excess")} for name in of}
    return tuple(name for name in names if redrawn in asked[name])


def plan(names: list[str], asked: list[str]) -> list[tuple[Setting, tuple[str, ...]]]:
    """Settings with the metrics that are simulated in them."""
    made = []
    for sizes in SIZES:
        for kind in ("fresh", "faulty"):
            if not all(one in (kind, "/".join(map(str, sizes))) for one in asked):
                continue
            coarse = [name for name in names if name in COARSE]
            made += [(Setting(kind, sizes, redrawn), simulated_in(names, redrawn)) for redrawn in REDRAWN]
            made += [(Setting(kind, sizes, redrawn, coarse=True), simulated_in(coarse, redrawn)) for redrawn in REDRAWN]
    return [(setting, metrics) for setting, metrics in made if metrics]


def home_of(work: Path, setting: Setting, group: int) -> Path:
    told = [setting.kind, *map(str, setting.sizes), setting.redrawn.replace(" ", "_"), *["coarse"] * setting.coarse]
    return work / f"{'-'.join(told)}-{group}.json"


def simulated_group(work: Path, item: Item) -> None:
    """The tables of one group, simulated once: metrics that the folder lacks are added."""
    setting, metrics, group = item
    home = home_of(work, setting, group)
    before = json.loads(home.read_text(encoding="utf-8")) if home.exists() else {}
    if new := [name for name in metrics if name not in before]:
        found = simulated(setting, new, range(group * GROUP, (group + 1) * GROUP))
        write_json(home, before | found)


def summarised(work: Path, planned: list[tuple[Setting, tuple[str, ...]]], groups: int) -> list[dict]:
    """Every measure of every setting, from the groups that are there."""
    made: dict[tuple, dict] = {}
    for setting, metrics in planned:
        of = made.setdefault((setting.kind, setting.sizes), {})
        homes = [home for at in range(groups) if (home := home_of(work, setting, at)).exists()]
        files = [json.loads(home.read_text(encoding="utf-8")) for home in homes]
        for metric in metrics:
            said: dict[str, list] = {}
            for one in files:
                for measure, tables in one.get(metric, {}).items():
                    said.setdefault(measure, []).extend(tables)
            truths = links(setting.kind) if metric == "fidelity.links" else {}
            for measure, tables in said.items():
                told = summary(setting, measure, tables, truths)
                for what, beside in (("estimate", "at_an_end"), ("excess", "holds_zero")):
                    if redrawn_for(metric, measure, what) != setting.redrawn:
                        told.pop(what, None), told.pop(beside, None)
                name = measure + " (coarse)" * setting.coarse
                if "estimate" in told or "excess" in told or told["skipped"] == 1:
                    of[name] = of.get(name, {}) | told
    return [
        {"kind": kind, "train": sizes[0], "synthetic": sizes[1], "holdout": sizes[2], "of": dict(sorted(of.items()))}
        for (kind, sizes), of in made.items()
        if of
    ]


@cache
def links(kind: str) -> dict[str, list]:
    """How many wrong links the population has, by measure: estimate and excess, which has none in the holdout."""
    if kind == "fresh":
        return {name: [0.0, 0.0] for name in registry.find("metric", "fidelity.links").info.measures[:3]}
    comparison = drawn(Setting(kind, LARGE, "everything"), 0)
    told = registry.find("metric", "fidelity.links")().measure(comparison, Context(streams=Streams(0)))
    return {one.metric: [one.estimate.value] * 2 for one in told[:3]}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tables", type=int, default=500)
    options.add_argument("--metrics", default="")
    options.add_argument("--settings", default="")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--all-metrics", action="store_true")
    options.add_argument("--work", type=Path, default=Path(gettempdir()) / "interval_coverage")
    options.add_argument("--out", type=Path, default=HERE / "results" / "interval_coverage.json")
    asked = options.parse_args()
    names = list(registry.names("metric", kind="table"))
    names = [name for name in names if asked.all_metrics or registry.find("metric", name).info.default]
    chosen = tuple(filter(None, asked.metrics.split(",")))
    names = [name for name in names if not chosen or name.startswith(chosen)]
    planned = plan(names, list(filter(None, asked.settings.split(","))))
    groups = -(-asked.tables // GROUP)
    make_folder(asked.work)
    for start in range(0, groups, ROUND):
        for setting, metrics in planned:
            items = [(setting, metrics, group) for group in range(start, min(start + ROUND, groups))]
            engine_for(asked.workers).map(partial(simulated_group, asked.work), items)
            told = summarised(asked.work, planned, groups)
            write_json(asked.out, {"confidence": 0.95, "settings": told})
            print(setting, "tables", (start + len(items)) * GROUP, flush=True)


if __name__ == "__main__":
    main()
