"""Information of others: registered, fetched within bounds, held where it is doubted, shown."""
