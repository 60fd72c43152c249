"""What to tell: the official words and colours of the levels."""
