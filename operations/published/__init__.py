"""The published plan as people read it: headquarters' board, who of which block goes where."""
