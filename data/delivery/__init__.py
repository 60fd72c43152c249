"""The outbox of alerts: expanded in slices, claimed in chunks, settled row by row."""
