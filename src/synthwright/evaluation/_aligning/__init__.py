"""Other tables under train's schema: which column is which, how labels, numbers and dates are spelled."""
