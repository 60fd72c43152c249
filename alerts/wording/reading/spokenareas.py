"""Areas as they are said: 渡場一丁目から四丁目、澪北; districts where there are too many."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts.alert import Alert
from alerts.wording.areas import AreaGroup, Chome, grouped, is_long
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.reading.counters import CHOME
from alerts.wording.reading.numbers import counted_kana
from alerts.wording.ruby import Segment
from alerts.wording.settings import WordingSettings
from city.reading import Reading

WHOLE_CITY = Segment("市内全域", "しないぜんいき")


@dataclass(frozen=True, slots=True)
class SpokenAreas:
    """The areas, one tuple of segments for each group; `as_districts` where those are said instead.

    `readings`: how each name is read, for the line under a script; `unconfirmed` nobody confirmed,
    `unknown` nobody knows.
    """

    groups: tuple[tuple[Segment, ...], ...]
    as_districts: bool = False
    readings: tuple[Segment, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def spoken_areas(alert: Alert, gazetteer: Gazetteer, settings: WordingSettings) -> SpokenAreas:
    """The areas of an alert as the loudspeaker says them."""
    if alert.whole_city:
        return SpokenAreas(((WHOLE_CITY,),))
    districts = spoken_districts(alert.area_names, settings)
    groups = grouped(districts or alert.area_names)
    names = [(group, _reading(group, gazetteer)) for group in groups]
    return SpokenAreas(
        tuple(tuple(_said(group, reading)) for group, reading in names),
        as_districts=bool(districts),
        readings=tuple(
            Segment(reading.name, reading.kana, not reading.confirmed)
            for _, reading in names
            if reading
        ),
        unconfirmed=tuple(group.stem for group, one in names if one and not one.confirmed),
        unknown=tuple(group.stem for group, reading in names if not reading),
    )


def joined(groups: Iterable[Sequence[Segment]]) -> tuple[Segment, ...]:
    """Groups with a short pause between them."""
    said: list[Segment] = []
    for group in groups:
        said += [Segment("、"), *group] if said else group
    return tuple(said)


def spoken_districts(names: Sequence[str], settings: WordingSettings) -> tuple[str, ...]:
    """The districts that are said instead of areas, each once.

    None where the areas are few enough to listen to, one has no district, or nothing is saved.
    """
    count = sum(1 for _ in grouped(names))
    if count <= settings.most_spoken_areas or not all(name in settings.districts for name in names):
        return ()
    districts = tuple(dict.fromkeys(settings.districts[name] for name in names))
    return districts if len(districts) < count else ()


def _reading(group: AreaGroup, gazetteer: Gazetteer) -> Reading | None:
    return gazetteer.find_stem(group.stem) if group.runs else gazetteer.find(group.stem)


def _said(group: AreaGroup, reading: Reading | None) -> Iterator[Segment]:
    kana = reading.kana if reading else ""
    yield Segment(group.stem, kana, not (reading and reading.confirmed))
    for number, run in enumerate(group.runs):
        if number:
            yield Segment("、")
        yield from _run(run)


def _run(run: Sequence[Chome]) -> Iterator[Segment]:
    if is_long(run):
        yield from (_chome(run[0]), Segment("から"), _chome(run[-1]))
        return
    for number, chome in enumerate(run):
        if number:
            yield Segment("、")
        yield _chome(chome)


def _chome(chome: Chome) -> Segment:
    return Segment(f"{chome.written}丁目", counted_kana(chome.number, CHOME))
