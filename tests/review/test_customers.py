"""The customer directory over HTTP: what is put is found, what cannot be taken is told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.store.database import Database
from intake.store.desk import events
from intake.worker.opening import OpenDesk
from tests.review.conftest import WRITER, Clock, client_of, make_desk

CHEN: dict[str, Any] = {
    "name": "陈伟",
    "language": "zh-Hans",
    "timezone": "Asia/Shanghai",
    "tier": "gold",
    "notes": "Calls back\nafter six.",
    "addresses": [{"address": "Chen.Wei@gmail.com", "state": "confirmed"}, "chen@corp.example"],
    "domains": ["Corp.Example"],
}


def problems(answer: httpx.Response) -> dict[str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    return {one["field"]: one["text"] for one in body.get("errors", ())}


def test_what_is_put_is_found(api: httpx.Client) -> None:
    made = api.put("/customers/U-1", json=CHEN)
    assert made.status_code == 201
    found = api.get("/customers/U-1")
    assert found.status_code == 200
    assert found.json() == made.json()
    assert found.headers["etag"] == made.headers["etag"]
    body = found.json()
    assert body["name"] == "陈伟"
    assert body["domains"] == ["corp.example"]
    states = {one["address"]: one["state"] for one in body["addresses"]}
    assert states == {"Chen.Wei@gmail.com": "confirmed", "chen@corp.example": "registered"}


def test_the_same_again_changes_nothing_and_less_takes_away(
    api: httpx.Client, database: Database
) -> None:
    first = api.put("/customers/U-1", json=CHEN)
    again = api.put("/customers/U-1", json=CHEN)
    assert (again.status_code, again.json()) == (200, first.json())
    less = api.put("/customers/U-1", json={"name": "Chen", "addresses": ["chen@corp.example"]})
    assert [one["address"] for one in less.json()["addresses"]] == ["chen@corp.example"]
    assert less.json()["language"] is None
    assert less.json()["domains"] == []
    with database.read() as connection:
        told = [event.text for event in events(connection)]
    assert [text for text in told if "U-1" in text] == [
        "crm added customer U-1 over the API.",
        "crm changed customer U-1 over the API.",
    ]


def test_an_answer_can_be_put_back(api: httpx.Client, clock: Clock) -> None:
    api.put("/customers/U-1", json=CHEN)
    until = {"state": "bouncing", "until": "2026-12-31", "reason": "full"}
    api.put("/addresses/chen@corp.example/state", json=until)
    found = api.get("/customers/U-1")
    clock.move(60)
    back = api.put("/customers/U-1", json=found.json())
    assert (back.status_code, back.json()) == (200, found.json())
    other = api.put("/customers/U-2", json=found.json())
    assert set(problems(other)) == {"customer_id"}


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        ({"tier": "silver"}, {"tier": "silver"}),
        ({"tier": None, "notes": None}, {"tier": None, "notes": ""}),
        ({"domains": []}, {"domains": []}),
        ({"name": " Chen "}, {"name": "Chen"}),
        ({}, {}),
    ],
)
def test_a_patch_changes_only_what_it_names(
    api: httpx.Client, patch: dict[str, Any], changed: dict[str, Any]
) -> None:
    api.put("/customers/U-1", json=CHEN)
    reason = {"state": "blocked", "reason": "taken over"}
    api.put("/addresses/chen@corp.example/state", json=reason)
    before = api.get("/customers/U-1").json()
    merge = {"Content-Type": "application/merge-patch+json"}
    done = api.patch("/customers/U-1", json=patch, headers=merge)
    assert done.status_code == 200
    assert done.json() == before | changed
    found = api.get("/customers/U-1")
    assert (found.json(), found.headers["etag"]) == (done.json(), done.headers["etag"])


def test_a_patch_gives_a_list_whole_and_is_checked(api: httpx.Client) -> None:
    assert api.patch("/customers/U-1", json={"tier": "x"}).status_code == 404
    first = api.put("/customers/U-1", json=CHEN)
    new = {"addresses": ["chen@new.example"]}
    done = api.patch("/customers/U-1", json=new, headers={"If-Match": first.headers["etag"]})
    assert [one["address"] for one in done.json()["addresses"]] == ["chen@new.example"]
    stale = api.patch("/customers/U-1", json=new, headers={"If-Match": first.headers["etag"]})
    assert stale.status_code == 412
    for patch, fault in (
        ({"name": None}, "name"),
        ({"language": "Chinesisch"}, "language"),
        ({"addresses": ["a@x.example", {"address": "b"}]}, "addresses[1].address"),
        ({"addresses": [{}]}, "addresses[0].address"),
        ({"colour": "red"}, "colour"),
        ({"notes": {"a": 1}}, "notes"),
    ):
        refused = api.patch("/customers/U-1", json=patch)
        assert (refused.status_code, set(problems(refused))) == (422, {fault})
    assert api.patch("/customers/U-1", json=["x"]).status_code == 422


@pytest.mark.parametrize("customer", ["EU%2F12", "a%20b", "%E9%99%88", "x.y:z@k"])
def test_ids_of_any_kind(api: httpx.Client, customer: str) -> None:
    made = api.put(f"/customers/{customer}", json=CHEN)
    assert made.status_code == 201
    assert api.get(f"/customers/{customer}").json() == made.json()
    assert api.delete(f"/customers/{customer}").status_code == 204


def test_only_json_is_taken(api: httpx.Client) -> None:
    for method, kind, header in (
        ("PUT", "text/plain", "accept"),
        ("PUT", "application/merge-patch+json", "accept"),
        ("PATCH", "text/csv", "accept-patch"),
        ("PUT", "", "accept"),
    ):
        content, headers = b'{"name": "x"}', {"Content-Type": kind} if kind else {}
        refused = api.request(method, "/customers/U-1", content=content, headers=headers)
        assert refused.status_code == 415, kind
        assert header in refused.headers
    json = {"Content-Type": "application/json; charset=utf-8"}
    assert api.put("/customers/U-1", content=b'{"name": "x"}', headers=json).status_code == 201


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"name": ""}, {"name"}),
        ({"nam": "x"}, {"nam"}),
        ({"language": "Chinesisch"}, {"language"}),
        ({"timezone": "Mars/Base"}, {"timezone"}),
        ({"notes": "a\u0000b"}, {"notes"}),
        ({"tier": "x" * 101}, {"tier"}),
        ({"addresses": ["no address", {"address": "a@b.example", "state": "gone"}]},
         {"addresses[0].address", "addresses[1].state"}),
        ({"addresses": ["a@gmail.com", "A@googlemail.com", "a.@b.example"]},
         {"addresses[1].address", "addresses[2].address"}),
        ({"addresses": [{"address": "a@b.example", "until": "2027-01-01"}]},
         {"addresses[0].until"}),
        ({"addresses": [{"address": "a@b.example", "reason": "fraud"}]}, {"addresses[0].reason"}),
        ({"addresses": [{"address": "a@b.example", "colour": "red"}]}, {"addresses[0].colour"}),
        ({"addresses": {"a@b.example": 1}}, {"addresses"}),
        ({"domains": ["gmail.com", "co.uk", "fine.example"]}, {"domains[0]", "domains[1]"}),
    ],
)  # fmt: skip
def test_every_faulty_field_is_named_and_nothing_is_kept(
    api: httpx.Client, change: dict[str, Any], faults: set[str]
) -> None:
    refused = api.put("/customers/U-1", json=CHEN | change)
    assert refused.status_code == 422
    assert set(problems(refused)) == faults
    assert api.get("/customers/U-1").status_code == 404


def test_a_wrong_id_and_a_body_that_is_no_customer(api: httpx.Client) -> None:
    assert set(problems(api.put("/customers/" + "x" * 101, json=CHEN))) == {"customer_id"}
    for content in (b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null"):
        answer = api.put(
            "/customers/U-1", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, content
        problems(answer)


def test_only_if_it_is_still_what_it_was(api: httpx.Client, clock: Clock) -> None:
    first = api.put("/customers/U-1", json=CHEN, headers={"If-None-Match": "*"})
    assert first.status_code == 201
    again = api.put("/customers/U-1", json=CHEN, headers={"If-None-Match": "*"})
    assert again.status_code == 412
    clock.move(1)
    tag = {"If-Match": first.headers["etag"]}
    changed = api.put("/customers/U-1", json=CHEN | {"tier": "none"}, headers=tag)
    assert changed.status_code == 200
    assert api.put("/customers/U-1", json=CHEN, headers=tag).status_code == 412
    assert api.delete("/customers/U-1", headers=tag).status_code == 412
    assert api.put("/customers/U-2", json=CHEN, headers={"If-Match": "*"}).status_code == 412
    assert api.get("/customers/U-1").json()["tier"] == "none"


def test_one_customer_goes(api: httpx.Client) -> None:
    api.put("/customers/U-1", json=CHEN)
    assert api.delete("/customers/U-1").status_code == 204
    assert api.delete("/customers/U-1").status_code == 404
    assert api.get("/addresses/chen@corp.example").json()["match"] == "unknown"


def test_pages_hold_everybody_once(api: httpx.Client) -> None:
    ids = [f"U-{n:02}" for n in range(7)]
    for one in ids:
        api.put(f"/customers/{one}", json={"name": one})
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = api.get("/customers", params={"after": after, "limit": 3}).json()
        seen += [one["customer_id"] for one in page["customers"]]
        after = page["next"]
    assert seen == ids
    assert api.get("/customers", params={"limit": 7}).json()["next"] is None
    for limit in ("0", "1001", "many"):
        assert set(problems(api.get("/customers", params={"limit": limit}))) == {"limit"}


def test_an_address_by_any_spelling(api: httpx.Client) -> None:
    api.put("/customers/U-1", json=CHEN)
    found = api.get("/addresses/CHENWEI+news@googlemail.com").json()
    assert found["match"] == "registered"
    assert [one["customer_id"] for one in found["customers"]] == ["U-1"]
    api.put("/customers/U-2", json={"name": "Other", "addresses": ["chenwei@gmail.com"]})
    both = api.get("/addresses/chen.wei@gmail.com").json()
    assert both["match"] == "conflict"
    assert [one["customer_id"] for one in both["customers"]] == ["U-1", "U-2"]
    assert both["customers"][1]["addresses"][0]["shared_with"] == ["U-1"]
    assert api.get("/addresses/nobody@x.example").json() == {
        "address_key": "nobody@x.example", "match": "unknown", "customers": [],
    }  # fmt: skip
    assert set(problems(api.get("/addresses/nonsense"))) == {"address"}


def test_the_state_of_an_address(api: httpx.Client) -> None:
    api.put("/customers/U-1", json={"name": "A", "addresses": ["a/b@x.example"]})
    where = "/addresses/a/b@x.example/state"
    bouncing = api.put(where, json={"state": "bouncing", "until": "2026-12-31", "reason": "full"})
    (shown,) = bouncing.json()["customers"][0]["addresses"]
    assert (shown["state"], shown["until"]) == ("bouncing", "2026-12-31T00:00:00Z")
    blocked = api.put(where, json={"state": "blocked", "reason": "fraud"})
    assert blocked.json()["customers"][0]["addresses"][0]["state"] == "blocked"
    # A whole new list neither lifts the block nor takes the address away.
    api.put("/customers/U-1", json={"name": "A", "addresses": []})
    kept = api.get("/customers/U-1").json()["addresses"]
    assert [(one["address"], one["state"]) for one in kept] == [("a/b@x.example", "blocked")]
    assert api.put(where, json={"state": "registered"}).status_code == 200
    assert api.put("/addresses/no@x.example/state", json={"state": "blocked"}).status_code == 404
    assert set(problems(api.put(where, json={"state": "ill"}))) == {"state"}
    assert set(problems(api.put(where, json={}))) == {"state"}


def test_a_directory_elsewhere_is_not_changed_here(
    desk: OpenDesk, clock: Clock, database: Database, tmp_path: Any
) -> None:
    from intake.review.serving import serving

    view = ("directory.source=sql", "directory.url=sqlite:///x.db", "directory.view=people")
    with serving(make_desk(database, tmp_path / "b", *view), clock) as url:
        assert url is not None
        with client_of(url, WRITER) as elsewhere:
            assert elsewhere.put("/customers/U-1", json=CHEN).status_code == 409
            assert elsewhere.delete("/customers/U-1").status_code == 409


_TEXT = st.text(st.characters(exclude_categories=("C",)), max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=_TEXT.filter(str.strip),
    notes=_TEXT,
    locals_=st.lists(st.from_regex(r"[a-z][a-z0-9_+-]{0,20}", fullmatch=True), max_size=5),
)
def test_any_customer_comes_back(
    api: httpx.Client, name: str, notes: str, locals_: list[str]
) -> None:
    addresses = sorted({f"{local}@any.example" for local in locals_})
    body = {"name": name, "notes": notes, "addresses": addresses}
    put = api.put("/customers/any", json=body)
    assert put.status_code in (200, 201), put.text
    found = api.get("/customers/any").json()
    assert found["name"] == name.strip()
    assert found["notes"] == notes.strip()
    assert sorted(one["address"] for one in found["addresses"]) == addresses
