"""How a city wants its alerts worded: settings, and the addresses that they name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, Final

from alerts.errors import NotFit
from alerts.wording.morae import Pace
from alerts.wording.ruby import parse, unread

WORDING: Final = "wording"
"""The table of a city file's `[settings]` that holds these."""


@dataclass(frozen=True, slots=True)
class WordingSettings:
    """Settings of one city.

    - `zone`: in which its times are said;
    - `pace`: how fast is read aloud;
    - `longest_sentence_morae`: nobody takes in more between two pauses over a loudspeaker: policy;
    - `most_spoken_areas`: beyond these the loudspeaker names districts, where all have one: policy;
    - `districts`: the district of each area of the city;
    - `callsign`: the loudspeaker's name in ruby notation (`防災《ぼうさい》浅瀬《あさせ》`); ""
      makes it of the city's name;
    - `sms_parts`: the most parts of an SMS that the standard action may fill: each is paid for;
    - `most_television`: characters of a crawl: policy.
    """

    zone: tzinfo
    pace: Pace = field(default_factory=Pace)
    longest_sentence_morae: int = 60
    most_spoken_areas: int = 12
    districts: Mapping[str, str] = field(default_factory=dict)
    callsign: str = ""
    sms_parts: int = 4
    most_television: int = 200

    def __post_init__(self) -> None:
        if self.callsign and unread(parse(self.callsign)):
            raise NotFit("放送の名乗りに、ふりがなを付けてください（the call sign needs readings）")


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that messages name; all are of the city's own pages, and name nobody.

    - `way`: where everybody finds their own way out;
    - `areas`: where the full list of areas stands;
    - `own_length`: characters of a reader's own link, which the carriers of SMS and mail put on a
      line of its own after the text (`Letter.link`); 0: the text has `way`.
    """

    way: str
    areas: str
    own_length: int = 0

    def __post_init__(self) -> None:
        for link in (self.way, self.areas):
            if not link.startswith(("https://", "http://")) or len(link) > LONGEST_LINK:
                raise NotFit("リンクは https:// で始め、1000文字までです（an https link）")


LONGEST_LINK: Final = 1000
"""LINE: characters of an action's `uri`."""
_NUMBERS: Final = {
    "morae_per_min": (200, 330),
    "comma_s": (0.2, 2),
    "stop_s": (0.5, 4),
    "longest_sentence_morae": (30, 90),
    "most_spoken_areas": (3, 40),
    "sms_parts": (1, 9),
    "most_television": (70, 400),
}
_PACE: Final = ("morae_per_min", "comma_s", "stop_s")


def wording_settings_from(
    settings: Any, zone: tzinfo, districts: Mapping[str, str]
) -> WordingSettings:
    """The settings of a city's `[settings.wording]`; raises `NotFit` naming what is wrong."""
    if not isinstance(settings, dict):
        raise NotFit(f"settings.{WORDING}: a table with {', '.join(_NUMBERS)}, callsign")
    numbers: dict[str, float] = {}
    for key, value in settings.items():
        if key == "callsign" and isinstance(value, str):
            continue
        if key not in _NUMBERS:
            raise NotFit(f"settings.{WORDING}.{key}: no such setting")
        low, high = _NUMBERS[key]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise NotFit(f"settings.{WORDING}.{key}: a number from {low} to {high}")
        numbers[key] = value
    pace = Pace(**{key: numbers[key] for key in _PACE if key in numbers})
    counts = {key: int(value) for key, value in numbers.items() if key not in _PACE}
    callsign = settings.get("callsign", "")
    return WordingSettings(zone, pace, districts=districts, callsign=callsign, **counts)
