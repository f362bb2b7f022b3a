"""Real and synthetic rows in one table: how many of which class or group, chosen how, and what that does to groups."""
