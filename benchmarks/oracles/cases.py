"""The planted tables as files, for evaluators that run in a process of their own."""

from __future__ import annotations

from pathlib import Path

from catalogue import ORACLES
from oracle import Oracle
from planting import Case, Plant
from populations import population

from synthwright.data.table import Table
from synthwright.data.writing import write_table
from synthwright.files import make_folder, write_json

__all__ = ["REFERENCES", "folder_of", "reference_folders", "write_cases"]

POPULATION, ROWS = "mixed", 1_000
REFERENCES = {"fresh": (101, 102, 103)}  # seeds of the tables without fault; two of every other kind
TWO = (101, 102)


def write_cases(home: Path, chosen: list[Oracle] | None = None) -> list[Path]:
    """Every planted table and every reference as a folder under `home`; the folders."""
    made: dict[Path, tuple[Plant, int]] = {}
    for oracle in ORACLES if chosen is None else chosen:
        if POPULATION in oracle.populations:
            made[folder_of(home, oracle)] = (oracle.plant, 0)
            if oracle.reference is not None:
                seeds = REFERENCES.get(oracle.reference.__name__, TWO)  # type: ignore[attr-defined]  # a function
                found = zip(reference_folders(home, oracle), seeds, strict=True)
                made |= {folder: (oracle.reference, seed) for folder, seed in found}
    for folder, (plant, seed) in made.items():
        if not folder.is_dir():
            _write(folder, plant(population(POPULATION), ROWS, seed))
    return list(made)


def folder_of(home: Path, oracle: Oracle) -> Path:
    """Where the tables of `oracle` lie."""
    return home / oracle.key.replace("%", "percent").replace(" ", "_")


def reference_folders(home: Path, oracle: Oracle) -> list[Path]:
    """Where the tables without fault lie that `oracle` is held against."""
    name = "" if oracle.reference is None else oracle.reference.__name__  # type: ignore[attr-defined]  # a function
    return [home / f"reference_{name}_{seed}" for seed in REFERENCES.get(name, TWO)]


def _write(folder: Path, case: Case) -> None:
    make_folder(folder)
    for part in ("train", "synthetic", "holdout"):
        write_table(getattr(case, part), folder / f"{part}.parquet")
    write_json(folder / "roles.json", _roles(case.train))


def _roles(train: Table) -> dict[str, object]:
    names = train.names
    return {
        "kinds": {column.name: column.kind for column in train.schema},
        "target": None if train.schema.target is None else train.schema.target.name,
        "group": "group" if "group" in names else None,
        "secret": "secret" if "secret" in names else None,
    }
