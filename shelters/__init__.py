"""Where it is safe: sites and shelters, what they suit, whether they are open."""
