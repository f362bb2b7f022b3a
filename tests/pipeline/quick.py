"""What a small run needs besides data: one gate and a page."""

GATE = """\
name: loose
gates:
  - gate: shapes
    metric: fidelity.column_shapes
    at_most: {limit}
    subject: The column shape error
    advice: Try more rows.
"""


def render(folder):
    """A page as far as the pipeline is concerned: it is handed one, it does not know how it is made."""
    return f"<html>{sorted(path.name for path in folder.iterdir())}</html>"
