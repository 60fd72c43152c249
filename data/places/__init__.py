"""What is kept of places and calls during the night."""
