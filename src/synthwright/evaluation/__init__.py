"""How good synthetic records are: one metric, one file; every number has an interval and something to compare with."""
