"""The application that serves HTTP: its routes, and what holds for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI

from intake import __version__
from intake.review import customers
from intake.review.access import Bearer, TokenRoute
from intake.review.guards import Guards
from intake.review.problems import handle_problems
from intake.review.room import Room
from intake.review.throttle import Throttle
from intake.worker.opening import OpenDesk

_MOST_AT_WORK = 8


def create_app(desk: OpenDesk, now: Callable[[], datetime]) -> FastAPI:
    """The application over an open desk; `now` gives aware UTC times."""
    app = FastAPI(
        title="Intake",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_few_threads,
    )
    app.state.room = Room(desk, now, Throttle(desk.settings.review.token_failures_per_minute))
    handle_problems(app)
    app.include_router(customers.routes)
    app.include_router(_description(app))
    app.add_middleware(Guards)
    return app


def _description(app: FastAPI) -> APIRouter:
    routes = APIRouter(route_class=TokenRoute)

    @routes.get("/api/v1/openapi.json", include_in_schema=False)
    def describe(_token: Bearer) -> dict[str, Any]:
        return app.openapi()

    return routes


@asynccontextmanager
async def _few_threads(_app: FastAPI) -> AsyncIterator[None]:
    """Requests at work at a time: the mails need connections to the database, too."""
    current_default_thread_limiter().total_tokens = _MOST_AT_WORK
    yield
