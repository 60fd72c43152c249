"""What can be wrong with what somebody says of a place: the message says what to do."""


class ShelterError(ValueError):
    """A statement about a place that cannot be used."""


class NotAStep(ShelterError):
    """The opening does not go from the one state to the other, or not by this person's word."""
