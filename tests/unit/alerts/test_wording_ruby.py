"""Text with readings in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import NotFit
from alerts.wording.ruby import Segment, kana, notation, parse, plain, unread

WORDS = st.text("渡場浅瀬川避難指示今", min_size=1, max_size=4)
KANA = st.text("あいうえおかきんっゃー", min_size=1, max_size=6)
SEGMENTS = st.lists(
    st.one_of(st.builds(Segment, WORDS, KANA), st.builds(Segment, KANA)), min_size=1, max_size=6
)


def test_a_run_of_kanji_needs_no_mark() -> None:
    line = parse("こちらは、防災《ぼうさい》浅瀬《あさせ》です。")
    assert [(one.text, one.kana) for one in line] == [
        ("こちらは、", ""),
        ("防災", "ぼうさい"),
        ("浅瀬", "あさせ"),
        ("です。", ""),
    ]
    assert plain(line) == "こちらは、防災浅瀬です。"
    assert kana(line) == "こちらは、ぼうさいあさせです。"


def test_a_mark_says_where_a_word_begins() -> None:
    assert parse("｜渡し場《わたしば》へ")[0] == Segment("渡し場", "わたしば")
    assert parse("全員｜今《いま》")[0] == Segment("全員")
    assert parse("レベル4《よん》")[1] == Segment("4", "よん")


@pytest.mark.parametrize("line", ["《ふり》", "｜渡場", "渡場《わたしば", "渡場《》", "渡場《渡》"])
def test_marks_without_their_word_or_reading_are_refused(line: str) -> None:
    with pytest.raises(NotFit):
        parse(line)


def test_kanji_latin_letters_and_figures_without_a_reading_are_told() -> None:
    assert unread(parse("渡場《わたしば》の水位が6.8mで、JRは")) == ("水位", "6", "8m", "JR")
    assert unread(parse("危険《きけん》なところ")) == ()


@given(SEGMENTS)
def test_the_notation_gives_text_and_reading_back(segments: list[Segment]) -> None:
    again = parse(notation(segments))
    assert plain(again) == plain(segments)
    assert kana(again) == kana(segments)
    assert [one for one in again if one.kana] == [one for one in segments if one.kana]
