"""The gate before every route: who calls, from which page, how often."""
