"""Examples and schemas for the OpenAPI document."""

from typing import Any, Final

from pydantic import BaseModel

from api.answers import CityAnswer, GuidanceAnswer, SitesAnswer

Responses = dict[int | str, dict[str, Any]]


def _example(
    what: str, model: type[BaseModel], table: dict[str, Any], media: str = "application/json"
) -> Responses:
    content = {media: {"example": table}}
    return {200: {"description": what, "model": model, "content": content}}


_DESTINATION: Final = {
    "id": "E9990100001201",
    "name": "浅瀬第三小学校",
    "kind": "指定緊急避難場所",
    "lat": 29.6101,
    "lon": 135.4012,
    "designated_for": ["flood", "landslide"],
    "opening": "unconfirmed",
    "opening_since": None,
}
_ROUTE: Final = {"type": "LineString", "coordinates": [[135.4, 29.6], [135.4012, 29.6101]]}

GUIDANCE: Final = _example(
    "What this household is told.",
    GuidanceAnswer,
    {
        "city": "浅瀬市（架空）",
        "fictional": True,
        "verdict": "go",
        "reasons": [
            {
                "code": "order",
                "words": "下浅瀬一丁目に洪水の警戒レベル4「避難指示」が出ています。",
                "source": "order:1",
            }
        ],
        "do": [],
        "destination": _DESTINATION,
        "route": _ROUTE,
        "distance_m": 980,
        "duration_s": 1740,
        "exposure": {
            "assumed": {"3": 290},
            "forecast": {},
            "observed": 0,
            "collapse": 0,
            "landslide": 0,
            "landslide_special": 0,
        },
        "steps": [
            {
                "words": "西へ進む",
                "turn": "depart",
                "heading_deg": 270,
                "street": "下浅瀬通り",
                "street_en": "Shimoasase-dori",
                "distance_m": 100,
            }
        ],
        "observations": [],
        "alternative": {
            "destination": _DESTINATION | {"id": "E9990100002201", "name": "浅瀬高校"},
            "route": _ROUTE,
            "distance_m": 1150,
            "duration_s": 2040,
        },
        "level": 4,
        "level_words": "避難指示",
        "hazards": ["flood"],
        "leave_by": "now",
        "start_delay_s": 900,
        "profile": "walk",
        "night": True,
        "stale": False,
        "plan_version": 128,
        "as_of": "2026-10-10T20:42:00+09:00",
    },
)

SITES: Final = _example(
    "Every site and shelter.",
    SitesAnswer,
    {
        "type": "FeatureCollection",
        "city": "浅瀬市（架空）",
        "fictional": True,
        "features": [
            {
                "type": "Feature",
                "id": "E9990100001201",
                "geometry": {"type": "Point", "coordinates": [135.4012, 29.6101]},
                "properties": {
                    "name": "浅瀬第三小学校",
                    "kind": "指定緊急避難場所",
                    "designated_for": ["flood", "landslide"],
                    "opening": "unconfirmed",
                },
            }
        ],
    },
    "application/geo+json",
)

CITY: Final = _example(
    "The loaded city.",
    CityAnswer,
    {
        "name": "浅瀬市（架空）",
        "code": "99901",
        "fictional": True,
        "bbox": [135.37, 29.58, 135.43, 29.62],
        "crs": "EPSG:32653",
        "counts": {"junctions": 2903, "streets": 4211, "sites": 18},
        "in_force": {"orders": [], "observed_water": [], "closures": []},
        "pockets": [
            {
                "lat": 29.6,
                "lon": 135.41,
                "area": "中洲町",
                "junctions": 41,
                "street_m": 2300,
                "cut_off_by_water": True,
            }
        ],
        "plan_version": 128,
        "as_of": "2026-10-10T20:42:00+09:00",
    },
)

PROBLEMS: Final[Responses] = {
    422: {
        "description": "The question cannot be answered; `detail` says what to do.",
        "content": {
            "application/problem+json": {
                "example": {
                    "type": "urn:nigemichi:problem:outside-city",
                    "title": "市の外の場所です",
                    "status": 422,
                    "detail": "浅瀬市（架空）のどの道からも 300 m より遠い場所です。",
                }
            }
        },
    },
    429: {"description": "So many requests that others would wait for them: `retry-after`."},
    503: {"description": "No city has been loaded yet, or the database does not answer."},
}

STAFF_PROBLEMS: Final[Responses] = PROBLEMS | {
    400: {"description": "The body cannot be read as JSON."},
    401: {"description": "Nobody is signed in, or the session or the tablet's token is over."},
    403: {"description": "Not this role's, another place's tablet, or not from a page of ours."},
    404: {"description": "There is no such place, room, need, slip, proposal or order."},
    408: {"description": "The body did not come within a minute."},
    409: {"description": "Understood and not done: `detail` says why and what to do."},
    413: {"description": "Over 1 MB."},
}
