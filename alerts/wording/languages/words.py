"""What the renderer must know of a language: its words, its moments, how it writes names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from alerts.kinds import AlertKind, Language
from hazards.kinds import AlertLevel, HazardKind

DRILL_MARK: Final = "【訓練】"
"""Head and tail of all that is rendered for a drill, in every language."""


class Names(Enum):
    """How names of places are written: 渡場一丁目, 渡場（わたしば）1丁目, Watashiba 1.

    A language in `LATIN` also parts its sentences by spaces, and begins them with capitals.
    """

    KANJI = auto()
    WITH_KANA = auto()
    LATIN = auto()


@dataclass(frozen=True, slots=True)
class Moments:
    """Forms of a moment: slots are `at`, in the city's time zone, and its `month` by name.

    `hour`: where there are no minutes; `other_day`: with a slot `time`, on another day than today;
    `stamp`: when something was written; `dated`: with its year.
    """

    hour: str
    time: str
    other_day: str
    stamp: str
    dated: str
    months: tuple[str, ...] = ("",) * 12


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language.

    - `kinds`: what other alerts than 避難情報 tell of;
    - `hazards`, `brief_hazards`: in sentences, and where each letter counts;
    - `levels`, `brief_levels`: the names of 避難情報, likewise;
    - `more`: areas that are only counted; `list_at`, `list_site`: where their names are;
    - `drill_said`: before and after everything of a drill, inside the marks that the renderer puts;
      `drill_note`: the same as a sentence;
    - `way`, `secure`, `current`, `seen`: buttons; `secure` at level 5, `current` when it is over;
    - `way_at`, `way_next` and so on: in SMS and mail, the line with the link, or before the
      reader's own;
    - `calls`: who is on the telephone;
    - `written`: who wrote it when, and which revision; `stands`: what the message does not end;
    - `officer`: before an officer's own Japanese words in another language;
    - `stopped_head`, `stopped_at`, `stopped_stands`: that its sending was stopped, and when;
    - `towns`, `fictional`: after a city's name in Latin letters, by the last letter of the name.
    """

    language: Language
    names: Names
    moments: Moments
    kinds: Mapping[AlertKind, str]
    hazards: Mapping[HazardKind, str]
    brief_hazards: Mapping[HazardKind, str]
    levels: Mapping[AlertLevel, str]
    brief_levels: Mapping[AlertLevel, str]
    level: str
    whole_city: str
    more: str
    between: str
    list_at: str
    list_site: str
    drill_said: tuple[str, str]
    drill_note: str
    way: str
    secure: str
    current: str
    seen: str
    way_at: str
    way_next: str
    secure_at: str
    secure_next: str
    current_at: str
    current_next: str
    calls: str
    written: str
    stands: str
    officer: str
    lifted: str
    wrong: str
    stopped_head: str
    stopped_at: str
    stopped_stands: str
    towns: Mapping[str, str] = field(default_factory=dict)
    fictional: str = ""

    @property
    def is_latin(self) -> bool:
        """Whether it is written in Latin letters."""
        return self.names is Names.LATIN

    @property
    def drill_head(self) -> str:
        """Before everything of a drill."""
        return DRILL_MARK + self.drill_said[0]

    @property
    def drill_tail(self) -> str:
        """After everything of a drill."""
        return self.drill_said[1] + DRILL_MARK
