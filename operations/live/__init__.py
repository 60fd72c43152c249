"""The live stream of one server process."""
