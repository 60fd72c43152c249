"""The chronology of headquarters (クロノロ)."""
