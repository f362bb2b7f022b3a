"""Where records came from: run record, data card."""
