"""What to try before any row is made: checks of one table, a sentence for each figure, and a conclusion."""
