"""The duties of the night: what is due, filled and printed from the live state."""
