"""Training loops of trees, shared by generators, the two-sample test and utility."""
