"""synthwright: make synthetic data, measure it, release what passes."""
