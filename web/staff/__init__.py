"""Pages of those who work for the city: Japanese only, acting through scripts of our own."""
