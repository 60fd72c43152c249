"""Photos from the field: looked at safely, kept as files under their SHA-256."""
