"""Which CAP alerts of a feed are over: replaced by one that is kept, or withdrawn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final
from xml.etree.ElementTree import Element

from data.readers.observedxml import child, text_of

ACTUAL: Final = "Actual"
"""The status of what is neither a drill nor a test nor a draft."""
Named = tuple[str, str]
"""Who sent an alert, and under which identifier."""


def name_of(alert: Element) -> Named:
    """By what others refer to it."""
    return text_of(alert, "sender"), text_of(alert, "identifier")


def ended_by(alert: Element) -> Iterator[Named]:
    """The alerts whose place this one takes, or that it withdraws; a drill's ends nothing."""
    if text_of(alert, "status") != ACTUAL:
        return
    kind, says = text_of(alert, "msgType"), child(alert, "info") is not None
    if kind != "Cancel" and not (kind == "Update" and says):
        return
    for reference in text_of(alert, "references").split():
        sender, _, rest = reference.partition(",")
        named = sender, rest.partition(",")[0]
        if named != name_of(alert):
            yield named


def withdrawn(alerts: Sequence[Element]) -> Set[Named]:
    """The alerts that others withdraw; one that takes a place does so only if it is kept."""
    ends = {name_of(one): tuple(ended_by(one)) for one in alerts}
    cancels = [one for one in alerts if text_of(one, "msgType") == "Cancel"]
    return reached([ended for one in cancels for ended in ended_by(one)], ends)


def reached(first: Iterable[Named], ends: Mapping[Named, Iterable[Named]]) -> set[Named]:
    """Alerts that are over, with those whose place they had taken themselves."""
    over: set[Named] = set()
    ahead = list(first)
    while ahead:
        one = ahead.pop()
        if one not in over:
            over.add(one)
            ahead += ends.get(one, ())
    return over
