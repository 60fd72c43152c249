"""What a use case refuses, in words for the person at the keyboard."""


class Refused(Exception):
    """The request is understood and not carried out: the message says why and what to do."""


class NotAllowed(Refused):
    """Whoever asks may do this, but not here: a tablet speaks for the place it stands in."""
