"""Which streets an open page's way takes: for its script, that holds them against what is shut."""

from routing.guidance import Guidance

_OFFSET, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF


def streets_taken(guidance: Guidance, salt: str = "") -> str:
    """Marks of the streets of the way, but of those that are shut in part and known to be: the way
    takes the other part. With a `salt` nobody reads out of a page which streets they are.
    """
    if guidance.first is None:
        return ""
    known = {s for one in guidance.version.picture.closures for s in one.all_streets}
    taken = {stretch.street for stretch in guidance.first.way.stretches} - known
    return " ".join(mark(street, salt) for street in sorted(taken))


def mark(street: int, salt: str) -> str:
    """FNV-1a of 32 bits (draft-eastlake-fnv), as the script has it."""
    found = _OFFSET
    for byte in f"{salt}:{street}".encode():
        found = (found ^ byte) * _PRIME & _MASK
    return f"{found:x}"
