"""Reports from the field, in the database: what was seen, and which streets it names."""
