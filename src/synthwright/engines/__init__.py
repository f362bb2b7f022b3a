"""Where work runs, and what a running method may ask of the outside world."""
