"""A run folder becomes one HTML page."""

from synthwright.report.page import page, render_report

__all__ = ["page", "render_report"]
