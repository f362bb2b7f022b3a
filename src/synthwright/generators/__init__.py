"""How synthetic records are made: one method, one file; the path is the name."""
