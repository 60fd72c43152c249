"""How Japanese is read aloud: numbers, names, officers' own words."""
