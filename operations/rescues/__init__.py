"""要救助: who waits for rescue, which team goes, and how it ended."""
