"""Loaders and monitors for the user's own training on real and synthetic rows together; importing it loads nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthwright.training.continuing import boosted
    from synthwright.training.divergence import Divergence
    from synthwright.training.estimators import fit_in_batches
    from synthwright.training.l2sp import L2SP
    from synthwright.training.monitor import SourceMonitor
    from synthwright.training.sampler import SourceAwareSampler
    from synthwright.training.schedules import Constant, Interleaved, Ramp, Schedule, Shares, SyntheticFirst
    from synthwright.training.sources import is_synthetic
    from synthwright.training.torch_rows import SourceBatches, SourceDataset
    from synthwright.training.weights import effective_rows, effective_share, source_weights

__all__ = [
    "L2SP",
    "Constant",
    "Divergence",
    "Interleaved",
    "Ramp",
    "Schedule",
    "Shares",
    "SourceAwareSampler",
    "SourceBatches",
    "SourceDataset",
    "SourceMonitor",
    "SyntheticFirst",
    "boosted",
    "effective_rows",
    "effective_share",
    "fit_in_batches",
    "is_synthetic",
    "source_weights",
]

# Where each name lives: torch, scikit-learn and LightGBM are loaded by whoever asks for what needs them (PEP 562).
_HOMES = {
    "continuing": ("boosted",),
    "divergence": ("Divergence",),
    "estimators": ("fit_in_batches",),
    "l2sp": ("L2SP",),
    "monitor": ("SourceMonitor",),
    "sampler": ("SourceAwareSampler",),
    "schedules": ("Constant", "Interleaved", "Ramp", "Schedule", "Shares", "SyntheticFirst"),
    "sources": ("is_synthetic",),
    "torch_rows": ("SourceBatches", "SourceDataset"),
    "weights": ("effective_rows", "effective_share", "source_weights"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'synthwright.training' has no attribute {name!r}")
    value = getattr(import_module(f"synthwright.training.{_HOME_OF[name]}"), name)
    globals()[name] = value  # found once
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
