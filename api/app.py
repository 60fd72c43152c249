"""The app: wiring, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware import Middleware

from api import (
    alertfeed,
    certificate,
    health,
    household,
    infopage,
    maps,
    opendata,
    pages,
    placespage,
    public,
    reader,
    register,
    registered,
    report,
    reportphoto,
    safepage,
    sensors,
    webhooks,
)
from api.gate.gate import Gate
from api.gate.ratelimit import Limits
from api.headers import GzipButTiles, HeadAsGet, SafeHeaders
from api.householdpage import Homes
from api.live import routes as live
from api.problems import add_problem_handlers
from api.registering import Registering
from api.reportlimits import ReportLimits
from api.safelimits import SafeLimits
from api.staff import (
    account,
    admin,
    alertareas,
    alertdoors,
    alertpapers,
    alerts,
    alertspage,
    alertwords,
    board,
    boardpage,
    bulletins,
    carriers,
    chronology,
    desk,
    deskpage,
    dronephotos,
    duties,
    dutiespage,
    fieldpage,
    gauges,
    headquarters,
    homes,
    hqfield,
    hqfieldpage,
    hqpage,
    imagined,
    information,
    missions,
    observationfiles,
    oidc,
    phone,
    phonecalls,
    photos,
    plan,
    replay,
    replaypage,
    reports,
    rescues,
    safe,
    signin,
    signlink,
    uploads,
    wallpage,
    welfaredoors,
    whatifpage,
)
from api.state import Service, crying
from data.database import connect, shut
from operations.alerts.feeds import Feeds
from operations.information.shown import Informed
from operations.live.hub import LiveHub
from operations.people.auditing import Refusals
from operations.photos.settings import photo_store
from operations.serving import CurrentVersion
from operations.settings import ENDING, find_database_url, find_redis_url, state_folder

PATIENCE_S: Final = 15.0
"""A request waits for the database no longer: what else it could do for people goes on."""


def create(state: Path | None = None, database_url: str | None = None) -> FastAPI:
    """The app over a state folder and a database (by default those of the environment).

    Guidance needs no database; staff do.
    """
    folder = state or state_folder()
    current = CurrentVersion(folder)
    url = database_url or (None if state else find_database_url())
    engine = connect(url, patience_s=PATIENCE_S) if url else None
    service = Service(current, LiveHub(folder, engine, find_redis_url()), engine)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        current.try_refresh()
        current.follow()
        Thread(target=app.state.registering.begin, daemon=True).start()
        async with crying(service) as crier:
            yield {ENDING: crier.close}
        app.state.refusals.close()
        await app.state.limits.close()
        current.close()
        if service.engine:
            shut(service.engine)

    app = FastAPI(
        title="逃げ道 Nigemichi",
        version="0.7.0",
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
    app.state.limits = Limits(find_redis_url())
    app.state.refusals = Refusals(service.engine)
    app.state.homes = Homes(service.engine, folder)
    app.state.registering = Registering(service.engine)
    app.state.safe_limits = SafeLimits()
    app.state.report_limits = ReportLimits()
    app.state.readers = reader.Readers(service.engine)
    app.state.feeds = Feeds(service.engine)
    app.state.informed = Informed(service.engine)
    app.state.boards = board.Boards(service)
    app.state.photos = photos.Photos(photo_store(folder))
    add_problem_handlers(app)
    # Innermost: what it answers gets headers, and its failures are logged, as for the routes.
    app.user_middleware.append(Middleware(Gate))
    for router in (
        public.router,
        alertfeed.router,
        health.router,
        maps.router,
        pages.router,
        live.router,
        certificate.router,
        household.router,
        safepage.router,
        register.router,
        registered.router,
        reader.router,
        report.router,
        reportphoto.router,
        webhooks.router,
        homes.router,
        phone.router,
        phonecalls.router,
        desk.router,
        deskpage.router,
        headquarters.router,
        bulletins.router,
        gauges.router,
        sensors.router,
        alerts.router,
        carriers.router,
        alertareas.router,
        alertpapers.router,
        alertdoors.router,
        welfaredoors.router,
        observationfiles.router,
        photos.router,
        uploads.router,
        dronephotos.router,
        reports.router,
        missions.router,
        rescues.router,
        safe.router,
        fieldpage.router,
        alertwords.router,
        plan.router,
        boardpage.router,
        wallpage.router,
        hqpage.router,
        imagined.router,
        whatifpage.router,
        replay.router,
        replaypage.router,
        board.router,
        chronology.router,
        alertspage.router,
        duties.router,
        dutiespage.router,
        hqfield.router,
        hqfieldpage.router,
        placespage.router,
        infopage.router,
        opendata.router,
        information.router,
        information.page,
        signin.router,
        signlink.router,
        account.router,
        admin.router,
    ):
        app.include_router(router)
    app.router.routes.extend(oidc.routes)
    return app
