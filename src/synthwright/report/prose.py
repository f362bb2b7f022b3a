"""Sentences with commands in backticks, as HTML."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["prose"]


def prose(text: str) -> Markup:
    """`text` escaped, with what stands between backticks as code."""
    pieces = re.split(r"`([^`]{1,200})`", text)
    tagged = [Markup("<code>{}</code>").format(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces)]
    return Markup("").join(tagged)
