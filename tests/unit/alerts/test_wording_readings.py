"""Names and officers' words as they are read aloud: by confirmed readings, or not at all."""

import pytest

from alerts.wording.gazetteer import Gazetteer
from alerts.wording.reading.proposals import Word, read_words
from alerts.wording.reading.speaking import Said, say
from alerts.wording.romaji import romaji
from alerts.wording.ruby import kana, plain
from city.reading import Reading
from tests.unit.alerts.asase import CITY, GAZETTEER, spelled


def said(text: str) -> Said:
    return say(text, GAZETTEER, spelled)


def names(text: str) -> list[str]:
    return [one.name for one in GAZETTEER.known_in(text)]


def test_a_chome_is_read_by_its_stem() -> None:
    assert GAZETTEER.find("渡場四丁目") == Reading("渡場四丁目", "わたしばよんちょうめ", True)
    assert GAZETTEER.find("澪北一丁目") == Reading("澪北一丁目", "みおきたいっちょうめ", False)
    assert GAZETTEER.find("鵜首") is None


def test_a_stem_is_read_by_its_chome_unless_they_differ() -> None:
    one = Reading("栞原一丁目", "しおりばらいっちょうめ", True)
    two = Reading("栞原二丁目", "しおりはらにちょうめ", True)
    assert Gazetteer((one,)).find("栞原三丁目") == Reading(
        "栞原三丁目", "しおりばらさんちょうめ", True
    )
    assert Gazetteer((one, two)).find("栞原三丁目") is None
    doubtful = Reading("栞原二丁目", "しおりばらにちょうめ", False)
    found = Gazetteer((one, doubtful)).find("栞原三丁目")
    assert found is not None
    assert not found.confirmed


def test_names_are_found_in_any_spelling() -> None:
    gazetteer = Gazetteer((Reading("絹ヶ丘一丁目", "きぬがおかいっちょうめ", True),))
    found = gazetteer.find("絹ケ丘1丁目")
    assert found is not None
    assert found.kana == "きぬがおかいっちょうめ"


def test_the_city_is_said_without_calling_it_fictional() -> None:
    assert kana(GAZETTEER.city(CITY)) == "あさせし"
    assert GAZETTEER.city_stem(CITY).kana == "あさせ"
    whole = Gazetteer((Reading("雫町（架空）", "しずくまちかくう", True),))
    assert kana(whole.city("雫町（架空）")) == "しずくちょう"
    written = Gazetteer((Reading("雫町", "しずくまち", True),))
    assert kana(written.city("雫町（架空）")) == "しずくまち"
    assert Gazetteer(()).city_stem(CITY).kana == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("浅瀬川の水位", ["浅瀬川", "水位"]),
        ("渡場一丁目と澪北", ["渡場", "澪北"]),
        ("渡場付近", ["渡場"]),
        ("市内渡場", ["渡場"]),
        ("渡場橋", []),
        ("新渡場", []),
        ("下浅瀬地区", ["下浅瀬地区"]),
        ("内水ポンプ", ["内水"]),
    ],
)
def test_a_name_inside_a_longer_word_is_not_that_name(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_the_longest_name_is_taken() -> None:
    gazetteer = Gazetteer((Reading("浅瀬", "あさせ", True), Reading("浅瀬川", "あさせがわ", True)))
    assert [one.name for one in gazetteer.known_in("浅瀬と浅瀬川")] == ["浅瀬", "浅瀬川"]


def test_names_are_read_by_their_confirmed_reading() -> None:
    words = said("浅瀬川の水位が、渡場四丁目で、6.84メートルになりました。")
    assert plain(words.segments) == "浅瀬川の水位が、渡場四丁目で、6.84メートルになりました。"
    assert kana(words.segments) == (
        "あさせがわのすいいが、わたしばよんちょうめで、ろくてんはちよんメートルになりました。"
    )
    assert not words.unconfirmed
    assert not words.unknown
    assert [one.text for one in words.names] == ["浅瀬川", "渡場"]


def test_other_words_are_marked_as_estimated() -> None:
    words = said("堤防が、切れました。")
    assert [one.text for one in words.segments if one.estimated] == ["堤防が", "切れました"]
    assert not any(one.estimated for one in said("あふれました。").segments)


def test_unconfirmed_and_unknown_names_are_told_apart() -> None:
    words = said("澪北と鵜首。")
    assert words.unconfirmed == ("澪北",)
    assert words.unknown == ("鵜首",)


def test_a_longer_word_with_a_known_name_in_it_is_an_unknown_name() -> None:
    assert say("上流の渡場橋が落ちました。", GAZETTEER, read_words).unknown == ("渡場橋",)


def test_a_word_with_a_known_name_in_it_is_a_name_whatever_the_engine_says() -> None:
    def split(text: str) -> list[Word]:
        return [Word("下渡場", "したわたりば", is_name=False), Word("で", "で", is_name=False)]

    assert say("下渡場で。", GAZETTEER, split).unknown == ("下渡場",)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("灯淵橋が落ちました。", ("灯淵橋",)),
        ("紬瀬川が、あふれました。", ("紬瀬川",)),
        ("鞠原二丁目で、火事です。", ("鞠原",)),
        ("河川の水位が上がり、歩道橋の下が冠水しています。", ()),
        ("県の土木事務所が、ダムの水を放流します。", ()),
        ("気象庁が、大雨特別警報を発表しました。", ()),
        ("対象地区のため池が、あふれるおそれがあります。", ()),
        ("内水ポンプが止まりました。", ()),
        ("大川の水位が上がっています。", ("大川",)),
        ("新田で、水があふれました。", ("新田",)),
        ("天神で、水が出ました。", ("天神",)),
        ("小川が、あふれました。", ("小川",)),
        ("松原と、東町。", ("松原", "東町")),
        ("山の上で、崖が崩れました。", ()),
        ("裏山の水田と、防風林と、公園が水につかりました。", ()),
        ("警視庁と国土交通省が、道を止めました。", ()),
    ],
)
def test_the_engine_never_says_a_name_that_nobody_confirmed(
    text: str, unknown: tuple[str, ...]
) -> None:
    assert say(text, GAZETTEER, read_words).unknown == unknown


def test_an_officers_words_keep_their_letters() -> None:
    text = "JR線は、約1,200世帯の停電で、止まっています。𠮷い事。"
    assert plain(say(text, GAZETTEER, read_words).segments) == text


def test_a_reading_stands_over_kanji_alone() -> None:
    rising = say("上がりました。", GAZETTEER, read_words).segments
    assert (rising[0].text, rising[0].kana) == ("上", "あ")


@pytest.mark.parametrize(
    ("reading", "spelled_so"),
    [
        ("わたしば", "Watashiba"),
        ("しもあさせ ちく", "Shimoasase Chiku"),
        ("ちゃっぷ", "Chappu"),
        ("みっちゅう", "Mitchuu"),
        ("きょうじゃ", "Kyouja"),
        ("センター", "Sentaa"),
    ],
)
def test_readings_in_latin_letters(reading: str, spelled_so: str) -> None:
    assert romaji(reading) == spelled_so
