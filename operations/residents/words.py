"""What LINE says to somebody who reports: questions with their buttons, and how it ended.

Japanese, unless the city has reviewed its texts in the other language (`safety.md` 17).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from alerts.kinds import Language
from hazards.observation import OF_WATER, Depth, ObservationKind, ObservationState
from operations.registering.letters import languages
from routing.ground import CityCard

Words = Mapping[Language, str]
JA, EN = Language.JAPANESE, Language.ENGLISH
LONGEST: Final = 500
"""Letters of an outcome that are told."""


class Says(StrEnum):
    """What is told next."""

    WHERE = "where"
    KIND = "kind"
    MORE = "more"
    TAKEN = "taken"
    IN_DANGER = "in_danger"
    SET_ASIDE = "set_aside"
    PICTURE = "picture"
    OLD = "old"
    OFTEN = "often"
    ENDED = "ended"


class Answer(StrEnum):
    """To the second question: how deep, or whether anybody is in danger."""

    ANKLE = "ankle"
    KNEE = "knee"
    WAIST = "waist"
    FLOWING = "flowing"
    DANGER = "danger"
    NOBODY = "nobody"
    UNKNOWN = "unknown"

    @property
    def depth(self) -> Depth | None:
        """The depth, None where it is none."""
        return Depth(self.value) if self.value in set(Depth) else None


KINDS: Final[Mapping[ObservationKind, Words]] = {
    ObservationKind.RESCUE: {JA: "助けがいる人がいる", EN: "Somebody needs help"},
    ObservationKind.ROAD_FLOODED: {JA: "道が水につかっている", EN: "Flooded road"},
    ObservationKind.UNDERPASS_FLOODED: {JA: "地下道に水", EN: "Flooded underpass"},
    ObservationKind.SLIDE: {JA: "がけくずれ・土砂", EN: "Landslide, mud"},
    ObservationKind.BRIDGE: {JA: "橋がこわれている", EN: "Damaged bridge"},
    ObservationKind.FALLEN_TREE: {JA: "木や電柱がたおれた", EN: "Fallen tree or pole"},
    ObservationKind.ISOLATED: {JA: "道がなく出られない", EN: "Cut off, no way out"},
    ObservationKind.OTHER: {JA: "そのほか", EN: "Something else"},
}
"""A button holds 20 letters."""
ANSWERS: Final[Mapping[Answer, Words]] = {
    Answer.DANGER: {JA: "助けがいる人がいる", EN: "Somebody needs help"},
    Answer.ANKLE: {JA: "足首くらい", EN: "Up to the ankle"},
    Answer.KNEE: {JA: "ひざくらい", EN: "Up to the knee"},
    Answer.WAIST: {JA: "腰より上", EN: "Above the waist"},
    Answer.FLOWING: {JA: "流れが速い", EN: "Fast current"},
    Answer.NOBODY: {JA: "いない", EN: "Nobody needs help"},
    Answer.UNKNOWN: {JA: "分からない", EN: "I do not know"},
}
OF_DEPTH: Final = (
    Answer.DANGER,
    Answer.ANKLE,
    Answer.KNEE,
    Answer.WAIST,
    Answer.FLOWING,
    Answer.UNKNOWN,
)
OF_DANGER: Final = (Answer.DANGER, Answer.NOBODY, Answer.UNKNOWN)
SEND_PLACE: Final[Words] = {JA: "場所を送る", EN: "Send the place"}
_TEXTS: Final[Mapping[Says, Words]] = {
    Says.WHERE: {
        JA: "受け取りました。どこですか。下の「場所を送る」で、その場所を送ってください。"
        "見に行かないでください。命があぶないときは 119。",
        EN: "We have it. Where is it? Tap “Send the place” below."
        " Do not go there to look. If a life is in danger, call 119.",
    },
    Says.KIND: {
        JA: "場所は分かりました。そこで何がありましたか。下から選んでください。"
        "写真があれば、続けて送れます。命があぶないときは 119。",
        EN: "We have the place. What happened there? Choose below. You can send a picture too."
        " If a life is in danger, call 119.",
    },
    Says.MORE: {
        JA: "けが人や、助けがいる人はいますか。いるときは、先に 119 に電話してください。",
        EN: "Is anybody hurt or in need of help? If so, call 119 first.",
    },
    Says.TAKEN: {
        JA: "未確認の報告として本部に届きました。これだけで道は止まりません。"
        "どうなったかは、ここで知らせます。水や土砂には近づかないでください。",
        EN: "Headquarters has your report, as unconfirmed. It closes no road by itself."
        " We will tell you here how it ended. Stay away from water and mud.",
    },
    Says.IN_DANGER: {
        JA: "すぐ 119 に電話してください。この LINE では、消防車も救急車も来ません。"
        "報告は、未確認として本部に届きました。",
        EN: "Call 119 now. No fire engine and no ambulance comes by this LINE."
        " Headquarters has your report, as unconfirmed.",
    },
    Says.SET_ASIDE: {
        JA: "報告は本部に届きましたが、場所が市の道から離れています。場所が違うときは、"
        "もう一度、場所を送ってください。命があぶないときは 119。",
        EN: "Headquarters has your report, but its place is far from the city's roads. If the place"
        " is wrong, send it again. If a life is in danger, call 119.",
    },
    Says.PICTURE: {
        JA: "写真を報告に足しました。",
        EN: "Your picture was added to the report.",
    },
    Says.OLD: {
        JA: "時間がたったので、この質問には答えられません。もう一度、場所を送ってください。"
        "命があぶないときは 119。",
        EN: "This question is too old to be answered. Please send the place again."
        " If a life is in danger, call 119.",
    },
    Says.OFTEN: {
        JA: "たくさん届いたので、しばらく受け付けられません。1時間ほど待ってください。"
        "命があぶないときは 119。",
        EN: "You sent many reports. Please wait about an hour. If a life is in danger, call 119.",
    },
}
_HOW_DEEP: Final[Words] = {
    JA: "水の深さはどのくらいですか。測りに行かないでください。"
    "助けがいる人がいるときは、先に 119 に電話してください。",
    EN: "How deep is the water? Do not go in to measure. If anybody needs help, call 119 first.",
}
_ENDED: Final[Mapping[ObservationState, Words]] = {
    ObservationState.RESOLVED: {
        JA: "{time} の報告（{kind}）は、解消しました。",
        EN: "Your report of {time} ({kind}) is resolved.",
    },
    ObservationState.REFUTED: {
        JA: "{time} の報告（{kind}）を本部が確かめ、いまはないと分かりました。",
        EN: "Headquarters looked into your report of {time} ({kind}) and found nothing there now.",
    },
}
_THANKS: Final[Words] = {
    JA: "通れるかどうかは、避難の案内で確かめてください。ありがとうございました。",
    EN: "Check the evacuation guide before you take that way. Thank you.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands, as it is told: `time` in words."""

    kind: ObservationKind | None
    time: str
    state: ObservationState | None
    outcome: str


def message(
    card: CityCard, says: Says, language: Language, number: UUID, standing: Standing
) -> dict[str, Any]:
    """What LINE is given as `Batch.message`."""
    spoken = language if language in languages(card) and language in (JA, EN) else JA
    found: dict[str, Any] = {"type": "text", "text": _text(says, spoken, standing)}
    items = _buttons(says, spoken, number, standing.kind)
    if items:
        found["quickReply"] = {"items": [{"type": "action", "action": one} for one in items]}
    return {"messages": [found]}


def _text(says: Says, spoken: Language, standing: Standing) -> str:
    if says is Says.ENDED and standing.state is not None and standing.state in _ENDED:
        kind = KINDS[standing.kind or ObservationKind.OTHER][spoken]
        told = _ENDED[standing.state][spoken].format(time=standing.time, kind=kind)
        return "\n".join(filter(None, (told, standing.outcome[:LONGEST], _THANKS[spoken])))
    if says is Says.MORE and standing.kind in OF_WATER:
        return _HOW_DEEP[spoken]
    return _TEXTS[says if says in _TEXTS else Says.TAKEN][spoken]


def _buttons(
    says: Says, spoken: Language, number: UUID, kind: ObservationKind | None
) -> list[dict[str, str]]:
    if says is Says.WHERE:
        return [{"type": "location", "label": SEND_PLACE[spoken]}]
    if says is Says.KIND:
        return [_button(number, "kind", one, words[spoken]) for one, words in KINDS.items()]
    if says is Says.MORE:
        asked = OF_DEPTH if kind in OF_WATER else OF_DANGER
        return [_button(number, "answer", one, ANSWERS[one][spoken]) for one in asked]
    return []


def _button(number: UUID, name: str, value: str, label: str) -> dict[str, str]:
    data = f"report={number.hex}&{name}={value}"
    return {"type": "postback", "label": label, "data": data, "displayText": label}
