"""What becomes of files on their way: cut, garbled, mistyped, swapped, another's. Every damage is
`(path, random)`, and changes the file in place.
"""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.integration.small_city import rewrite

Damage = Callable[[Path, Random], object]
Json = dict[str, Any]

CELLS: Final = (
    *("", "0", "-5", "1e999", "NaN", "Infinity", "99999999999999999999", "約二千人", "x" * 500),
    *(
        "１，３４６人",
        "1,346",
        "\0",
        "1_000",
        "0x10",
        "ｶﾅ",
        "漢字",
        "カナABC",
        " ",
        '"',
        "1\n2",
        "٣",
    ),
)
VALUES: Final = (
    *(None, True, [], {}, [1], -5, 0, 1e308, -1e308, 2**62, 0.5, "", "1", "x" * 500, "約二千人"),
    *("１，３４６人", "\0", "NaN", "ｶﾅ", {"a": {"b": 1}}, "\ud7ff\n"),
)
NUMBERS: Final = ("NaN", "inf", "-1e308", "1e999", "", "0", "-91", "x", "181", "1_0", "٣")


# Bytes, of any file


def cut(path: Path, random: Random) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: random.randrange(len(whole))])


def take_out(path: Path, random: Random) -> None:
    whole = path.read_bytes()
    at, size = random.randrange(len(whole)), random.choice((1, 2, 7, 100))
    path.write_bytes(whole[:at] + whole[at + size :])


def twice(path: Path, random: Random) -> None:
    whole = path.read_bytes()
    at, size = random.randrange(len(whole)), random.choice((1, 5, 100, len(whole)))
    path.write_bytes(whole[: at + size] + whole[at : at + size] + whole[at + size :])


def put_in(path: Path, random: Random) -> None:
    whole = path.read_bytes()
    at = random.randrange(len(whole) + 1)
    more = random.choice((b"\0", b"\xff\xfe", b"\n", b'"', b"<", b"\xe3\x81", random.randbytes(9)))
    path.write_bytes(whole[:at] + more + whole[at:])


def write_over(path: Path, random: Random) -> None:
    whole = bytearray(path.read_bytes())
    for _ in range(random.choice((1, 1, 3, 30))):
        whole[random.randrange(len(whole))] = random.randrange(256)
    path.write_bytes(bytes(whole))


def nothing_left(path: Path, random: Random) -> None:
    path.write_bytes(b"" if random.random() < 0.5 else b"\n")


def a_folder(path: Path, _: Random) -> None:
    path.unlink()
    path.mkdir()


def gone(path: Path, _: Random) -> None:
    path.unlink()


def anothers(path: Path, random: Random) -> None:
    others = sorted(one for one in path.parent.iterdir() if one.is_file() and one != path)
    shutil.copyfile(random.choice(others), path)


BYTES: Final[tuple[Damage, ...]] = (
    *(cut, cut, take_out, twice, put_in, write_over, write_over),
    *(nothing_left, a_folder, gone, anothers),
)


# Text


def in_another_encoding(path: Path, random: Random) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    first = random.randrange(len(lines))
    some = range(first, random.choice((first + 1, len(lines))))
    other = random.choice(("cp932", "utf-8", "utf-16", "euc-jp"))
    for at in some:
        try:
            text = lines[at].decode("utf-8")
        except UnicodeDecodeError:
            text = lines[at].decode("cp932")
        lines[at] = text.encode(other, "replace")
    path.write_bytes(b"".join(lines))


def another_number(path: Path, random: Random) -> None:
    """In GraphML, OSM, TOML or JSON: one number as text becomes no number, or an absurd one."""
    text = path.read_text("utf-8")
    found = list(re.finditer(r"-?\d+(?:\.\d+)?", text))
    one = random.choice(found)
    path.write_text(text[: one.start()] + random.choice(NUMBERS) + text[one.end() :], "utf-8")


def lose_line(path: Path, random: Random) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines.pop(random.randrange(len(lines)))
    path.write_bytes(b"".join(lines))


def lose_nodes(path: Path, random: Random) -> None:
    """Streets whose nodes are not there."""
    text = path.read_text("utf-8")
    nodes = [found[0] for found in re.finditer(r"<node\b[^>]*/>|<node\b.*?</node>", text)]
    for node in random.sample(nodes, random.choice((1, 5, len(nodes)))):
        text = text.replace(node, "")
    path.write_text(text, "utf-8")


def mistype(path: Path, random: Random) -> None:
    """One value of a TOML is of another type."""
    lines = path.read_text("utf-8").splitlines()
    at = random.choice([n for n, line in enumerate(lines) if "=" in line])
    key = lines[at].split("=")[0]
    values = ("[]", "-1", "true", '""', "{}", '"x"', "1979-05-27", "nan", '["depth", 3]')
    lines[at] = f"{key}= {random.choice(values)}"
    path.write_text("\n".join(lines), "utf-8")


TEXT: Final[tuple[Damage, ...]] = (in_another_encoding, another_number, another_number, lose_line)


# CSV


def _of_table(change: Callable[[list[list[str]], Random], object]) -> Damage:
    def damage(path: Path, random: Random) -> None:
        raw = path.read_bytes()
        encoding = "cp932" if path.stem in ("welfare", "sites") else "utf-8-sig"
        rows = list(csv.reader(io.StringIO(raw.decode(encoding), newline="")))
        change(rows, random)
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        path.write_bytes(text.getvalue().encode(encoding, "replace"))

    damage.__name__ = change.__name__
    return damage


def another_cell(rows: list[list[str]], random: Random) -> None:
    row = random.choice(rows)
    row[random.randrange(len(row))] = random.choice(CELLS)


def lose_cell(rows: list[list[str]], random: Random) -> None:
    row = random.choice(rows)
    row.pop(random.randrange(len(row)))


def more_cells(rows: list[list[str]], random: Random) -> None:
    random.choice(rows).extend(["x"] * random.choice((1, 30)))


def lose_column(rows: list[list[str]], random: Random) -> None:
    at = random.randrange(len(rows[0]))
    for row in rows:
        row.pop(at)


def row_again(rows: list[list[str]], random: Random) -> None:
    """As it is, or as another that says something else."""
    again = list(random.choice(rows[1:]))
    if random.random() < 0.6:
        another_cell([again], random)
    if random.random() < 0.4:
        at = random.randrange(len(again))
        again[at] = random.choice(rows[1:])[at]
    rows.append(again)


def shuffled(rows: list[list[str]], random: Random) -> None:
    body = rows[1:]
    random.shuffle(body)
    rows[1:] = body


def exchange(rows: list[list[str]], random: Random) -> None:
    """Two cells of a row, such as latitude and longitude."""
    row = random.choice(rows[1:])
    a = random.randrange(len(row) - 1)
    row[a], row[a + 1] = row[a + 1], row[a]


TABLES: Final = tuple(
    map(_of_table, (another_cell, another_cell, lose_cell, more_cells, lose_column, row_again))
) + tuple(map(_of_table, (shuffled, exchange)))


# GeoJSON


def _points(geometry: Json) -> list[Any]:
    at = geometry["coordinates"]
    return at[0] if geometry["type"] == "Polygon" else [at]


def shapes(given: Json, random: Random) -> Iterator[tuple[str, Any]]:
    """What a row's geometry may have become, by name."""
    kind, at = given["type"], given["coordinates"]
    x, y = _points(given)[0][:2]
    far = [[[x, y - 60], [x + 1, y - 60], [x + 1, y - 59], [x, y - 60]]]
    flat = [[x, y], [x, y], [x, y], [x, y]]
    yield from (("null", None), ("list", []), ("text", "POINT"), ("untyped", {"coordinates": at}))
    yield from (("no coordinates", {"type": kind}), ("empty", {"type": kind, "coordinates": []}))
    yield "null coordinates", {"type": kind, "coordinates": None}
    yield "of numbers as text", {"type": kind, "coordinates": [str(x), str(y)]}
    yield "another kind", {"type": "LineString", "coordinates": [[x, y], [x + 1e-3, y]]}
    yield "at 0, 0", {"type": "Point", "coordinates": [0, 0]}
    yield "swapped", _each(given, lambda p: [p[1], p[0]])
    yield "elsewhere", _each(given, lambda p: [p[0] - 60, p[1] + 20])
    yield "in metres", _each(given, lambda p: [p[0] * 1e5, p[1] * 1e5])
    yield "huge", _each(given, lambda p: [p[0] * 1e300, p[1]])
    yield "with heights", _each(given, lambda p: [*p, 12.5])
    yield "of four numbers", _each(given, lambda p: [*p, 1, 2])
    yield "a collection", {"type": "GeometryCollection", "geometries": [given]}
    nested: Json = given
    for _ in range(random.choice((2, 100, 250))):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    yield "nested", nested
    if kind != "Polygon":
        return
    ring = at[0]
    yield "unclosed", {"type": kind, "coordinates": [ring[:-1]]}
    yield "crossing itself", {"type": kind, "coordinates": [[ring[0], ring[2], ring[1], *ring[3:]]]}
    yield "of one point", {"type": kind, "coordinates": [flat]}
    yield "of two points", {"type": kind, "coordinates": [ring[:2]]}
    yield "with a hole outside", {"type": kind, "coordinates": [ring, *far]}
    yield "with a hole as large", {"type": kind, "coordinates": [ring, ring]}
    yield "in two parts", {"type": "MultiPolygon", "coordinates": [at, at]}
    yield "with a spike", {"type": kind, "coordinates": [[*ring[:-1], [x - 1e-3, y], ring[0]]]}
    yield "wound twice", {"type": kind, "coordinates": [[*ring, *ring[1:]]]}
    yield "the other way round", {"type": kind, "coordinates": [ring[::-1]]}


def _each(given: Json, turn: Callable[[list[float]], list[float]]) -> Json:
    if given["type"] == "Polygon":
        return given | {"coordinates": [[turn(p) for p in ring] for ring in given["coordinates"]]}
    return given | {"coordinates": turn(given["coordinates"])}


def reshape(table: Json, random: Random) -> tuple[int, str]:
    """One row's geometry becomes another; returns the row, from 0, and what became of it."""
    row = random.randrange(len(table["features"]))
    feature = table["features"][row]
    name, feature["geometry"] = random.choice(list(shapes(feature["geometry"], random)))
    return row, name


def another_value(table: Json, random: Random) -> None:
    properties = random.choice(table["features"])["properties"]
    properties[random.choice(list(properties))] = random.choice(VALUES)


def lose_property(table: Json, random: Random) -> None:
    properties = random.choice(table["features"])["properties"]
    properties.pop(random.choice(list(properties)))


def other_properties(table: Json, random: Random) -> None:
    random.choice(table["features"])["properties"] = random.choice((None, [], 3, "x", {}))


def another_member(table: Json, random: Random) -> None:
    name = random.choice(("features", "type", "crs"))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::6677"}}
    table[name] = random.choice((None, [], 3, {}, "x", crs))


def another_feature(table: Json, random: Random) -> None:
    rows = table["features"]
    rows[random.randrange(len(rows))] = random.choice((None, 3, [], "x", {}, {"type": "Feature"}))


def feature_again(table: Json, random: Random) -> None:
    """As it is, or with another's value or shape."""
    again, other = (random.choice(table["features"]) for _ in range(2))
    again = again | {"properties": dict(again["properties"])}
    if random.random() < 0.5:
        key = random.choice(list(again["properties"]))
        again["properties"][key] = other["properties"].get(key, "x")
    if random.random() < 0.3:
        again["geometry"] = other["geometry"]
    table["features"].append(again)


def reordered(table: Json, random: Random) -> None:
    random.shuffle(table["features"])


def _of_json(change: Callable[[Json, Random], object]) -> Damage:
    def damage(path: Path, random: Random) -> None:
        rewrite(path, lambda table: change(table, random))

    damage.__name__ = change.__name__
    return damage


def not_json(path: Path, random: Random) -> None:
    """A number that JSON does not have."""
    text = json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False)
    numbers = list(re.finditer(r"(?<=[\[ ])\d+\.\d+(?=[\],])", text))
    one = random.choice(numbers)
    bad = random.choice(("NaN", "Infinity", "-Infinity", "1e999", "0x1", "1.", "01"))
    path.write_text(text[: one.start()] + bad + text[one.end() :], "utf-8")


FEATURES: Final[tuple[Damage, ...]] = (
    not_json,
    *map(_of_json, (reshape, reshape, reshape, another_value, another_value, lose_property)),
    *map(_of_json, (other_properties, another_member, another_feature)),
)
FEATURES_AGAIN: Final = tuple(map(_of_json, (feature_again, reordered)))

CHANGED_ROWS: Final[dict[str, tuple[Damage, ...]]] = {
    ".csv": tuple(map(_of_table, (another_cell, another_cell, lose_cell, more_cells, exchange))),
    ".geojson": FEATURES[1:],
}
"""Damages after which a file has as many rows as before, by its ending."""


def damages_of(path: Path) -> tuple[Damage, ...]:
    """All that can become of a file of that name."""
    return BYTES + {
        ".geojson": TEXT + FEATURES + FEATURES_AGAIN,
        ".csv": (in_another_encoding, lose_line, *TABLES),
        ".graphml": (*TEXT, lose_nodes),
        ".osm": (*TEXT, lose_nodes),
        ".toml": (lose_line, mistype, mistype, another_number),
    }.get(path.suffix, ())
