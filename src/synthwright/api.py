"""The Python functions users call; loaded lazily by `import synthwright`."""
