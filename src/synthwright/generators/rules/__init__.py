"""Methods that need no data: a schema says what the columns are and where their values come from."""
