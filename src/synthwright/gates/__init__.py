"""May it be released: bounds on estimates, verdicts with a sentence."""
