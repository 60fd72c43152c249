"""What can be wrong with a hazard, an order, a zone or a closure as given."""


class HazardError(ValueError):
    """A statement about a hazard that cannot be used."""


class LowerThanInForce(HazardError):
    """A standing order is lowered by a person who lifts it, never by setting a lower one."""


class NothingInForce(HazardError):
    """There is nothing of that kind to lift or to remove."""


class SelfApproval(HazardError):
    """Somebody decided on their own proposal (`safety.md` 14)."""


class MayNotDecide(HazardError):
    """Whoever proposes or decides is not somebody who may."""


class Decided(HazardError):
    """The proposal was approved, rejected or withdrawn before."""


class NotAState(Decided):
    """A report does not go from its state to that one."""
