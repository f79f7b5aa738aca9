"""What nobody should send, and what two programs send at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.review.conftest import WRITER, client_of

JSON = {"Content-Type": "application/json"}
ONLY_NEW = {"If-None-Match": "*"}


def an_address(until: str) -> dict[str, Any]:
    return {"address": "a@x.example", "state": "bouncing", "until": until}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"name":' + b"[" * 200_000, 400),
        (b'{"name":' + b"1" * 5000 + b"}", 400),
        (b'{"name": NaN}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": "x", "\\ud800": 1}', 422),
        (b'{"name": "x", "addresses": ["a\\ud800@x.example"]}', 422),
        (b'{"name": "x", "domains": ["a\\ud800.example"]}', 422),
    ],
)
def test_odd_json_is_refused_and_never_a_failure(
    api: httpx.Client, content: bytes, status: int
) -> None:
    assert api.put("/customers/U-1", content=content, headers=JSON).status_code == status


@pytest.mark.parametrize(
    "until", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31", "1969-01-01"]
)
def test_the_ends_of_the_calendar(api: httpx.Client, until: str) -> None:
    refused = api.put("/customers/U-1", json={"name": "x", "addresses": [an_address(until)]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "addresses[0].until"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/customers?after=%00", 200),
        ("GET", "/customers?after=%ff", 200),
        ("GET", "/customers/%00", 404),
        ("PUT", "/customers/%00", 422),
        ("PUT", "/customers/%20U-1", 422),
        ("DELETE", "/customers/%00", 404),
        ("GET", "/addresses/a%00@x.example", 422),
    ],
)
def test_odd_paths(api: httpx.Client, method: str, path: str, status: int) -> None:
    body = {"name": "x"} if method == "PUT" else None
    assert api.request(method, path, json=body).status_code == status


def test_of_two_who_add_at_once_one_is_told(api: httpx.Client, url: str) -> None:
    def put(customer: str, number: int, headers: dict[str, str]) -> int:
        body = {"name": f"N{number}", "addresses": [f"{number}@{customer}.example"]}
        with client_of(url, WRITER) as client:
            return client.put(f"/customers/{customer}", json=body, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        for turn in range(8):
            codes = pool.map(lambda n, t=turn: put(f"a{t}", n, ONLY_NEW), range(4))
            assert sorted(codes) == [201, 412, 412, 412]
            codes = pool.map(lambda n, t=turn: put(f"b{t}", n, {}), range(4))
            assert sorted(codes) == [200, 200, 200, 201]
            # Of one of them, whole: never the addresses of several.
            found = api.get(f"/customers/b{turn}").json()
            (address,) = found["addresses"]
            assert address["address"] == f"{found['name'][1:]}@b{turn}.example"
