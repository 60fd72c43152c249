"""Words that the renderer puts in, by language; another language is another entry here."""

from collections.abc import Mapping
from typing import Final

from alerts.kinds import Language
from alerts.wording.languages.easy import EASY_JAPANESE
from alerts.wording.languages.english import ENGLISH
from alerts.wording.languages.japanese import JAPANESE
from alerts.wording.languages.words import Vocabulary

VOCABULARIES: Final[Mapping[Language, Vocabulary]] = {
    one.language: one for one in (JAPANESE, EASY_JAPANESE, ENGLISH)
}
