"""Equal rows: as they are, rounded, or in all but a few columns."""
