"""Rules that every drawn row obeys: computed, encoded or checked around any method, which knows none of them."""
