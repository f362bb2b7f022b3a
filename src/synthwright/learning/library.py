"""LightGBM, or one clear error."""

from __future__ import annotations

from typing import Any

from synthwright.errors import MissingExtra

__all__ = ["lightgbm_library"]


def lightgbm_library() -> Any:
    """The module `lightgbm`.

    Raises
    ------
    MissingExtra
        It is not installed, or lacks the system's libgomp.
    """
    try:
        import lightgbm
    except (ImportError, OSError) as error:  # OSError: LightGBM is there, the system's libgomp is not
        raise MissingExtra(
            "Boosted trees need LightGBM, which can't be loaded.",
            evidence=str(error)[:200],
            remedy="pip install lightgbm; on Linux also the system library: apt-get install libgomp1",
        ) from error
    return lightgbm
