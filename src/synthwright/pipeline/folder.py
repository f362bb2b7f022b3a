"""The run folder: one name for each file in it, so that no two modules spell one differently."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from synthwright.errors import UsageError

__all__ = ["RunFolder"]


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths below `path`; nothing is created. Only what lies outside `private` is meant to be shared."""

    path: Path

    @property
    def recipe(self) -> Path:
        """The effective recipe."""
        return self.path / "recipe.yaml"

    @property
    def schema(self) -> Path:
        """The effective schema."""
        return self.path / "schema.yaml"

    @property
    def analysis(self) -> Path:
        """Sizes, classes, imbalance, missing rates."""
        return self.path / "analysis.json"

    @property
    def synthetic(self) -> Path:
        """The released rows; absent when a gate withheld them."""
        return self.path / "synthetic.parquet"

    @property
    def measurements(self) -> Path:
        """Every measurement and every skipped metric."""
        return self.path / "measurements.json"

    @property
    def verdict(self) -> Path:
        """What the gates said."""
        return self.path / "verdict.json"

    @property
    def views(self) -> Path:
        """Binned densities with small cells blanked, for the report's pictures."""
        return self.private / "views.json"

    @property
    def report(self) -> Path:
        """One self-contained page."""
        return self.path / "report.html"

    @property
    def card(self) -> Path:
        """The data card."""
        return self.path / "README.md"

    @property
    def record(self) -> Path:
        """Inputs, digests, settings, versions, times."""
        return self.path / "record.json"

    @property
    def manifest(self) -> Path:
        """Name, size and SHA-256 of every other file: without it, the folder is not a result."""
        return self.path / "manifest.json"

    @property
    def private(self) -> Path:
        """What is not meant to be shared."""
        return self.path / "private"

    @property
    def model(self) -> Path:
        """The fitted model, with the verdict of this run."""
        return self.private / "model"

    @property
    def mixed(self) -> Path:
        """Real training rows and synthetic rows, told apart by `source` and `depth`; absent when rows were withheld."""
        return self.private / "mixed.parquet"

    @property
    def mix(self) -> Path:
        """What the mix holds of which group, by what its rows were chosen, and what that does to groups."""
        return self.private / "mix.json"

    @property
    def rejected(self) -> Path:
        """The rows a gate withheld."""
        return self.private / "rejected" / "synthetic.parquet"

    @property
    def review(self) -> Path:
        """The figures of an expert review."""
        return self.path / "review.json"

    @property
    def reviews(self) -> Path:
        """The keys of review sheets, and what reviewers said, word by word."""
        return self.private / "review"

    @property
    def next(self) -> Path:
        """Files that are about to take their places in a finished run, all of them or none."""
        return self.private / "next"

    @property
    def lineage(self) -> Path:
        """One line of provenance per synthetic row."""
        return self.private / "lineage.parquet"

    @property
    def row_risks(self) -> Path:
        """One line of privacy risk per synthetic row."""
        return self.private / "row_risks.parquet"

    @property
    def journal(self) -> Path:
        """Which stages are finished, and the digests of what they wrote."""
        return self.private / "journal.json"

    @property
    def lock(self) -> Path:
        """Held while a process works in the folder."""
        return self.private / ".lock"

    @property
    def lock_name(self) -> str:
        """The same as manifests name files."""
        return self.lock.relative_to(self.path).as_posix()

    @property
    def work(self) -> Path:
        """What stages hand to each other; gone when the run is finished and does not wait for a review."""
        return self.private / "work"

    def require_free(self) -> None:
        """Nothing stands in the way of a new run here.

        Raises
        ------
        UsageError
            The place holds something already; the remedy says whether it can be resumed.
        """
        if not self.path.exists() and not self.path.is_symlink():
            return
        if self.path.is_dir() and not any(self.path.iterdir()):
            return
        remedy = "Choose another place with --out, or remove it first."
        if self.journal.is_file() and not self.manifest.is_file():
            remedy = f"`synthwright resume {self.path}` finishes the run in it; or choose another place with --out."
        raise UsageError(f"{self.path} exists already and is not empty.", remedy=remedy)

    def require_writable(self) -> None:
        """A folder can be made here, as far as rights tell: nothing is tried.

        Raises
        ------
        UsageError
            It can't.
        """
        standing = self.standing
        if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
            raise UsageError(
                f"{self.path} can't be made.",
                evidence=f"{standing} can't be written to.",
                remedy="Choose another place.",
            )

    @property
    def standing(self) -> Path:
        """The nearest folder above `path` (or itself) that exists."""
        place = self.path.absolute()
        while not place.exists() and place != place.parent:
            place = place.parent
        return place
