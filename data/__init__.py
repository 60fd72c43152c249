"""What is remembered: database, readers of published files, mapped arrays, the fictional town."""
