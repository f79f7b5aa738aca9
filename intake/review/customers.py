"""/api/v1/customers and /api/v1/addresses: the directory for the company's own programs."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import TypeAdapter
from sqlalchemy import Connection

from intake.errors import NotFound
from intake.review.access import CustomerReader, CustomerWriter, TokenRoute
from intake.review.customer_body import (
    CustomerBody,
    StateBody,
    merge_patch,
    read_address,
    read_customer,
    read_state,
)
from intake.review.problems import Problem
from intake.review.room import Room, room_of
from intake.store.customer_changes import find_changes, write_changes
from intake.store.directory import (
    CustomerView,
    customers_after,
    load_customer,
    lock_customer,
    owners_of,
    remove_customer,
    set_state,
)
from intake.store.notices import record_notice
from intake.store.tokens import ApiToken
from intake.worker.directory_keys import LOOKS

routes = APIRouter(prefix="/api/v1", tags=["customers"], route_class=TokenRoute)

_VIEW = TypeAdapter(CustomerView)
_IfMatch = Annotated[str | None, Header(description="change it only if it is still this")]
_IfNoneMatch = Annotated[str | None, Header(description="*: only where there is none yet")]


@routes.get("/customers")
def list_customers(
    request: Request,
    _token: CustomerReader,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Customers by id; `next` is the `after` of the next page, null at the end."""
    room = room_of(request)
    with room.desk.database.read() as connection:
        found = customers_after(connection, after, room.now(), limit=limit + 1)
    more = found[limit - 1].customer_id if len(found) > limit else None
    return {"customers": [_show(one) for one in found[:limit]], "next": more}


@routes.get("/customers/{customer_id:path}")
def get_customer(
    request: Request, response: Response, _token: CustomerReader, customer_id: str
) -> dict[str, Any]:
    """One customer."""
    room = room_of(request)
    with room.desk.database.read() as connection:
        found = load_customer(connection, customer_id, room.now())
    response.headers["ETag"] = _tag(found)
    return _show(found)


@routes.put("/customers/{customer_id:path}", responses={201: {"description": "There was none."}})
def put_customer(
    request: Request,
    response: Response,
    token: CustomerWriter,
    customer_id: str,
    body: CustomerBody,
    if_match: _IfMatch = None,
    if_none_match: _IfNoneMatch = None,
) -> dict[str, Any]:
    """Makes the customer what is given, whole; the same again changes nothing.

    A block is never lifted this way and a blocked address never removed.
    """
    room = room_of(request)
    _refuse_elsewhere(room)
    with room.desk.database.write() as connection:
        before = _find(connection, customer_id, room)
        _check_match(before, if_match, if_none_match)
        found = _bring(connection, room, customer_id, body, before, token)
    response.status_code = 200 if before else 201
    response.headers["ETag"] = _tag(found)
    return _show(found)


@routes.patch("/customers/{customer_id:path}")
def patch_customer(
    request: Request,
    response: Response,
    token: CustomerWriter,
    customer_id: str,
    patch: dict[str, Any],
    if_match: _IfMatch = None,
) -> dict[str, Any]:
    """Changes only the fields given (RFC 7396); null empties one, a list is given whole."""
    room = room_of(request)
    _refuse_elsewhere(room)
    with room.desk.database.write() as connection:
        before = _find(connection, customer_id, room)
        if before is None:
            raise NotFound(f"there is no customer {customer_id}")
        _check_match(before, if_match, None)
        body = merge_patch(before, patch)
        found = _bring(connection, room, customer_id, body, before, token)
    response.headers["ETag"] = _tag(found)
    return _show(found)


def _bring(
    connection: Connection,
    room: Room,
    customer_id: str,
    body: CustomerBody,
    before: CustomerView | None,
    token: ApiToken,
) -> CustomerView:
    """Brings the customer to what `body` says; how it is then. Raises Problem."""
    now = room.now()
    changes = find_changes(connection, [read_customer(customer_id, body, room.desk.rules)])
    if changes.any:
        write_changes(connection, changes, LOOKS, now)
        what = "changed" if before else "added"
        text = f"{token.name} {what} customer {customer_id} over the API."
        record_notice(connection, f"customer-{what}", text, now)
    return load_customer(connection, customer_id, now)


@routes.delete("/customers/{customer_id:path}", status_code=204)
def delete_customer(
    request: Request, token: CustomerWriter, customer_id: str, if_match: _IfMatch = None
) -> None:
    """Takes the customer out of the directory; tickets keep the id."""
    room = room_of(request)
    _refuse_elsewhere(room)
    with room.desk.database.write() as connection:
        before = _find(connection, customer_id, room)
        if before is None:
            raise NotFound(f"there is no customer {customer_id}")
        _check_match(before, if_match, None)
        remove_customer(connection, customer_id, by=token.name, at=room.now())


@routes.put("/addresses/{address:path}/state")
def put_state(
    request: Request, token: CustomerWriter, address: str, body: StateBody
) -> dict[str, Any]:
    """Sets the state of an address, for every customer who has it."""
    room = room_of(request)
    _refuse_elsewhere(room)
    record, state = read_state(address, body, room.desk.rules)
    with room.desk.database.write() as connection:
        set_state(
            connection,
            record.key,
            state,
            by=token.name,
            at=room.now(),
            reason=record.reason,
            until=record.until,
        )
        return _owners(connection, record.key, room)


@routes.get("/addresses/{address:path}")
def get_address(request: Request, _token: CustomerReader, address: str) -> dict[str, Any]:
    """Who is registered with an address: `registered`, `unknown`, or `conflict` for several."""
    room = room_of(request)
    record = read_address(address, room.desk.rules)
    with room.desk.database.read() as connection:
        return _owners(connection, record.key, room)


def _owners(connection: Connection, key: str, room: Room) -> dict[str, Any]:
    owners = [load_customer(connection, who, room.now()) for who in owners_of(connection, key)]
    match = "conflict" if len(owners) > 1 else "registered" if owners else "unknown"
    return {"address_key": key, "match": match, "customers": [_show(one) for one in owners]}


def _find(connection: Connection, customer_id: str, room: Room) -> CustomerView | None:
    lock_customer(connection, customer_id)
    try:
        return load_customer(connection, customer_id, room.now())
    except NotFound:
        return None


def _refuse_elsewhere(room: Room) -> None:
    if room.desk.settings.directory.source != "own":
        text = "The directory is a table of the company (directory.source = sql); change it there."
        raise Problem(409, text)


def _check_match(before: CustomerView | None, match: str | None, none_match: str | None) -> None:
    """RFC 9110 13.1.1, 13.1.2."""
    if none_match is not None and before is not None and _named(before, none_match):
        raise Problem(412, "There is such a customer already.")
    if match is not None and (before is None or not _named(before, match)):
        raise Problem(412, "The customer was changed meanwhile, or is not there.")


def _named(view: CustomerView, tags: str) -> bool:
    return tags.strip() == "*" or _tag(view) in [tag.strip() for tag in tags.split(",")]


def _tag(view: CustomerView) -> str:
    return f'"{hashlib.sha256(_VIEW.dump_json(view)).hexdigest()[:32]}"'


def _show(view: CustomerView) -> dict[str, Any]:
    shown: dict[str, Any] = _VIEW.dump_python(view, mode="json")
    return shown
