"""An alert as a message of the Common Alerting Protocol: CAP 1.2 (OASIS, 2010), in UTF-8.

A drill is `Exercise` with 訓練 at the head and tail of every text. Changes name what they change:
`Update` and `Cancel` carry the references of all that went out before; an all-clear (解除) is an
`Update` that asks for `AllClear`, a 取消 a `Cancel`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lxml import etree

from alerts.alert import Alert
from alerts.capareas import CapArea, polygons_of
from alerts.capcodes import codes_of, event_of
from alerts.capnames import CapSender, identifier_of, moment, reference_of, sent_of
from alerts.captext import CapText, Texts, fit, marked
from alerts.errors import NotFit
from alerts.kinds import Language, Step
from alerts.wording.vocabulary import VOCABULARIES

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
CAP_TYPE: Final = "application/cap+xml"
LONGEST_HEADLINE: Final = 160
"""Characters (CAP 1.2, 3.2.2: headline); the description begins with a longer one in full."""
_MSG_TYPE: Final[Mapping[Step, str]] = {
    Step.ISSUE: "Alert",
    Step.UPDATE: "Update",
    Step.ALL_CLEAR: "Update",
    Step.CANCEL: "Cancel",
}


def cap_document(
    alert: Alert,
    texts: Texts,
    areas: Sequence[CapArea],
    sender: CapSender,
    earlier: Sequence[Alert] = (),
) -> bytes:
    """The message; `earlier` are all revisions that went out before it, the oldest first.

    Raises `NotFit` for what is not approved, has no text or no area, is a polygon that cannot be,
    or changes what never went out.
    """
    _check(alert, texts, areas, earlier)
    root = etree.XML(f'<alert xmlns="{NAMESPACE}"/>')
    _add(root, "identifier", identifier_of(alert, sender))
    _add(root, "sender", sender.address)
    _add(root, "sent", sent_of(alert, sender))
    _add(root, "status", alert.status)
    _add(root, "msgType", _MSG_TYPE[alert.step])
    _add(root, "scope", "Public")
    if alert.is_drill:
        _add(root, "note", " ".join(VOCABULARIES[one].drill_note for one in Language))
    if earlier:
        _add(root, "references", " ".join(reference_of(one, sender) for one in earlier))
    written = [(one.area_desc, polygons_of(one.shape) if one.shape else []) for one in areas]
    for language in Language:
        if language in texts:
            info = etree.SubElement(root, f"{{{NAMESPACE}}}info")
            _add_info(info, alert, language, texts[language], sender)
            for area_desc, polygons in written:
                _add_area(info, area_desc, polygons)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _check(alert: Alert, texts: Texts, areas: Sequence[CapArea], earlier: Sequence[Alert]) -> None:
    if not texts or not areas or not all(fit(one.area_desc) for one in areas):
        raise NotFit("文面か区域がありません（no text, or no area with a name）")
    if (alert.step is not Step.ISSUE) != bool(earlier):
        raise NotFit(
            "更新・取消・解除には前の配信があり、発表にはありません"
            "（an update refers to what went out, an issue to nothing）"
        )
    for one in earlier:
        same = (one.number, one.status) == (alert.number, alert.status)
        if not same or one.revision >= alert.revision:
            raise NotFit("前の配信ではありません（it refers to what is not before it）")


def _add_info(
    info: etree._Element, alert: Alert, language: Language, text: CapText, sender: CapSender
) -> None:
    codes = codes_of(alert)
    event = marked(event_of(alert, language), language, drill=alert.is_drill)
    _add(info, "language", language)
    for category in codes.category:
        _add(info, "category", category)
    _add(info, "event", event)
    for response_type in codes.response_type:
        _add(info, "responseType", response_type)
    _add(info, "urgency", codes.urgency)
    _add(info, "severity", codes.severity)
    _add(info, "certainty", codes.certainty)
    level = _level_of(alert)
    if level:
        _add_value(info, "eventCode", "警戒レベル", level)
    _add(info, "effective", sent_of(alert, sender))
    _add(info, "expires", moment(alert.expires_at, sender.zone))
    english = language is Language.ENGLISH and sender.name_en
    _add(info, "senderName", english or alert.city)
    headline, description, instruction = _said(alert, language, text)
    _add(info, "headline", headline)
    if description:
        _add(info, "description", description)
    if instruction:
        _add(info, "instruction", instruction)
    _add(info, "web", sender.web)
    for name, value in _parameters(alert, level):
        _add_value(info, "parameter", name, value)


def _said(alert: Alert, language: Language, text: CapText) -> tuple[str, str, str]:
    """Headline, description and instruction as they are written."""
    drill = alert.is_drill
    whole = fit(text.headline) or event_of(alert, language)
    headline = marked(whole, language, drill=drill, longest=LONGEST_HEADLINE)
    description, instruction = text.parted
    if headline != marked(whole, language, drill=drill):
        description = f"{whole}\n{description}".rstrip()
    return (
        headline,
        marked(description, language, drill=drill),
        marked(instruction, language, drill=drill),
    )


def _level_of(alert: Alert) -> str:
    """The level of 避難情報 that holds: of what is over none is given, a machine could raise it."""
    return "" if alert.order_level is None else str(int(alert.order_level))


def _parameters(alert: Alert, level: str) -> Iterator[tuple[str, str]]:
    """What CAP has no element for; that an order outlives its message (`safety.md` 11)."""
    yield "alertKind", alert.kind
    yield "alertStep", alert.step
    if alert.hazard is not None:
        yield "hazard", alert.hazard
    if level:
        yield "alertLevel", level
    if level and not alert.is_drill:
        yield "orderStands", "untilLifted"


def _add_area(info: etree._Element, area_desc: str, polygons: Sequence[str]) -> None:
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", area_desc)
    for polygon in polygons:
        _add(area, "polygon", polygon)


def _add_value(info: etree._Element, element: str, name: str, value: str) -> None:
    made = etree.SubElement(info, f"{{{NAMESPACE}}}{element}")
    _add(made, "valueName", name)
    _add(made, "value", value)


def _add(parent: etree._Element, name: str, text: str) -> None:
    """A child with a text; lxml escapes what is markup."""
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = fit(text)
