"""Models that tell rows apart or predict the target."""
