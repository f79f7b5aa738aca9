"""What went wrong, as problem details (RFC 9457): for programs and for who reads their logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from intake.errors import ActRefused, DatabaseUnavailable, IntakeError, NotFound

log = structlog.get_logger("http")

_BUSY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field that cannot be taken, by its path (`addresses[0].state`), and why not."""

    field: str
    text: str


class Problem(Exception):
    """An answer other than the one that was asked for."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        faults: Sequence[FieldFault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


FAILED = Problem(500, "It failed; the log of Intake says why.")


def handle_problems(app: FastAPI) -> None:
    """Lets `app` answer every error as problem details."""

    @app.exception_handler(Problem)
    def problem(_request: Request, error: Problem) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not repeated: `input` may hold anything.
        faults = [FieldFault(_path(one["loc"]), one["msg"]) for one in error.errors()]
        return answer(Problem(422, "The request cannot be taken.", faults=faults))

    @app.exception_handler(HTTPException)
    def http(_request: Request, error: HTTPException) -> JSONResponse:
        return answer(Problem(error.status_code, error.detail, headers=error.headers))

    @app.exception_handler(IntakeError)
    def known(_request: Request, error: IntakeError) -> JSONResponse:
        detail = _sentence(str(error))
        if isinstance(error, NotFound):
            return answer(Problem(404, detail))
        if isinstance(error, ActRefused):
            return answer(Problem(409, detail))
        log.error("a request failed", reason=str(error))
        if isinstance(error, DatabaseUnavailable):
            busy = {"Retry-After": str(_BUSY_SECONDS)}
            return answer(Problem(503, "The database is away.", headers=busy))
        return answer(FAILED)


def answer(problem: Problem) -> JSONResponse:
    """The answer that tells of `problem`."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.faults:
        body["errors"] = [{"field": one.field, "text": one.text} for one in problem.faults]
    return JSONResponse(
        body, problem.status, problem.headers, media_type="application/problem+json"
    )


def _path(place: Sequence[int | str]) -> str:
    """("body", "addresses", 0, "state") as addresses[0].state; a place in broken JSON as body."""
    if len(place) == 2 and isinstance(place[1], int):
        return str(place[0])
    path = ""
    for step in place[1:] if place[:1] in (("body",), ("query",), ("path",)) else place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".") or str(place[0] if place else "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
