"""CSV in every encoding that offices save; a broken row is kept out, a broken file refused."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BrokenSource
from data.readers.tabular import MOST_LINES, Cells, read_table
from data.report import SourceReport

HEADER = "名称,緯度,備考"
COLUMNS = ("名称", "緯度")
ROWS = "\n".join(f"第{n}小学校,35.{n},～①髙﨑" for n in range(40))
ENCODINGS = ("utf-8", "utf-8-sig", "cp932")


def read(path: Path, report: SourceReport | None = None) -> list[tuple[int, Cells]]:
    table = read_table(path, report or SourceReport("a list", path.name), required=COLUMNS)
    found = []
    for number, cells in table:
        with table.sieve.row(number):
            found.append((number, cells))
    return found


def written(folder: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def told(path: Path) -> str:
    with pytest.raises(BrokenSource) as refused:
        read(path)
    said = str(refused.value)
    assert said.startswith("list.csv")
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_and_line_end_says_the_same(
    tmp_path: Path, encoding: str, ends: str
) -> None:
    text = f"{HEADER}\n{ROWS}\n".replace("\n", ends)
    rows = read(written(tmp_path, text, encoding))
    assert [number for number, _ in rows] == list(range(2, 42))
    assert rows[3] == (5, {"名称": "第3小学校", "緯度": "35.3", "備考": "～①髙﨑"})


@pytest.mark.parametrize(("most", "odd"), [("utf-8", "cp932"), ("cp932", "utf-8")])
def test_a_row_in_another_encoding_is_kept_out_and_listed(
    tmp_path: Path, most: str, odd: str
) -> None:
    """Shift_JIS reads any row of UTF-8 as other letters: a school that nobody could find."""
    lines = f"{HEADER}\n{ROWS}".split("\n")
    raw = [line.encode(most) for line in lines]
    raw[7] = raw[20] = "北小学校,35.9,".encode(odd)
    assert odd == "cp932" or raw[7].decode("cp932") == "蛹怜ｰ丞ｭｦ譬｡,35.9,"
    report = SourceReport("a list", "")
    rows = read(written(tmp_path, b"\n".join(raw)), report)
    names = {"utf-8": "UTF-8", "cp932": "Shift_JIS"}
    assert report.dropped == {f"is not in {names[most]} as the rest of the file is": 2}
    assert [spot.row for spot in report.spots] == ["row 8", "row 21"]
    assert (report.read, len(rows)) == (40, 38)
    assert all(cells["名称"].startswith("第") for _, cells in rows)


@pytest.mark.parametrize("byte", [0x80, 0xA0, 0xFD, 0xFE, 0xFF])
def test_a_byte_that_shift_jis_does_not_have_breaks_its_row(tmp_path: Path, byte: int) -> None:
    raw = f"{HEADER}\n{ROWS}\n北,35.1,".encode("cp932") + bytes([byte])
    assert [number for number, _ in read(written(tmp_path, raw))] == list(range(2, 42))


def test_a_file_of_two_encodings_is_refused(tmp_path: Path) -> None:
    lines = f"{HEADER}\n{ROWS}".split("\n")
    raw = [line.encode("cp932" if n > 30 else "utf-8") for n, line in enumerate(lines)]
    said = told(written(tmp_path, b"\n".join(raw)))
    assert said.startswith("list.csv, row 32: is not in UTF-8 as the rest of the file is; 10 of 40")
    assert "CSV UTF-8" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b" \r\n\r\n", "the file is empty"),
        (HEADER.encode(), "a header, and no row below it"),
        (f"{HEADER}\n\n,,\n".encode(), "a header, and no row below it"),
        ((HEADER + "\n" + ROWS).encode("utf-16"), "is in UTF-16"),
        (b"\xff\xfe\x80,\x81\n1,2", "is in UTF-16"),
        (b"\x80\xff\xfd,a\n1,2", "the header is neither UTF-8 nor Shift_JIS"),
        (b"PK\x03\x04\x00\x00\n1,2", "the header is neither UTF-8 nor Shift_JIS"),
        (b'"a,b\n1,2', "the header is neither UTF-8 nor Shift_JIS, or this is no CSV"),
        ("名称\t緯度\n北\t35".encode(), "tabs between the cells"),
        (b'{"type": "unavailable"}', "is JSON and no CSV"),
        ("名称,経度\n北,35".encode(), "column '緯度' is missing (there are: 名称, 経度)"),
        ("名称,緯度,名称\n北,35,南".encode(), "column '名称' is there 2 times"),
        ("避難所一覧\n名称,緯度\n".encode(), "column '名称' is missing (there are: 避難所一覧)"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: bytes, words: str) -> None:
    assert words in told(written(tmp_path, text))


def test_there_is_no_such_table(tmp_path: Path) -> None:
    assert "there is no such file" in told(tmp_path / "list.csv")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("北小学校,35", "has … cells under … columns"),
        ("北小学校,35,,", "has … cells under … columns"),
        ("北小学校,35,a\0b", "a cell holds the character NUL"),
        ('"北小学校,35,', "a quotation mark is not closed, or stands inside a cell"),
        ('"北"小学校,35,', "a quotation mark is not closed, or stands inside a cell"),
    ],
)
def test_a_broken_row_takes_no_other_with_it(tmp_path: Path, broken: str, words: str) -> None:
    """A quotation mark never closed would swallow the rows below it."""
    report = SourceReport("a list", "")
    rows = read(written(tmp_path, f"{HEADER}\n{broken}\n{ROWS}\n"), report)
    assert [number for number, _ in rows] == list(range(3, 43))
    assert report.dropped == {words: 1}
    assert [spot.row for spot in report.spots] == ["row 2"]


def test_a_file_of_broken_rows_is_refused(tmp_path: Path) -> None:
    said = told(written(tmp_path, f"{HEADER}\n{ROWS}\n" + "北小学校\n" * 5))
    assert "row 42: has 1 cells under 3 columns; 5 of 45 rows are broken" in said


def test_a_line_break_within_quotation_marks_is_one_row(tmp_path: Path) -> None:
    text = f'{HEADER}\n北小学校,35.1,"二階\n""以上"""\n南小学校,35.2,\n'
    rows = read(written(tmp_path, text))
    assert rows[0] == (2, {"名称": "北小学校", "緯度": "35.1", "備考": '二階\n"以上"'})
    assert rows[1][0] == 3, "as a spreadsheet numbers it"


def test_a_cell_of_very_many_lines_is_a_quotation_mark_left_open(tmp_path: Path) -> None:
    lines = "x\n" * MOST_LINES
    text = f'{HEADER}\n北,35.1,"{lines}"\n{ROWS}\n'
    with pytest.raises(BrokenSource, match="row 2: a quotation mark is not closed"):
        read(written(tmp_path, text))


def test_empty_rows_are_passed_over_and_said(tmp_path: Path) -> None:
    report = SourceReport("a list", "")
    rows = read(written(tmp_path, f"{HEADER}\n北,35.1,\n,,\n\n南,35.2,\n,,\n"), report)
    assert [number for number, _ in rows] == [2, 5]
    assert report.noted == {"an empty row, passed over": 2}


@pytest.mark.parametrize("header", ["名称,緯度,ＵＲＬ", " 名称 ,緯　度,URL", '"名\n称",緯度,url'])
def test_columns_are_known_in_any_width(tmp_path: Path, header: str) -> None:
    ((_, cells),) = read(written(tmp_path, f"{header}\n 北　,35.1,x"))
    assert cells["名称"] == "北"
    assert list(cells)[2] in {"URL", "url"}


def test_the_first_known_spelling_counts(tmp_path: Path) -> None:
    path = written(tmp_path, "市区町村コード,住所,所在地\n1,a,b\n")
    spellings = {"コード": ("団体コード", "市区町村コード"), "場所": ("所在地", "住所")}
    table = read_table(path, SourceReport("", ""), required=("コード",), spellings=spellings)
    assert table.columns == ("コード", "住所", "場所")


@given(
    cells=st.lists(
        st.tuples(*[st.text("a北\"',\n 、ソ表", max_size=6).map(str.strip)] * 2), min_size=1
    ),
    encoding=st.sampled_from(ENCODINGS),
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], encoding: str
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = ["名称,緯度,備考", *(f"{quoted(a)},{quoted(b)},x" for a, b in cells)]
    path = written(tmp_path_factory.mktemp("t"), "\n".join(lines), encoding)
    assert [(row["名称"], row["緯度"]) for _, row in read(path)] == cells


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_ten_thousand_rows_are_read_in_a_moment(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, HEADER + "\n" + "第一小学校,35.1,想定収容人数\n" * 10_000, encoding)
    began = time.perf_counter()
    assert len(read(path)) == 10_000
    assert time.perf_counter() - began < 3, "0.05 s on an idle machine"
