"""What rounds of training on the output of earlier rounds lose."""
