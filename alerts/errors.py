"""What can be wrong with an alert as given, or with a way by which it should travel."""


class AlertError(ValueError):
    """An alert that cannot be used."""


class WrongStep(AlertError):
    """The alert is not in the state from which that step leads on."""


class NotFit(AlertError):
    """The alert lacks something, contradicts itself, or is over."""


class NotYours(AlertError):
    """Whoever drafts, approves or countersigns is not somebody who may."""


class NotLive(AlertError):
    """A drill towards people, or a live way from a process that was not started as production."""
