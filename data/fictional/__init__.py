"""The fictional city at full scale: generated sample data, at the size of a real city."""

from data.fictional.write import write_fictional_city

__all__ = ["write_fictional_city"]
