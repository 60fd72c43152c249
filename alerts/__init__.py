"""What to tell: alerts, their words in each language and medium, and the scripts made of them."""
