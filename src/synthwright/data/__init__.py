"""What data is: columns and their schema, tables, reading, writing, splitting, coding."""
