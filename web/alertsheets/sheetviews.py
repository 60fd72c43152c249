"""Papers that are shown, hung up, passed on and brought back, as plain values for typst."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from alerts.kinds import Language
from alerts.scripts.head import head_of
from alerts.scripts.paper import Crawl, Poster, circular, crawls, posters, return_sheet
from alerts.wording.areawords import city_words
from alerts.wording.moments import moment_words, stamp
from alerts.wording.vocabulary import VOCABULARIES
from web.alertsheets.englishhead import english_head
from web.alertsheets.issued import Issued
from web.alertsheets.spelled import Spelled, as_spoken, names_in, spoken_message, with_names
from web.labels import text_width
from web.sheets.qrpath import qr_paths

Values = dict[str, Any]
LANGUAGE_WORDS: Final[Mapping[Language, str]] = {
    Language.JAPANESE: "日本語",
    Language.EASY_JAPANESE: "やさしい日本語",
    Language.ENGLISH: "English",
}
_VALID: Final[Mapping[Language, str]] = {
    Language.JAPANESE: "この紙は {until} まで。",
    Language.EASY_JAPANESE: "この 紙（かみ）は {until} まで。",
    Language.ENGLISH: "This sheet is valid until {until}.",
}
_STANDS: Final = "発令は、市長が解除するまで続きます。"
_INSIDE: Final = "外へ貼りに行かない。建物の中に貼る。"
_HUNG: Final = ("掲示した時刻", "掲示した人")
_LETTERS: Final = 520
"""Width in points of a line on a poster of A4."""
_ACTION_SIZES: Final = (46, 36, 31, 27, 23)
_TEXT_SIZES: Final = ((15, 7), (13.5, 9), (12, 13), (11, 18), (9.5, 99))
_TEXT_SIZES_ALONE: Final = ((21, 14), (17, 20), (15, 24), (13.5, 28), (11, 40), (9.5, 99))
"""Sizes, and the most lines for which each leaves room: with a map, and without one."""
_SHORT: Final = 60
"""Letters of areas that stand in large letters; longer lists stand in the text alone."""
ROWS: Final = 8
CIRCULAR_ROWS: Final = 12


def television_values(of: Issued) -> list[Values]:
    """The crawls of all languages."""
    said = {
        "kind": "television",
        "issue": of.head_values(head_of(of.alert, "テレビの字幕", of.settings)),
        "crawls": [
            {
                "language": LANGUAGE_WORDS[one.language],
                "text": one.text,
                "characters": one.characters,
            }
            for one in sorted(crawls(of.rendered), key=_order)
        ],
        "notes": ["言葉を足さない、変えない。", "時刻を過ぎたら消す。"],
    }
    return [said]


def poster_values(of: Issued, size: str) -> list[Values]:
    """A page a language, `size` a4 or a3."""
    made = posters(of.alert, of.rendered, of.links, of.settings)
    area_map = None if of.area_map is None or of.is_last_resort else of.area_map.values()
    pages = [_poster(of, one) for one in sorted(made, key=_order)]
    return [page | {"size": size, "map": area_map} for page in pages]


def circular_values(of: Issued) -> list[Values]:
    """回覧板; raises `NotFit` at level 5."""
    made = circular(of.alert, of.rendered, of.links, of.settings)
    said = _poster(of, made.poster) | {
        "kind": "circular",
        "rule": made.rule,
        "fields": list(made.fields),
        "rows": CIRCULAR_ROWS,
        "notes": ["期限が過ぎたら、回すのをやめて捨てる。"],
    }
    return [said]


def return_values(of: Issued) -> list[Values]:
    """What comes back: numbered, as it is typed in."""
    made = return_sheet(of.alert, of.settings)
    names = names_in(spoken_message(of.rendered))
    areas = of.alert.area_names or (of.areas,)
    said = {
        "kind": "return",
        "issue": of.head_values(made.head),
        "number": of.number,
        "rule": made.rule,
        "fields": list(made.fields),
        "rows": ROWS,
        "areas": [[str(n), with_names(one, names)] for n, one in enumerate(areas, start=1)],
        "notes": ["人の名前は本部で打ち込みません。この紙に残します。"],
    }
    return [said]


def _poster(of: Issued, made: Poster) -> Values:
    words = VOCABULARIES[made.language]
    alert, zone = of.alert, of.settings.zone
    until = moment_words(alert.expires_at, alert.made_at, zone, made.language)
    japanese = made.language is Language.JAPANESE
    paragraphs = _paragraphs(of, made)
    has_map = of.area_map is not None and not of.is_last_resort
    stands = words.stands if not japanese else _STANDS
    return {
        "kind": "poster",
        "issue": _head(of, made),
        "title": f"掲示（{LANGUAGE_WORDS[made.language]}）",
        "areas": _areas(of) if japanese and len(of.areas) <= _SHORT else [],
        "action": _said(of, made.action, japanese),
        "action_size": _action_size(made.action, has_map),
        "paragraphs": [_said(of, one, japanese) for one in paragraphs],
        "text_size": _text_size(paragraphs, has_map),
        "valid": _VALID[made.language].format(until=until),
        "stands": stands if alert.sets_order else "",
        "qr": qr_paths([made.link])[0],
        "code": words.secure if of.is_last_resort else words.way,
        "fields": list(_HUNG),
        "note": _INSIDE if of.is_last_resort else "時刻を過ぎたら、はがす。",
    }


def _head(of: Issued, made: Poster) -> Values:
    english = made.language is Language.ENGLISH
    return english_head(of, made.head) if english else of.head_values(made.head)


def _order(one: Poster | Crawl) -> int:
    """Japanese first: a database keeps a table's keys in an order of its own."""
    return list(Language).index(one.language)


def _areas(of: Issued) -> Spelled:
    return with_names(of.areas, names_in(spoken_message(of.rendered)))


def _said(of: Issued, text: str, japanese: bool) -> Spelled:
    return as_spoken(text, spoken_message(of.rendered)) if japanese else [[text, "", False]]


def _paragraphs(of: Issued, made: Poster) -> list[str]:
    """Without what stands in large letters, in the box or at the head."""
    words, alert = VOCABULARIES[made.language], of.alert
    written = words.written.format(
        city=city_words(alert.city, made.language, of.gazetteer),
        time=stamp(alert.made_at, of.settings.zone, made.language),
        revision=alert.revision,
    )
    shown = {made.action, words.stands, written}
    return [one for one in made.paragraphs if one not in shown]


def _action_size(action: str, has_map: bool) -> int:
    """The largest size in which it takes two lines."""
    for size in _ACTION_SIZES[has_map:]:
        if text_width(action, size) <= 2 * _LETTERS * 0.94:
            return size
    return _ACTION_SIZES[-1]


def _text_size(paragraphs: Sequence[str], has_map: bool) -> float:
    """The largest size in which the paragraphs leave room for what stands below them."""
    sizes = _TEXT_SIZES if has_map else _TEXT_SIZES_ALONE
    for size, most in sizes:
        lines = sum(math.ceil(text_width(one, 1) * size / _LETTERS) for one in paragraphs)
        if lines <= most:
            return size
    return sizes[-1][0]
