"""Fine-tuning that stays near its starting point: the penalty L2-SP for torch models."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from synthwright.errors import BadInput, UnknownName
from synthwright.extras import need
from synthwright.training.checking import within

__all__ = ["L2SP"]


class L2SP:
    """The penalty  alpha/2 ||w_S - w_S0||^2 + beta/2 ||w_N||^2: shared weights are drawn to where they started.

    Made before fine-tuning, it keeps a copy of all parameters that are trained; `penalty()` is added to each loss. N
    are those of the modules or parameters named in `new` (a new head), S all others. It takes the place of the
    optimiser's `weight_decay`, which would draw everything to zero. Buffers (running means) are no weights.

    Source: Li, Grandvalet & Davoine (2018), Explicit Inductive Bias for Transfer Learning with Convolutional Networks,
    ICML, arXiv:1802.01483. How strong `alpha` should be is a choice for real validation rows.

    Parameters
    ----------
    model : torch.nn.Module
        With its weights as fine-tuning finds them.
    new : sequence of str
        Names of modules or parameters, as in ``model.named_parameters()``: ``["head"]``.
    start : mapping or None
        Another starting point, such as a `state_dict`, for a training that is resumed.

    Raises
    ------
    MissingExtra
        torch is not installed.
    UnknownName, BadInput, UsageError
        A name in `new` that no parameter has, a start of another shape, nothing to stay near, a negative weight.
    """

    def __init__(
        self,
        model: Any,
        *,
        new: Sequence[str] = (),
        alpha: float = 0.1,
        beta: float = 0.01,
        start: Mapping[str, Any] | None = None,
    ) -> None:
        self._torch = need("torch", for_="L2SP", extra="neural")
        self.alpha, self.beta = within(alpha, "alpha", 0, math.inf), within(beta, "beta", 0, math.inf)
        trained = {name: each for name, each in model.named_parameters() if each.requires_grad}
        self._fresh = _named(trained, [new] if isinstance(new, str) else new)
        self._shared = {name: each for name, each in trained.items() if name not in self._fresh}
        if not self._shared:
            raise BadInput("Every parameter that is trained is new: there is no starting point to stay near.")
        origin = self._shared if start is None else start
        self.start = {name: self._copied(name, each, origin) for name, each in self._shared.items()}

    def penalty(self) -> Any:
        """The penalty at the model's present weights: a scalar tensor that gradients flow through."""
        near = sum(((each - self.start[name].to(each)) ** 2).sum() for name, each in self._shared.items())
        small = sum((each**2).sum() for each in self._fresh.values())
        return self.alpha / 2 * near + self.beta / 2 * small

    def distance(self) -> float:
        """How far the shared weights are from their start: ||w_S - w_S0||."""
        with self._torch.no_grad():
            square = sum(((each - self.start[name].to(each)) ** 2).sum() for name, each in self._shared.items())
        return math.sqrt(float(square))

    def _copied(self, name: str, parameter: Any, origin: Mapping[str, Any]) -> Any:
        if name not in origin:
            raise BadInput(f"The starting point has no parameter {name!r}.", remedy="Name it in new=[...].")
        if tuple(origin[name].shape) != tuple(parameter.shape):
            raise BadInput(
                f"The starting point of {name!r} has another shape.",
                evidence=f"{tuple(origin[name].shape)} instead of {tuple(parameter.shape)}.",
                remedy="Name it in new=[...].",
            )
        return origin[name].detach().clone()


def _named(trained: Mapping[str, Any], new: Sequence[str]) -> dict[str, Any]:
    """The parameters called so, or below modules called so."""
    found: dict[str, Any] = {}
    for wanted in new:
        below = {name: each for name, each in trained.items() if name == wanted or name.startswith(f"{wanted}.")}
        if not below:
            modules = {name.rpartition(".")[0] for name in trained} - {""}
            raise UnknownName.among("trained module or parameter", wanted, modules | set(trained))
        found |= below
    return found
