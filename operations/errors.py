"""What a use case refuses, in words for the person at the keyboard."""


class Refused(Exception):
    """The request is understood and not carried out: the message says why and what to do."""
