"""What the machine has to offer."""

from __future__ import annotations

import os

__all__ = ["memory_bytes"]


def memory_bytes() -> int | None:
    """The size of the physical memory; ``None`` where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # AttributeError: no sysconf on Windows
        return None
