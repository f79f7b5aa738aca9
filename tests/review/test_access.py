"""Who may: tokens, scopes, expiry, guessing; and that the log keeps quiet."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from intake.review.throttle import Throttle, client_key
from intake.store.database import Database
from intake.store.tokens import add_token, all_tokens, note_use, revoke_token
from tests.cast import NOW
from tests.review.conftest import READER, WRITER, Clock, client_of

ASKS = 'Bearer realm="intake"'


@pytest.mark.parametrize(
    ("headers", "asks"),
    [
        ({}, ASKS),
        ({"Authorization": "Basic YTpi"}, ASKS),
        ({"Authorization": f"Bearer {READER}x"}, f'{ASKS}, error="invalid_token"'),
        ({"Authorization": f"Bearer {READER[:-1]}"}, f'{ASKS}, error="invalid_token"'),
        ({"Authorization": "Bearer \u00e9"}, f'{ASKS}, error="invalid_token"'),
    ],
)
def test_without_a_good_token(url: str, headers: dict[str, str], asks: str) -> None:
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    for method, path in (("GET", "/customers"), ("PUT", "/customers/x"), ("GET", "/openapi.json")):
        answer = httpx.request(method, f"{url}/api/v1{path}", headers=sent)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == asks
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_reader_changes_nothing(url: str, api: httpx.Client) -> None:
    api.put("/customers/U-1", json={"name": "A", "addresses": ["a@x.example"]})
    with client_of(url, READER) as reader:
        assert reader.get("/customers/U-1").status_code == 200
        for answer in (
            reader.put("/customers/U-1", json={"name": "B"}),
            reader.delete("/customers/U-1"),
            reader.put("/addresses/a@x.example/state", json={"state": "blocked"}),
        ):
            assert answer.status_code == 403
            asks = answer.headers["www-authenticate"]
            assert 'error="insufficient_scope", scope="customers:write"' in asks
    assert api.get("/customers/U-1").json()["name"] == "A"


def test_a_token_ends_by_itself_and_by_hand(url: str, clock: Clock, database: Database) -> None:
    with database.write() as connection:
        soon = NOW + timedelta(hours=1)
        add_token(connection, "guest", "g", ["customers:read"], by="ops", at=NOW, expires_at=soon)
    with client_of(url, "g") as guest, client_of(url, WRITER) as crm:
        assert guest.get("/customers").status_code == 200
        clock.move(3600)
        assert guest.get("/customers").status_code == 401
        assert crm.get("/customers").status_code == 200
        with database.write() as connection:
            revoke_token(connection, "crm", by="ops", at=NOW)
        assert crm.get("/customers").status_code == 401


def test_the_last_use_is_noted_once_a_minute(url: str, clock: Clock, database: Database) -> None:
    def last_used() -> Any:
        with database.read() as connection:
            return {token.name: token.last_used_at for token in all_tokens(connection)}["reader"]

    with client_of(url, READER) as reader:
        assert last_used() is None
        reader.get("/customers")
        wait_for(lambda: last_used() == NOW)
        clock.move(59)
        reader.get("/customers")
        clock.move(1)
        assert last_used() == NOW
        reader.get("/customers")
        wait_for(lambda: last_used() == NOW + timedelta(minutes=1))


def test_who_writes_just_now_keeps_no_look_up_waiting(url: str, database: Database) -> None:
    with client_of(url, READER) as reader, database.write() as connection:
        note_use(connection, "crm", NOW)
        assert reader.get("/customers").status_code == 200


def test_nothing_of_a_body_is_read_before_the_token(url: str) -> None:
    for content in (b"{", b"x" * 2_000_000):
        sent = httpx.put(f"{url}/api/v1/customers/U-1", content=content)
        assert sent.status_code == 401


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_who_guesses_has_to_wait(url: str, clock: Clock) -> None:
    with client_of(url, "intake_guess") as guesser:
        for _ in range(10):
            assert guesser.get("/customers").status_code == 401
        refused = guesser.get("/customers")
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "60"
        # Programs of one company share an address: a good token passes.
        with client_of(url, READER) as neighbour:
            assert neighbour.get("/customers").status_code == 200
        clock.move(60)
        assert guesser.get("/customers").status_code == 401


def test_the_throttle_counts_a_network_of_ipv6_as_one_and_forgets() -> None:
    throttle = Throttle(2)
    for host in ("2001:db8::1", "2001:db8::2"):
        throttle.note_failure(host, NOW)
    assert throttle.wait_seconds("2001:db8::3", NOW) == 60
    assert throttle.wait_seconds("2001:db8:0:1::3", NOW) == 0
    assert throttle.wait_seconds("2001:db8::3", NOW + timedelta(seconds=60)) == 0
    assert client_key("192.0.2.1") != client_key("192.0.2.2")


def test_the_throttle_keeps_a_bounded_number_of_addresses() -> None:
    throttle = Throttle(2)
    for number in range(25_000):
        throttle.note_failure(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", NOW)
    assert len(throttle._failures) <= 10_000


def test_too_much_is_refused(api: httpx.Client) -> None:
    json = {"Content-Type": "application/json"}
    whole = api.put("/customers/U-1", content=b"x" * 1_000_001, headers=json)
    assert whole.status_code == 413
    pieces = iter([b"x" * 400_000] * 3)
    assert api.put("/customers/U-1", content=pieces, headers=json).status_code == 413


def test_what_is_not_there(api: httpx.Client) -> None:
    assert api.get("/nothing").status_code == 404
    assert api.post("/customers").status_code == 405
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert httpx.get(str(api.base_url.copy_with(path=path))).status_code == 404


def test_the_description_names_every_route(api: httpx.Client) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/customers",
        "/api/v1/customers/{customer_id}",
        "/api/v1/addresses/{address}",
        "/api/v1/addresses/{address}/state",
    }


def test_answers_are_not_kept_by_anybody(api: httpx.Client) -> None:
    for answer in (api.get("/customers"), api.get("/customers/nobody")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
