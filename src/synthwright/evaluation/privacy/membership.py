"""Can train rows be told from unseen real rows by how synthetic rows lie around them?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.attacks import (
    ATTACKS,
    FEWEST,
    Attacked,
    Side,
    attacked,
    radii_with_copy,
    scores_of,
)
from synthwright.evaluation._neighbours.crossfit import (
    RATE,
    Half,
    area,
    chosen_elsewhere,
    false_positives,
    odds,
    picking_variance,
    rate,
    rate_at,
    rate_ends,
)
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._neighbours.exchanging import confounded
from synthwright.evaluation._neighbours.planting import Seen, smallest_share
from synthwright.evaluation._statistics.counted import scaled_difference
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import difference_of_shares, normal, wilson
from synthwright.evaluation._statistics.roc import placements
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["Membership"]

_FEWEST_FOR_RATE = 50  # non-members per half: of fewer, none is near the one in a hundred


@dataclass(frozen=True, kw_only=True)
class Membership:
    """Area under the ROC curve of the better of two attacks that tell train rows from unseen real rows.

    `privacy.membership` is this area (0.5: members can't be told), `.tpr` the share of members recognised where 1 % of
    non-members are taken for members, `.outliers` and `.outliers.tpr` the same among the twentieth of rows that lie
    farthest from other real rows: who is unlike everybody is recognised first.

    Members are train rows, non-members holdout rows, both among the records that occur once. The attacks compare the
    distance to synthetic rows with that to real rows, a fifth of the holdout whose rows are no targets (see
    `attacks.scores_of`). The better attack is chosen on one half of the targets and judged on the other, in both
    directions. Where members and non-members differ without any synthetic row, all is skipped as confounded (see
    `privacy.exchangeable`).

    The estimand is the expected area (rate) for these synthetic rows over the targets, members and non-members, that
    could have been drawn; DeLong's interval. The ceiling attacks with the real rows alone, and can but guess; the floor
    with rows without skill. `detectable` is a share of synthetic rows: copies of train rows, as many of them, would
    have raised the lower end of the interval above 0.5 (above 1 %) in 95 of 100 tables.
    """

    targets: int = 6_000
    references: int = 40_000
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Can rows of train be told from unseen real rows by the synthetic rows around them?",
        source="van Breugel et al. (2023), arXiv:2302.12580 (density ratio); Ward et al. (2025), arXiv:2509.18014; "
        "interval: DeLong et al. (1988)",
        measures=(
            "privacy.membership",
            "privacy.membership.tpr",
            "privacy.membership.outliers",
            "privacy.membership.outliers.tpr",
        ),
        needs=frozenset({"holdout"}),
        cost=1,
        rests_on=("holdout",),
        limits=("targets", "references"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Area and rate, of all rows and of outliers; skipped where rows are too few or not exchangeable."""
        found = attacked(comparison, targets=self.targets, references=self.references)
        reason = found if isinstance(found, str) else confounded(comparison)
        if isinstance(found, str) or reason:
            return [Skipped(name, reason) for name in self.info.measures]
        results: list[Measurement | Skipped] = []
        for name in (self.info.measures[0], self.info.measures[2]):
            kept = "outlying" if name.endswith("outliers") else "drawn"
            members, others = (side.take(getattr(side, kept)) for side in (found.members, found.others))
            results += _Stratum(comparison, name, members, others, found).measurements()
        return results


@dataclass(frozen=True, eq=False)
class _Stratum:
    """Some of the targets, and what the attacks do to them."""

    comparison: Comparison
    name: str
    members: Side
    others: Side
    found: Attacked

    def measurements(self) -> list[Measurement | Skipped]:
        fewest = min(int((side.fold == half).sum()) for side in (self.members, self.others) for half in (0, 1))
        names = self.name, f"{self.name}.tpr"
        if fewest < FEWEST:
            return [
                Skipped(name, f"it needs {FEWEST} rows of each kind in either half, not {fewest}") for name in names
            ]
        results: list[Measurement | Skipped] = [self._area()]
        known = min(int((self.others.fold == half).sum()) for half in (0, 1))
        if known < _FEWEST_FOR_RATE:
            reason = f"it needs {_FEWEST_FOR_RATE} unseen real rows in either half to speak of 1 in 100, not {known}"
            return [*results, Skipped(names[1], reason)]
        return [*results, self._rate()]

    def _halves(self, of: str = "near") -> list[dict[str, Half]]:
        made = []
        for half in (0, 1):
            sides = [side.take(side.fold == half) for side in (self.members, self.others)]
            made.append(
                {attack: Half(*(scores_of(attack, getattr(s, of), s.apart) for s in sides)) for attack in ATTACKS}
            )
        return made

    def _guesses(self) -> list[Half]:
        """What the real rows alone say: members have no reason to be nearer to them."""
        nowhere = {side: np.zeros_like(side.apart) for side in (self.members, self.others)}
        return [
            Half(*(-scores_of(ATTACKS[1], nowhere[s][s.fold == half], s.apart[s.fold == half]) for s in nowhere))
            for half in (0, 1)
        ]

    def _figure(self, halves: list[Half]) -> Figure:
        value, mine, theirs = 0.0, np.zeros(len(self.members.rows)), np.zeros(len(self.others.rows))
        for at, half in enumerate(halves):
            one, of_members, of_others = area(half)
            value += one / 2
            mine[self.members.fold == at], theirs[self.others.fold == at] = of_members / 2, of_others / 2
        moves = {
            "train": row_moves(self.comparison, "train", self.members.rows, mine),
            "holdout": row_moves(self.comparison, "holdout", self.others.rows, theirs),
        }
        return Figure(value, moves)

    def _chosen(self, halves: list[dict[str, Half]]) -> Figure:
        """The area of the attacks chosen on the other half, with what the choice adds to its error."""
        best = self._figure(chosen_elsewhere(halves, lambda half: area(half)[0]))
        first, second = ([half[attack] for half in halves] for attack in ATTACKS)
        more = np.sqrt(1 + picking_variance(first, second) / best.variance) if best.variance > 0 else 1.0
        return Figure(best.value, {part: moves * more for part, moves in best.moves.items()})

    def _area(self) -> Measurement:
        halves = self._halves()
        best = self._chosen(halves)
        blind = self._figure(chosen_elsewhere(self._halves("blind"), lambda half: area(half)[0]))
        made = measured(
            self.name,
            self.comparison,
            best,
            self._figure(self._guesses()),
            baseline=blind.value,
            better="target",
            parts=self._parts(halves),
        )
        return self._stated(replace(made, target=0.5, detectable=min(self._area_limit(attack) for attack in ATTACKS)))

    def _rate(self) -> Measurement:
        estimate = rate(chosen_elsewhere(self._halves(), lambda half: rate_at(half, RATE)))
        guessed = rate(self._guesses())
        blind = rate(chosen_elsewhere(self._halves("blind"), lambda half: rate_at(half, RATE)))
        return self._stated(
            Measurement(
                metric=f"{self.name}.tpr",
                estimate=estimate,
                better="lower",
                n_real=0,
                n_synthetic=0,
                holdout=guessed,
                baseline=Estimate.exact(blind.value),
                excess=scaled_difference(estimate, guessed),
                detectable=self._rate_limit(),
            )
        )

    def _stated(self, made: Measurement) -> Measurement:
        """With the rows that were looked at: members, and synthetic rows searched."""
        comparison, searched = self.comparison, self.found.synthetic
        sampled = searched < comparison.rows("synthetic") or len(self.members.rows) < comparison.rows("train")
        return replace(made, n_real=len(self.members.rows), n_synthetic=searched, sampled=sampled)

    def _parts(self, halves: list[dict[str, Half]]) -> dict[str, Estimate]:
        """Each attack on its own, advantage and bound of epsilon; rows of a group are too alike for the latter two."""
        single = {name: self._figure([half[name] for half in halves]) for name in ATTACKS}
        parts = {name: figure.estimate(low=0.0, high=1.0) for name, figure in single.items()}
        if not self.comparison.schema.having("group"):
            parts["advantage"] = difference_of_shares(*false_positives(halves, _advantage))
            counts = false_positives(halves, odds)
            parts["epsilon_at_least"] = Estimate.exact(odds(*counts))
            parts["epsilon_ceiling"] = Estimate.exact(odds(counts[1], counts[1], 0, counts[3]))
        return parts

    def _area_limit(self, attack: str) -> float:
        """The share of copies that this attack alone would show."""
        honest, copied = self._planted(attack)
        (of_honest, theirs), (of_copied, _) = placements(honest, honest), placements(copied, honest)
        noise, z = float(np.sqrt(theirs.var() / len(theirs))), normal(0.95)

        def seen(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
            return np.asarray(mean - z * np.sqrt(variance + noise**2) > 0.5)

        return self._limit(of_honest, of_copied, noise, seen)

    def _rate_limit(self) -> float:
        """Copied members, among others, raise the rate and the end of its interval by a share of what all would.

        In a half where luck makes the weaker attack look the better one, only its gain is seen.
        """
        ends = {}
        for attack in ATTACKS:
            honest, copied = self._planted(attack)
            ends[attack] = [rate_ends([self._half(one, honest, at) for at in (0, 1)]) for one in (honest, copied)]
        best, other = sorted(ATTACKS, key=lambda attack: -ends[attack][1][0])
        (_, none_low, _), (all_, all_low, _) = ends[best]
        gain, m, n = max(all_ - RATE, RATE), len(self.members.rows), len(self.others.rows)
        edge = (all_ - ends[other][1][0]) / gain
        doubt = 2 * np.sqrt(RATE * (1 / m + 1 / n))  # of a difference of two rates in half of the rows
        streams = Streams(self.comparison.seed).at("evaluation", self.name, "picked")

        def seen(mean: np.ndarray, _: np.ndarray) -> np.ndarray:
            gained = (mean - RATE).clip(0)
            wrong = gained[:, None] * edge + doubt * streams.rng().normal(size=(len(mean), 2)) < 0
            share = (mean - wrong.mean(axis=1) * edge * gained).clip(0, 1)
            lowest = none_low + (share - RATE) * (all_low - none_low) / gain
            own = np.array([wilson(one * m, m).low for one in share])
            return np.asarray(share - np.hypot(share - own, share - lowest) > RATE)

        honest, _ = self._planted(best)
        alarm = (honest > np.quantile(honest, 1 - RATE)).astype(np.float64)
        return self._limit(alarm, np.full(n, all_), float(np.sqrt(RATE * (1 - RATE) / n)), seen)

    def _half(self, members: np.ndarray, others: np.ndarray, at: int) -> Half:
        mine = self.others.fold == at
        return Half(members[mine], others[mine])

    def _planted(self, attack: str) -> tuple[np.ndarray, np.ndarray]:
        """Scores of unseen real rows, and their scores had they been copied."""
        near, apart = self.others.near, self.others.apart
        return scores_of(attack, near, apart), scores_of(attack, radii_with_copy(near), apart)

    def _limit(self, honest: np.ndarray, copied: np.ndarray, noise: float, seen: Seen) -> float:
        comparison = self.comparison
        per_share = self.found.synthetic / comparison.rows("train")  # copies searched per row of train
        return smallest_share(
            honest,
            copied,
            rows=len(self.members.rows),
            hit=lambda share: share * per_share,
            seen=seen,
            noise=noise,
            least=1 / comparison.rows("synthetic"),
            streams=Streams(comparison.seed).at("evaluation", self.name),
        )


def _advantage(hits: int, members: int, alarms: int, others: int) -> float:
    return hits / members - alarms / others
