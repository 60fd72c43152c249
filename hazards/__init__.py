"""What is happening: kinds and levels, orders in force, zones, observed water, closures."""
