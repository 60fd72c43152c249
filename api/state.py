"""What a running app holds: the current version, and what it counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import Engine

from api.live.follow import Crier
from data.errors import NoDatabase
from operations.live.hub import LiveHub
from operations.serving import CurrentVersion


@dataclass(slots=True)
class Counts:
    """Prometheus metrics; labels are routes and verdicts, never anything of a question."""

    registry: CollectorRegistry
    answers: Counter
    seconds: Histogram
    version: Gauge
    checked: Gauge


def new_counts() -> Counts:
    """Fresh metrics in a registry of their own."""
    registry = CollectorRegistry()
    return Counts(
        registry=registry,
        answers=Counter("nigemichi_guidance", "Guidance answered.", ["verdict"], registry=registry),
        seconds=Histogram(
            "nigemichi_guidance_seconds",
            "Seconds to compute an answer.",
            buckets=(0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1),
            registry=registry,
        ),
        version=Gauge("nigemichi_plan_version", "Number of the current plan.", registry=registry),
        checked=Gauge(
            "nigemichi_plan_checked_age_seconds",
            "Seconds since the plan was known to hold everything.",
            registry=registry,
        ),
    )


@dataclass(slots=True)
class Service:
    """One running service; without an engine it answers doors and knows no staff.

    `crier` is there while the app runs.
    """

    current: CurrentVersion
    live: LiveHub
    engine: Engine | None = None
    counts: Counts = field(default_factory=new_counts)
    crier: Crier | None = None


@asynccontextmanager
async def crying(service: Service) -> AsyncIterator[Crier]:
    """The live stream while the app runs."""
    crier = service.crier = Crier(service.live, service.engine)
    thread = service.live.follow(crier.wake)
    try:
        yield crier
    finally:
        crier.close()
        service.live.close()
        await crier.end()
        await asyncio.to_thread(thread.join, 2)
        service.crier = None


def service_of(app: FastAPI) -> Service:
    """The service of an app."""
    service: Service = app.state.service
    return service


def engine_of(request: Request) -> Engine:
    """The database of whoever changes something; raises `NoDatabase` where there is none."""
    engine = service_of(request.app).engine
    if engine is None:
        raise NoDatabase("this server was started without a database (DATABASE_URL)")
    return engine
