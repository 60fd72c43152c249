"""Papers of an alert of the fictional city, as they are typeset, for tests of what is on them."""

import shutil
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PIL import Image

from alerts.alert import Alert
from alerts.scripts.car import Route
from alerts.scripts.settings import ScriptSettings
from tests.unit.alerts.asase import GAZETTEER, LINKS, NOW, SETTINGS, an_alert, rendering
from web.alertsheets.areamap import AreaMap, frame_around
from web.alertsheets.issued import Issued

LIVE_LINK = LINKS.way


def area_map() -> AreaMap:
    """Two areas of the alert beside a third, a river, water that could be, a slope."""
    outline = shapely.box(300, 100, 1500, 900)
    lines = [shapely.LineString([(x, -200), (x, 1300)]) for x in range(-200, 2200, 150)]
    return AreaMap(
        frame_around(outline),
        outline,
        {"assumed": [shapely.box(200, 0, 1200, 600)], "slide": [shapely.box(1300, 600, 1700, 950)]},
        [("浅瀬川", shapely.LineString([(-100, 300), (2000, 350)]))],
        lines,
        [
            ("渡場一丁目", shapely.box(300, 100, 900, 900)),
            ("上浅瀬", shapely.box(1500, 0, 2000, 900)),
        ],
    )


def issued(alert: Alert | None = None, *, draft: bool = False, **values: Any) -> Issued:
    """An alert of level 4 as it was approved, unless `values` of the record say otherwise."""
    alert = alert or an_alert(approved_at=None if draft else NOW, **values)
    names, back = alert.area_names, NOW + timedelta(minutes=90)
    halves = [("東", names[:2]), ("西", names[2:])]
    return Issued(
        alert=alert,
        rendered=rendering(alert),
        settings=SETTINGS,
        scripts=ScriptSettings(),
        gazetteer=GAZETTEER,
        links=LINKS,
        fictional=True,
        approved="未承認" if draft else "承認 20時31分 本部",
        approved_english="未承認 Not approved." if draft else "Approved at 20:31 by headquarters.",
        draft=draft,
        confirmed="確認　市の地名台帳、本部 10月1日",
        number="紙の番号 31",
        routes=tuple(Route(name, some, back) for name, some in halves if some),
        area_map=area_map(),
        city_code="99901",
    )


def many_areas() -> tuple[str, ...]:
    """Twenty-seven areas, of which no two can be said in one."""
    stems, numbers = (
        ("渡場", "浅瀬中央", "上浅瀬"),
        ("一", "三", "五", "七", "九", "十一", "十三", "十五"),
    )
    districts = ("下浅瀬地区", "北部地区", "南部地区")
    return (*(f"{stem}{number}丁目" for stem in stems for number in numbers), *districts)


def pictures(pdf: bytes, folder: Path, dpi: int = 60) -> Sequence[np.ndarray]:
    """The pages as (height, width, 3) pictures."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    tool = shutil.which("pdftoppm")
    assert tool, "install poppler-utils"
    subprocess.run([tool, "-r", str(dpi), "-png", str(file), str(folder / "page")], check=True)
    return [np.asarray(Image.open(one).convert("RGB")) for one in sorted(folder.glob("page-*.png"))]
