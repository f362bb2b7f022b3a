"""What a trained cell depends on, as one digest: equal digests mean equal predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.canonical import digest_json, plain
from synthwright.evaluation.blends import Blend
from synthwright.pipeline.digesting import arm_told, code_digest, learner_key
from synthwright.pipeline.gain.arms import Arm
from synthwright.pipeline.gain.plan import Plan
from synthwright.provenance.record import versions

__all__ = ["Keys"]


@dataclass(frozen=True, slots=True)
class Keys:
    """Digests of everything below one experiment: train, holdout, seed, code, libraries, and each learner by name.

    Generators and what is chosen by validation rows know nothing of the holdout: another one leaves them as they are.
    A learner whose key is ``None`` can't be told from another one, and is never looked up.
    """

    base: str
    holdout: str
    learners: Mapping[str, str | None]

    @classmethod
    def of(cls, train: Any, holdout: Any, plan: Plan) -> Keys:
        """The keys of an experiment on these records, which are told as JSON types."""
        base = digest_json([1, code_digest(), versions(), train, plan.seed, plan.group, plan.time])
        return cls(base, digest_json(holdout), {name: learner_key(one) for name, one in plan.learners.items()})

    def model(self, judged: bool, seed: int, arm: Arm) -> str:
        """The key of a fitted generator."""
        return digest_json([self.base, judged, seed, arm_told(arm)])

    def cell(self, judged: bool, seed: int, arm: Arm, blend: Blend, learner: str, *, dealt: bool) -> str | None:
        """The key of what `learner` predicts, fitted on `blend` of the rows of `arm` (with their targets `dealt`)."""
        known, test = self.learners[learner], self.holdout if judged else ""
        return None if known is None else digest_json([self.model(judged, seed, arm), test, plain(blend), known, dealt])
