"""The app: wiring, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from api import health, maps, pages, public
from api.headers import GzipButTiles, HeadAsGet, SafeHeaders
from api.problems import add_problem_handlers
from api.state import Service
from data.database import connect
from operations.serving import CurrentVersion
from operations.settings import find_database_url, state_folder


def create(state: Path | None = None, database_url: str | None = None) -> FastAPI:
    """The app over a state folder and a database (by default those of the environment).

    Guidance needs no database; staff do.
    """
    current = CurrentVersion(state or state_folder())
    url = database_url or (None if state else find_database_url())
    service = Service(current, connect(url) if url else None)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        current.try_refresh()
        current.follow()
        yield
        current.close()
        if service.engine:
            service.engine.dispose()

    app = FastAPI(
        title="逃げ道 Nigemichi",
        version="0.2.0",
        summary="Whether to stay or go, where to, which way, and by when.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.service = service
    app.add_middleware(GzipButTiles, minimum_size=1024, compresslevel=6)
    app.add_middleware(SafeHeaders)
    app.add_middleware(HeadAsGet)
    add_problem_handlers(app)
    for router in (public.router, health.router, maps.router, pages.router):
        app.include_router(router)
    return app
