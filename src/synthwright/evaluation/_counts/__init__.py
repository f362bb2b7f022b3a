"""What block-wise counts over shared cells say: of columns, of pairs, of what is missing, rare or outermost."""
