"""The phone desk: find, answer, keep a slip."""
