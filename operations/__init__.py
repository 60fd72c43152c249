"""Use cases: load a city, change what is in force, plan, the command line."""
