"""A plan version, mapped: its picture, and every weight and field computed of it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from city.traveller import Profile
from data.mapped.bundle import open_bundle, save_bundle
from data.mapped.picture import picture_from, picture_table
from data.mapped.plan import packed, unpacked
from hazards.kinds import AlertLevel
from routing.field import EvacuationField, Labels, SiteAccess
from routing.ground import Ground
from routing.homes import Homes
from routing.plan.assigned import CityPlan
from routing.version import PlanVersion
from routing.weights import Conditions, Weights

_PLAN: Final = "plan.z"
_ARRAYS: Final = "version.arrays"
_WEIGHTS: Final = tuple(name for name in Weights.__slots__ if name != "conditions")
_ACCESS: Final = tuple(SiteAccess.__slots__)
_LABELS: Final = tuple(Labels.__slots__)
_HALVES: Final = tuple(EvacuationField.__slots__)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a version was made from: tokens of the city load and of the last change in it."""

    load: str
    change: str = ""


def save_version(
    folder: Path, version: PlanVersion, origin: Origin, decision: bytes | None = None
) -> None:
    """Write a version with all that has been computed of it into an existing folder; `decision`
    is its plan as the database keeps it.
    """
    index: dict[str, Any] = {
        "number": version.number,
        "load": origin.load,
        "change": origin.change,
        "picture": picture_table(version.picture),
        "weighed": [],
        "fields": [],
    }
    if version.plan:
        body = decision or packed(version.picture, version.plan.assigned)
        (folder / _PLAN).write_bytes(body)
    arrays: dict[str, NDArray[Any]] = {}
    for row, (conditions, weighed) in enumerate(version.weighed.items()):
        index["weighed"].append(asdict(conditions))
        arrays |= _parts(f"weights-{row}", weighed, _WEIGHTS)
        arrays |= _parts(f"access-{row}", version.accesses[conditions], _ACCESS)
    published = {**version.fields, **version.asked}
    for row, ((conditions, suitable), field) in enumerate(published.items()):
        index["fields"].append({"conditions": asdict(conditions), "suitable": suitable.hex()})
        for half in _HALVES:
            arrays |= _parts(f"field-{row}-{half}", getattr(field, half), _LABELS)
    save_bundle(folder / _ARRAYS, arrays)
    (folder / "version.json").write_text(json.dumps(index, ensure_ascii=False), "utf-8")


def _parts(stem: str, what: Any, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    return {f"{stem}-{name}": getattr(what, name) for name in names}


def open_version(folder: Path, ground: Ground, homes: Homes | None = None) -> PlanVersion:
    """Map a saved version on its ground; with its plan where the `homes` are given."""
    index = _index(folder)
    version = PlanVersion.of(index["number"], ground, picture_from(index["picture"]))
    if homes is not None and (folder / _PLAN).is_file():
        version.plan = CityPlan(homes, unpacked((folder / _PLAN).read_bytes())[1])
    arrays = open_bundle(folder / _ARRAYS)
    for row, given in enumerate(index["weighed"]):
        conditions = _conditions(given)
        weighed = _whole(arrays, f"weights-{row}", _WEIGHTS)
        version.weighed[conditions] = Weights(conditions=conditions, **weighed)
        access = _whole(arrays, f"access-{row}", _ACCESS)
        version.accesses[conditions] = SiteAccess(**access)
    for row, given in enumerate(index["fields"]):
        halves = [_whole(arrays, f"field-{row}-{half}", _LABELS) for half in _HALVES]
        key = (_conditions(given["conditions"]), bytes.fromhex(given["suitable"]))
        version.fields[key] = EvacuationField(*(Labels(**labels) for labels in halves))
    return version


def _whole(
    arrays: dict[str, NDArray[Any]], stem: str, names: tuple[str, ...]
) -> dict[str, NDArray[Any]]:
    return {name: arrays[f"{stem}-{name}"] for name in names}


def load_of(folder: Path) -> str:
    """The token of the city load that a saved version stands on."""
    return str(_index(folder)["load"])


def origin_of(folder: Path) -> tuple[Origin, bool]:
    """The origin of a saved version, and whether it is for the dark."""
    index = _index(folder)
    dark = any(weighed["night"] for weighed in index["weighed"])
    return Origin(index["load"], index["change"]), dark


def _index(folder: Path) -> dict[str, Any]:
    index: dict[str, Any] = json.loads((folder / "version.json").read_text("utf-8"))
    return index


def _conditions(given: dict[str, Any]) -> Conditions:
    rivers = AlertLevel(given["rivers"])
    return Conditions(Profile(given["profile"]), given["night"], given["storm"], rivers)
