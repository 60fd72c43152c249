"""What each medium takes, made of the words of one language."""
