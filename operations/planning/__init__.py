"""From every recorded change to a published plan version, by one process."""
