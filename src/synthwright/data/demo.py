"""The table that ships with the package: Online Shoppers Purchasing Intention (Sakar and Kastro 2018, CC BY 4.0)."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DEMO_TARGET", "demo_path"]

DEMO_TARGET = "Revenue"  # did the session end in a purchase? 1,908 of 12,330 did


def demo_path() -> Path:
    """Where the demo table lies: 12,330 rows, 18 columns, gzipped CSV."""
    return Path(__file__).parent.parent / "demo" / "online_shoppers.csv.gz"
