"""How far the synthetic rows are from real ones."""
