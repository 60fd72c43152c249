"""How names are read aloud, and whether a person confirmed it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.reading import Reading
from data.errors import BrokenSource
from data.readers.readings import hiragana, read_readings
from data.report import SourceReport

GOOD = "".join(f"町{n},まち,1\n" for n in range(30))


def read(folder: Path, text: str) -> tuple[dict[str, Reading], SourceReport]:
    path = folder / "readings.csv"
    path.write_text(text, "utf-8")
    report = SourceReport("readings", path.name)
    return read_readings(path, report), report


def test_readings_are_in_hiragana_and_keep_the_long_mark(tmp_path: Path) -> None:
    text = "name,kana,confirmed\n絹ヶ丘,キヌガオカ,1\n中央センター,ﾁｭｳｵｳ　せんたー,０\n"
    found, report = read(tmp_path, text)
    assert found == {
        "絹ヶ丘": Reading("絹ヶ丘", "きぬがおか", True),
        "中央センター": Reading("中央センター", "ちゅうおう せんたー", False),
    }
    assert (report.read, report.kept) == (2, 2)
    assert report.noted == {"readings that nobody confirmed: they never go out live": 1}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("本町,本町,1", "column 'kana' is '本町', not only kana"),
        ("本町,honcho,1", "column 'kana' is 'honcho', not only kana"),
        ("本町,ほん1,1", "not only kana"),
        ("本町,ーほん,1", "not only kana"),
        ("本町,,1", "column 'kana' is empty"),
        (",ほんちょう,1", "column 'name' is empty"),
        ("本町,ほんちょう,はい", "column 'confirmed' is 'はい', not 1 or 0"),
        ("本町,ほんちょう,", "column 'confirmed' is '', not 1 or 0"),
        ("本町,ほんちょう,true", "not 1 or 0"),
        ("町0,ちょう,1", "'町0' as in a row before, read another way: neither"),
    ],
)
def test_a_broken_reading_is_kept_out_and_listed(tmp_path: Path, row: str, words: str) -> None:
    found, report = read(tmp_path, f"name,kana,confirmed\n{GOOD}{row}\n")
    assert row.split(",", maxsplit=1)[0] not in found
    rows = [spot.row for spot in report.spots]
    assert rows == (["row 2", "row 32"] if "another way" in words else ["row 32"])
    with pytest.raises(BrokenSource, match=r"readings\.csv, row 3: .* — ") as refused:
        read(tmp_path, f"name,kana,confirmed\n町0,まち,1\n{row}\n")
    assert words in str(refused.value)


def test_a_name_with_two_readings_keeps_neither_even_if_one_is_repeated(tmp_path: Path) -> None:
    found, report = read(tmp_path, f"name,kana,confirmed\n{GOOD}神,かみ,1\n神,じん,1\n神,かみ,1\n")
    assert "神" not in found
    assert sum(report.dropped.values()) == 3


def test_the_same_reading_twice_is_confirmed_only_if_both_are(tmp_path: Path) -> None:
    found, report = read(tmp_path, "name,kana,confirmed\n本町,ほんまち,1\n本町,ホンマチ,0\n")
    assert found == {"本町": Reading("本町", "ほんまち", False)}
    assert report.dropped == {"the same reading twice": 1}


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096)))
def test_hiragana_stays_and_katakana_becomes_it(kana: str) -> None:
    katakana = "".join(chr(ord(letter) + 0x60) for letter in kana)
    assert hiragana(kana) == hiragana(katakana) == kana
