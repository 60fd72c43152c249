"""Sheets of paper for a neighbourhood: which homes, what each is told, the file."""
