"""The rules of the linter, and what they read back from renderings."""
