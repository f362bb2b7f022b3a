"""Expert review: which rows people look at, what they said of them, and how far that can be trusted."""
