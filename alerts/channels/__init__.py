"""The outside: how messages are handed to those who carry them to people."""
