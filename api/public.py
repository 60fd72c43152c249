"""The public API: guidance for a door, the sites, the city."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from api.asked import Asked, refuse_repeated
from api.caching import shared
from api.examples import CITY, GUIDANCE, PROBLEMS, SITES
from api.state import Service, service_of
from operations.answer import answer
from operations.city_facts import city_facts, sites_collection
from operations.serving import utc_now
from routing.guidance import Guidance, guide

router = APIRouter(prefix="/api/v1", tags=["public"])


class GeoJson(JSONResponse):
    """An answer in GeoJSON."""

    media_type = "application/geo+json"

    def render(self, content: Any) -> bytes:
        """Bytes as they are."""
        return orjson.dumps(content)


def json_answer(table: Any, headers: Mapping[str, str] | None = None) -> Response:
    """Bytes as they are: the tables are plain, nothing needs to be converted."""
    return Response(orjson.dumps(table), headers=headers, media_type="application/json")


def _said_once(request: Request) -> None:
    refuse_repeated(request.query_params.multi_items())


@router.get(
    "/guidance",
    responses=GUIDANCE | PROBLEMS,
    summary="Stay or go, where to, which way",
    dependencies=[Depends(_said_once)],
)
async def guidance(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """Guidance for one door. All that is about a way is null for `secure_now`.

    Positions are neither logged nor cached.
    """
    service = service_of(request.app)
    # Before the version is taken: a newer one may be shown as older, never the other way.
    freshness = service.current.freshness(utc_now())
    return json_answer(answer(answer_question(service, asked), freshness))


def answer_question(
    service: Service, asked: Asked, *, planned: str | None = None, on_the_way: bool = False
) -> Guidance:
    """Guide a door from the current version, counted; `planned` is the site that the plan has for
    whoever lives there, where that is known, `on_the_way` whether they said to walk to `asked.to`.
    """
    begun = time.perf_counter()
    question = replace(asked.question(utc_now()), planned=planned, on_the_way=on_the_way)
    found = guide(service.current.version, question)
    service.counts.seconds.observe(time.perf_counter() - begun)
    service.counts.answers.labels(found.verdict).inc()
    return found


@router.get(
    "/sites",
    responses=SITES | PROBLEMS,
    response_class=GeoJson,
    summary="Evacuation sites as GeoJSON",
)
async def sites(request: Request) -> Response:
    """指定緊急避難場所 with what they suit and whether they are open; shelters marked as such."""
    current = service_of(request.app).current
    freshness = current.freshness(utc_now())
    return GeoJson(sites_collection(current.version, freshness), headers=shared(request))


@router.get(
    "/city", responses=CITY | PROBLEMS, summary="The city, what is in force, who is cut off"
)
def city(request: Request) -> Response:
    """Facts of the loaded city, orders in force, and pockets without a way."""
    current = service_of(request.app).current
    freshness = current.freshness(utc_now())
    return json_answer(city_facts(current.version, freshness), shared(request))
