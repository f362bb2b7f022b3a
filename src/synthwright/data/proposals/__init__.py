"""Rules that the data seem to obey, with their evidence, for people to accept: one kind of rule per file."""
