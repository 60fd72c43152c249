"""The live stream over sockets, event streams and polling."""
