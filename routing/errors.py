"""What can be wrong with a road network or a question about a way."""


class RoutingError(ValueError):
    """A road network or a rule that cannot be used."""


class BrokenNetwork(RoutingError):
    """The road network has no street, or its arrays do not fit together."""
