"""Photos of a folder or a ZIP, each with the spot on the ground that it shows, or why it has none.

One photo is in memory at a time. What comes into a folder later: `data/readers/dronewatch.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from hashlib import file_digest
from pathlib import Path
from typing import IO, Final
from uuid import UUID, uuid5

from shapely.geometry import Point

from data.errors import BrokenSource
from data.readers.dronephoto import DronePhoto, read_photo
from data.readers.photoentries import Entry, folder_entries, zip_entries
from hazards.aiming import FLAT, WITH_HEIGHTS, Aimed, NoTarget, Sigmas, aim
from hazards.flight import Track
from hazards.observation import Draft, ObservationKind
from hazards.sightline import Camera, Ground

SAME: Final = "同じ写真がもうあります（the same photo again）"
NOT_ON_TRACK: Final = "飛行記録にもこの時刻の位置がありません（nor is it on the track）"
_PHOTOS: Final = UUID("3b0c2f1e-5d0a-4a37-9d0f-6a6f1c1e7a52")
_NEEDED: Final = ("height_m", "yaw", "pitch")


@dataclass(frozen=True, slots=True)
class Setting:
    """How photos are read: the zone of their clocks, the flight's track, the ground's heights
    above its take-off, and how surely those and the rest are known, if not as usual.
    """

    zone: tzinfo
    track: Track | None = None
    ground: Ground | None = None
    sigmas: Sigmas | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """A photo of a known spot; `content` is open until the next is asked for."""

    name: str
    sha256: str
    photo: DronePhoto
    aimed: Aimed
    content: IO[bytes] = field(compare=False, repr=False)

    @property
    def id(self) -> UUID:
        """The number of its report."""
        return report_of(self.sha256)

    def draft(self, kind: ObservationKind, note: str = "") -> Draft:
        """What it says before anybody accepts it."""
        target = self.aimed.target
        return Draft(
            kind,
            Point(target.lon, target.lat),
            error_m=self.aimed.error_m,
            seen_at=self.photo.taken_at,
            note=note,
        )


@dataclass(frozen=True, slots=True)
class PhotoSetAside:
    """A file of no known spot, for a person: why, and what is known of it all the same."""

    name: str
    why: str
    sha256: str = ""
    photo: DronePhoto | None = None
    content: IO[bytes] | None = field(default=None, compare=False, repr=False)


Outcome = Landed | PhotoSetAside


def report_of(sha256: str) -> UUID:
    """The number of a photo's report: the same however often and wherever it is read."""
    return uuid5(_PHOTOS, sha256)


def read_photos(path: Path, setting: Setting) -> Iterator[Outcome]:
    """Every file of a folder or a ZIP, each photo once; raises `BrokenSource`."""
    entries = folder_entries(path) if path.is_dir() else zip_entries(path)
    return read_entries(entries, setting, set())


def read_entries(entries: Iterable[Entry], setting: Setting, seen: set[bytes]) -> Iterator[Outcome]:
    """Photos one after another; those of which `seen` holds the hash are set aside."""
    for entry in entries:
        outcome = read_entry(entry, setting)
        digest = bytes.fromhex(outcome.sha256)
        if digest and digest in seen:
            outcome = PhotoSetAside(_shown(entry.name), SAME, outcome.sha256)
        elif digest:
            seen.add(digest)
        yield outcome


def read_entry(entry: Entry, setting: Setting) -> Outcome:
    """One file: landed, or set aside."""
    name, content = _shown(entry.name), entry.content
    if content is None:
        return PhotoSetAside(name, entry.why)
    sha256 = ""
    try:
        photo = read_photo(content, name, setting.zone)
        content.seek(0)
        sha256 = file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
        content.seek(0)
    except BrokenSource as error:
        why = f"{error.what}" + (f" — {error.remedy}" if error.remedy else "")
        return PhotoSetAside(name, why, sha256)
    except OSError as error:
        return PhotoSetAside(name, f"読めません（cannot be read: {error.strerror}）")
    aimed = aim_photo(photo, setting)
    if isinstance(aimed, NoTarget):
        return PhotoSetAside(name, aimed.why, sha256, photo, content)
    return Landed(name, sha256, photo, aimed, content)


def aim_photo(photo: DronePhoto, setting: Setting) -> Aimed | NoTarget:
    """The spot that a photo shows; its own place counts before the track's."""
    sigmas = setting.sigmas or (WITH_HEIGHTS if setting.ground else FLAT)
    track = setting.track
    located = track.at(photo.taken_at) if track is not None and photo.taken_at else None
    position, height = photo.position, photo.height_m
    if position is None and located is not None:
        position, sigmas = located.position, replace(sigmas, position_m=located.sigma_m)
    if height is None and located is not None:
        height = located.height_m
    if position is None:
        return NoTarget(_nowhere(photo, track))
    if height is None or photo.yaw is None or photo.pitch is None:
        return NoTarget(_lacking(photo))
    camera = Camera(position, height, photo.yaw, photo.pitch, photo.roll or 0.0)
    return aim(camera, photo.lens, ground=setting.ground, sigmas=sigmas)


def _nowhere(photo: DronePhoto, track: Track | None) -> str:
    why = photo.missing.get("position", "")
    if track is None:
        return why
    if photo.taken_at is None:
        return f"{why}、{photo.missing.get('taken_at', '')}"
    return f"{why}、{NOT_ON_TRACK}"


def _lacking(photo: DronePhoto) -> str:
    reasons = dict.fromkeys(photo.missing[name] for name in _NEEDED if name in photo.missing)
    return "、".join(reasons)


def _shown(name: str) -> str:
    """A name in one line, whatever a stranger's file is called."""
    return "".join(letter if letter.isprintable() else "…" for letter in name)[-120:]
