"""Routes of those who work for the city."""
