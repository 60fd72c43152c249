"""The live stream's states in the database, and who wakes its readers."""
