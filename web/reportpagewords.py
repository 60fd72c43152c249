"""The words of residents' reports: what can be seen, how it stands, what was wrong."""

from typing import Final

from hazards.observation import Depth, ObservationKind, ObservationState

KINDS: Final = {
    ObservationKind.RESCUE: "助けがいる人・取り残された人がいる",
    ObservationKind.FIRE: "火事・けむり",
    ObservationKind.ROAD_FLOODED: "道が水につかっている",
    ObservationKind.UNDERPASS_FLOODED: "地下道に水がたまっている",
    ObservationKind.SLIDE: "がけくずれ・土砂",
    ObservationKind.BRIDGE: "橋がこわれている",
    ObservationKind.FALLEN_TREE: "木や電柱がたおれている",
    ObservationKind.WATER_LEVEL: "川の水があふれた・あふれそう",
    ObservationKind.ISOLATED: "道がふさがり、外へ出られない",
    ObservationKind.PLACE_IN_DANGER: "避難場所が危ない",
    ObservationKind.LIFELINE: "電気・ガス・水道が止まった",
    ObservationKind.OTHER: "そのほか",
}
DEPTHS: Final = {
    Depth.ANKLE: "足首くらい",
    Depth.KNEE: "ひざくらい",
    Depth.WAIST: "腰より上",
    Depth.FLOWING: "流れている（深さは分からない）",
}
STATES: Final = {
    ObservationState.REPORTED: "受け付けました（未確認）",
    ObservationState.CORROBORATED: "受け付けました（未確認）",
    ObservationState.CONFIRMED: "本部が確かめました",
    ObservationState.RESOLVED: "解消しました",
    ObservationState.REFUTED: "本部が確かめ、いまはないと分かりました",
}
STEPS: Final = ("受付", "確認", "終わり")
WRONG: Final = {
    "kind": "何があったかを、ひとつ選んでください。",
    "note": "200字までで書いてください。",
    "link": "リンクは https:// で始まるものを、そのまま貼ってください。",
    "trap": "「空けておく欄」を空にして、もう一度送ってください。",
}
SAID: Final = {
    "sent": "未確認の報告として、本部に届きました。",
    "pictured": "写真を報告に足しました。",
    "same": "その写真は、もう届いています。",
    "enough": "写真は1つの報告に3枚までです。",
    "no_photo": "その写真は開けません。JPEG か PNG の写真を選んでください。報告は届いています。",
    "busy": "写真の処理が混んでいます。少し待って、もう一度送ってください。報告は届いています。",
    "none": "写真を選んでから押してください。報告は届いています。",
    "closed": "このコードで見られる報告はありません。コードが違うか、7日たったものです。",
}
