"""A night as headquarters sees it, for tests of its prints: many of everything."""

from datetime import UTC, datetime, timedelta
from typing import Any

import shapely

from shelters.place import Opening
from web.alertsheets.areamap import AreaMap
from web.dutysheets.scene import Ordered, Placed, Shut, Situation, frame_of
from web.dutysheets.stamp import Stamp

NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)
RECORD = "3f2a9c01" + "0" * 56
AREAS = tuple(f"下浅瀬{number}丁目" for number in "一二三四五六七八九")


def a_stamp(**values: Any) -> Stamp:
    """20:42 in the fictional city, version 12."""
    given: dict[str, Any] = {
        "city": "浅瀬市（架空）",
        "fictional": True,
        "drill": False,
        "zone": "Asia/Tokyo",
        "made_at": NOW,
        "plan": 12,
        "record": RECORD,
        "frame": 481,
    }
    return Stamp(**{**given, **values})


def ago(minutes: int) -> str:
    """A moment as the state has it."""
    return (NOW - timedelta(minutes=minutes)).isoformat()


def a_state(many: int = 1) -> dict[str, dict[str, dict[str, Any]]]:
    """A state with `many` times as much of everything."""
    return {
        "city": {"city": {"name": "浅瀬市（架空）", "households": 9000, "live": True}},
        "orders": _numbered(_order(n) for n in range(2 * many)),
        "decisions": _numbered(_decision(n) for n in range(6 * many)),
        "sites": _numbered(_site(n) for n in range(8 * many)),
        "teams": _numbered(_team(n) for n in range(3 * many)),
        "gauges": _numbered(_gauge(n) for n in range(2)),
        "closures": _numbered(
            [*(_closure(n) for n in range(5 * many)), *(_wet(n) for n in range(23 * many))]
        ),
        "water": _numbered({"id": n, "at": ago(20), "held": False} for n in range(2)),
        "observations": _numbered(_observation(n) for n in range(3)),
        "channels": _numbered(_channel(name, name != "SMS") for name in ("LINE", "SMS")),
        "plan": {"newest": {"number": 12}},
        "unreached": {},
        "rescues": {"open": {"count": 2, "oldest_at": ago(35)}},
        "sources": {},
    }


def the_changes(count: int) -> list[dict[str, Any]]:
    """Lines of the chronology, the newest first."""
    return [
        {"at": ago(3 * n), "words": f"本部 担当：第{n}号の橋を通行止めにした→班を引き揚げさせた"}
        for n in range(count)
    ]


def a_situation(level: int = 4) -> Situation:
    """Two places, of which one lies in an area of that level, on a few streets."""
    whole, part = shapely.box(0, 0, 3000, 2000), shapely.box(300, 100, 1500, 900)
    lines = [shapely.LineString([(x, 0), (x, 2000)]) for x in range(0, 3000, 150)]
    ground = AreaMap(
        frame_of(whole),
        whole,
        {
            "assumed": [shapely.box(200, 0, 1800, 1200)],
            "slide": [shapely.box(2400, 1500, 2800, 1900)],
        },
        [("浅瀬川", shapely.LineString([(0, 300), (3000, 350)]))],
        lines,
        [("下浅瀬一丁目", part), ("上浅瀬", shapely.box(1500, 0, 2900, 1900))],
    )
    five = level == 5
    return Situation(
        ground=ground,
        orders=[Ordered(level, "flood", part)],
        waters=[shapely.box(400, 200, 700, 350)],
        shut=[
            Shut(lines[4], sure=True, by_water=False),
            Shut(lines[8], sure=False, by_water=False),
            Shut(lines[12], sure=True, by_water=True),
            Shut(lines[14], sure=False, by_water=True),
        ],
        sites=[
            Placed("下浅瀬小学校", 600, 780, True, "", "空いています 120人", not five),
            Placed("上浅瀬中学校", 2300, 1200, True, "full", "混雑 640人", True),
        ],
        teams=[("消防団第3分団", 1400.0, 1100.0)],
    )


def _numbered(rows: Any) -> dict[str, dict[str, Any]]:
    return {str(number): row for number, row in enumerate(rows)}


def _order(n: int) -> dict[str, Any]:
    return {
        "number": n,
        "hazard": "flood",
        "level": 4 if n % 2 else 5,
        "area_names": list(AREAS),
        "whole_city": False,
        "households": 1200,
        "unreached": 40,
        "since": ago(60),
    }


def _decision(n: int) -> dict[str, Any]:
    return {
        "title": f"一時停止の橋を確かめる {n}",
        "what": "浅瀬橋は報告3件で止めた。渡る世帯は214、別の場所へ移る世帯は31。",
        "if_nobody": "止めたままにする。移動の知らせは出ない。",
        "due": ago(-10 * n),
        "since": ago(30),
    }


def _site(n: int) -> dict[str, Any]:
    counted = n % 4 != 3
    return {
        "name": f"浅瀬第{n}小学校",
        "opening": Opening.OPEN if n else Opening.UNCONFIRMED,
        "receives": True,
        "persons": 100 + n if counted else None,
        "word": "空いています" if counted else "不明",
        "call_next": not counted,
        "reasons": [] if counted else ["人数の確認が古い"],
    }


def _team(n: int) -> dict[str, Any]:
    return {
        "team": f"消防団第{n}分団",
        "area_names": [AREAS[n % 9]],
        "withdraw_at": ago(-40),
        "word": "引き揚げの時刻を過ぎた" if n == 0 else "任務中",
        "overdue_since": ago(4) if n == 0 else None,
    }


def _gauge(n: int) -> dict[str, Any]:
    return {
        "name": f"浅瀬橋{n}",
        "river": "浅瀬川",
        "level_m": 4.31 if n == 0 else None,
        "trend_m_h": 0.4 if n == 0 else None,
        "caution_m": 3.0,
        "evacuation_m": 3.8,
        "danger_m": 4.5,
        "measured_at": ago(8) if n == 0 else None,
        "word": "避難判断水位を超えた" if n == 0 else "不明",
        "silent_since": None if n == 0 else ago(90),
    }


def _closure(n: int) -> dict[str, Any]:
    return {
        "street": f"浅瀬通り{n}",
        "basis": "suspended" if n % 2 else "confirmed",
        "word": "一時停止（未確認）" if n % 2 else "通行止め（確認ずみ）",
        "at": ago(70 + n),
        "reviewed_at": None,
        "by_water": False,
    }


def _wet(n: int) -> dict[str, Any]:
    """A street that water shut: most have no name."""
    return _closure(n) | {
        "street": "川岸通り" if n % 8 == 0 else "",
        "at": ago(10 + n),
        "by_water": True,
        "word": "一時停止（未確認）" if n % 2 else "通行止め",
        "basis": "suspended" if n % 2 else "order",
    }


def _observation(n: int) -> dict[str, Any]:
    return {"word": "道の冠水", "state": "confirmed" if n == 0 else "reported"}


def _channel(name: str, ok: bool) -> dict[str, Any]:
    return {
        "channel": name.lower(),
        "name": name,
        "ok": ok,
        "word": "試験に合格" if ok else "試験に失敗",
        "tested_at": ago(3),
        "failing_since": None if ok else ago(25),
    }
