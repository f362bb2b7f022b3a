"""Which synthetic rows earn their place: with and without each generator, class and slice."""
