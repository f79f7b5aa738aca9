"""The application that serves HTTP: its routes, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from intake import __version__
from intake.review import customers
from intake.review.access import Bearer
from intake.review.guards import Guards
from intake.review.problems import handle_problems
from intake.review.room import Room
from intake.review.throttle import Throttle
from intake.worker.opening import OpenDesk


def create_app(desk: OpenDesk, now: Callable[[], datetime]) -> FastAPI:
    """The application over an open desk; `now` gives aware UTC times."""
    app = FastAPI(
        title="Intake", version=__version__, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.room = Room(desk, now, Throttle(desk.settings.review.token_failures_per_minute))
    handle_problems(app)
    app.include_router(customers.routes)

    @app.get("/api/v1/openapi.json", include_in_schema=False)
    def describe(_token: Bearer) -> dict[str, Any]:
        return app.openapi()

    app.add_middleware(Guards)
    return app
