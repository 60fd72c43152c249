"""What if: a change that somebody imagines, planned exactly, before anybody makes it."""
