"""Customer lists: what is taken, what is told, and that taking one again changes nothing."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.errors import ActRefused, UnreadableList
from intake.settings.rules import Rules
from intake.store.customer_records import Counts
from intake.store.customers import find_by_address
from intake.store.database import Database, open_database
from intake.store.desk import events
from intake.store.directory import CustomerView, all_customers, load_customer, set_state
from intake.store.staging import LineProblem
from intake.worker.directory_export import COLUMNS, as_rows
from intake.worker.directory_import import CustomerImport
from tests.judge.letters import shipped_rules

RULES: Rules = shipped_rules()
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HEADER = "customer_id,name,email"


class Result:
    """What an import told."""

    def __init__(self, work: CustomerImport) -> None:
        self.counts = work.counts
        self.removed = work.customers_removed
        self.conflicts = work.conflicts
        self.lines = (work.lines_taken, work.lines_refused)
        self.problems = list(work.problems())

    @property
    def told(self) -> list[tuple[int, str]]:
        """(line, field) of every problem."""
        return [(problem.line, problem.field) for problem in self.problems]


def take(database: Database, content: str | bytes, folder: Path, **options: bool) -> Result:
    file = folder / "list.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with CustomerImport(database, RULES, NOW) as work:
        work.read(file)
        work.take(**options)
        return Result(work)


def everybody(database: Database, now: datetime = NOW) -> list[CustomerView]:
    with database.read() as connection:
        return list(all_customers(connection, now))


def exported(database: Database) -> str:
    out = io.StringIO(newline="")
    lines = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    lines.writeheader()
    lines.writerows(as_rows(everybody(database)))
    return out.getvalue()


def test_lines_become_customers(database: Database, tmp_path: Path) -> None:
    found = take(
        database,
        f"{HEADER},language,timezone,tier,notes,domain\n"
        '1,Alice Moreau,Alice@Posteo.example,EN,Europe/Paris,vip,"two\nlines",\n'
        "1,Alice Moreau,alice@work.example,,,,,\n"
        "2,王磊,wang.lei@例子.example,zh_cn,,,,\n"
        "3,Acme,,,,,,Acme.example\n",
        tmp_path,
    )
    assert found.problems == []
    assert found.counts == Counts(added=3, addresses_added=3, domains_added=1)
    alice, wang, acme = everybody(database)
    assert (alice.language, alice.timezone, alice.tier) == ("en", "Europe/Paris", "vip")
    assert alice.notes == "two\nlines"
    assert [a.address for a in alice.addresses] == ["Alice@Posteo.example", "alice@work.example"]
    assert (wang.name, wang.language) == ("王磊", "zh-CN")
    assert acme.domains == ("acme.example",)
    with database.read() as connection:
        (customer,) = find_by_address(connection, "wang.lei@xn--fsqu00a.example", now=NOW)
    assert customer.customer_id == "2"


def test_taking_it_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    content = f"{HEADER},state,reason\n1,Alice,a@x.example,,\n2,Bob,b@x.example,blocked,fraud\n"
    take(database, content, tmp_path)
    before = everybody(database)
    assert take(database, content, tmp_path).counts == Counts(unchanged=2)
    assert everybody(database) == before
    assert take(database, exported(database), tmp_path).counts == Counts(unchanged=2)
    changed = take(database, content.replace("Alice", "Alicia"), tmp_path)
    assert changed.counts == Counts(changed=1, unchanged=1)


def test_a_dry_run_counts_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    take(database, f"{HEADER}\n1,Alice,a@x.example\n2,Bob,b@x.example\n", tmp_path)
    before = everybody(database)
    told = f"{HEADER}\n1,Alicia,a@x.example\n2,Bob,b@x.example\n3,Carl,c@x.example\n4,,bad\n"
    dry = take(database, told, tmp_path, dry_run=True)
    assert dry.counts == Counts(added=1, changed=1, unchanged=1, addresses_added=1)
    assert everybody(database) == before
    with database.read() as connection:
        assert len(events(connection, limit=10)) == 1
    wet = take(database, told, tmp_path)
    assert (wet.counts, wet.problems) == (dry.counts, dry.problems)


@pytest.mark.parametrize(
    ("line", "field", "part"),
    [
        (",Alice,a@x.example,,,,,", "customer_id", "missing"),
        ("1,Alice,,,,,,", "email", "missing"),
        ("1,Alice,Alice <a@x.example>,,,,,", "email", "bare address"),
        ("1,Alice,a@x.example;b@x.example,,,,,", "email", "bare address"),
        ("1,Alice,a b@x.example,,,,,", "email", "bare address"),
        ("1,Alice,@x.example,,,,,", "email", "bare address"),
        ("1,Alice,a@localhost,,,,,", "email", "no domain"),
        ("1,Alice,a@x..example,,,,,", "email", "no domain"),
        ("1,Alice,a@-x.example,,,,,", "email", "no domain"),
        ("1,Alice,a..b@x.example,,,,,", "email", "two dots"),
        (f"1,Alice,{'a' * 65}@x.example,,,,,", "email", "64 bytes"),
        ("1,Alice,a@1.2.3.4,,,,,", "email", "a number"),
        ("1,Alice,a@x.example,klingon,,,,", "language", "en, zh-Hans"),
        ("1,Alice,a@x.example,xx,,,,", "language", "en, zh-Hans"),
        ("1,Alice,a@x.example,,CEST,,,", "timezone", "Europe/Paris"),
        ("1,Alice,a@x.example,,../../etc/passwd,,,", "timezone", "Europe/Paris"),
        ("1,Alice,a@x.example,,,gone,,", "state", "registered, confirmed"),
        ("1,Alice,a@x.example,,,bouncing,soon,", "until", "2026-12-31"),
        ("1,Alice,a@x.example,,,,2026-12-31,", "until", "without"),
        ("1,Acme,,,,,,gmail.com", "domain", "public mail provider"),
        ("1,Acme,,,,,,co.uk", "domain", "anybody registers"),
        ("1,Ali\x07ce,a@x.example,,,,,", "name", "U+0007"),
        (f"1,{'A' * 301},a@x.example,,,,,", "name", "longer than 300"),
        ("1,Alice,a@x.example,,", "line", "5 fields where the header has 8"),
        ('1,"Ali"ce,a@x.example,,,,,', "line", "quotes"),
    ],
)
def test_every_line_that_cannot_be_taken_is_told(
    line: str, field: str, part: str, tmp_path: Path, sqlite_url: str
) -> None:
    database = open_database(sqlite_url)
    header = f"{HEADER},language,timezone,state,until,domain"
    good = "9,Good,good@x.example,,,,,"
    found = take(database, f"{header}\n{line}\n{good}\n", tmp_path)
    (problem,) = found.problems
    assert (problem.line, problem.field, problem.taken) == (2, field, False)
    assert part in problem.text
    assert [customer.customer_id for customer in everybody(database)] == ["9"]
    database.close()


def test_all_that_is_wrong_with_a_line_is_told(database: Database, tmp_path: Path) -> None:
    found = take(database, f"{HEADER},language,timezone\n,A,b,c,d\n", tmp_path)
    assert found.told == [(2, "customer_id"), (2, "language"), (2, "timezone"), (2, "email")]
    assert found.lines == (0, 1)


def test_lines_that_contradict_each_other_are_told(database: Database, tmp_path: Path) -> None:
    content = (
        f"{HEADER}\n1,Alice,a@x.example\n1,Alice,A@X.example\n2,Bob,a@x.example\n"
        "1,Alicia,c@x.example\n"
    )
    found = take(database, content, tmp_path)
    assert found.problems == [
        LineProblem(3, "email", "A@X.example", "this customer has the address already in line 2"),
        LineProblem(
            4,
            "email",
            "a@x.example",
            "line 2 registers this address for customer 1; its mails will be called a conflict",
            taken=True,
        ),
        LineProblem(
            5,
            "name",
            "Alicia",
            "differs from an earlier line of this customer (Alice); this one counts",
            taken=True,
        ),
    ]
    assert (found.lines, found.conflicts) == ((3, 1), 1)
    with database.read() as connection:
        owners = find_by_address(connection, "a@x.example", now=NOW)
    assert [customer.customer_id for customer in owners] == ["1", "2"]
    assert take(database, content, tmp_path).conflicts == 1
    later = take(database, f"{HEADER}\n7,Eve,a@x.example\n", tmp_path)
    assert later.conflicts == 2
    assert {problem.line for problem in later.problems} == {2}


def test_files_of_other_kinds_are_refused_with_the_line(database: Database, tmp_path: Path) -> None:
    rows = f"{HEADER}\n1,Alice,a@x.example\n2,José,j@x.example\n"
    refused = {
        rows.encode("latin-1"): "line 3: not UTF-8",
        rows.encode("utf-16"): "line 1: UTF-16",
        b"": "lacks customer_id",
        b"id,name,mail\n": "lacks customer_id, email",
        b"customer_id,name,email,name\n": "name twice",
        b"customer_id,name,email\n" + b"x" * 1_000_001: "line 2: longer",
    }
    for content, words in refused.items():
        with pytest.raises(UnreadableList, match=words):
            take(database, content, tmp_path)
    assert everybody(database) == []
    with (
        pytest.raises(UnreadableList, match="cannot be read"),
        CustomerImport(database, RULES, NOW) as work,
    ):
        work.read(tmp_path / "missing.csv")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(
    mark: bytes, delimiter: str, end: str, tmp_path: Path, sqlite_url: str
) -> None:
    database = open_database(sqlite_url)
    lines = ["Customer_ID,Name,Email,phone", "1,José,j@x.example,0170", ""]
    content = mark + end.join(lines).replace(",", delimiter).encode()
    found = take(database, content, tmp_path)
    assert found.counts.added == 1
    assert found.told == [(1, "header")]
    assert everybody(database)[0].name == "José"
    database.close()


def test_columns_that_are_not_there_leave_what_is_known(database: Database, tmp_path: Path) -> None:
    take(database, f"{HEADER},tier,language\n1,Alice,a@x.example,vip,en\n", tmp_path)
    take(database, f"{HEADER},language\n1,Alice,b@x.example,\n", tmp_path)
    (alice,) = everybody(database)
    assert (alice.tier, alice.language) == ("vip", None)
    assert len(alice.addresses) == 2


def test_no_list_lifts_a_block(database: Database, tmp_path: Path) -> None:
    content = f"{HEADER},state\n1,Alice,a@x.example,registered\n"
    take(database, content, tmp_path)
    with database.write() as connection:
        set_state(connection, "a@x.example", "blocked", by="mira", at=NOW, reason="taken over")
    found = take(database, content, tmp_path)
    assert found.counts == Counts(unchanged=1)
    assert found.told == [(2, "state")]
    (alice,) = everybody(database)
    assert (alice.addresses[0].state, alice.addresses[0].reason) == ("blocked", "taken over")
    assert found.problems[0].taken


def test_bouncing_ends_by_itself(database: Database, tmp_path: Path) -> None:
    take(
        database,
        f"{HEADER},state,until\n1,Alice,a@x.example,bouncing,2026-11-30\n"
        "2,Bob,b@x.example,bouncing,\n",
        tmp_path,
    )
    week = NOW + timedelta(days=7)
    for now, states in ((NOW, ["bouncing", "bouncing"]), (week, ["registered", "bouncing"])):
        with database.read() as connection:
            found = find_by_address(connection, "a@x.example", "b@x.example", now=now)
        assert [customer.address_state for customer in found] == states
        assert [one.addresses[0].state for one in everybody(database, now)] == states


def test_replace_removes_who_is_not_in_the_list(database: Database, tmp_path: Path) -> None:
    people = "".join(f"{n},N{n},n{n}@x.example\n" for n in range(10, 20))
    take(database, f"{HEADER},domain\n1,Acme,a@x.example,acme.example\n1,Acme,b@x.example,\n"
         + people.replace("\n", ",\n"), tmp_path)  # fmt: skip
    with database.write() as connection:
        set_state(connection, "n11@x.example", "blocked", by="mira", at=NOW)
    left = people.replace("10,N10,n10@x.example\n", "").replace("11,N11,n11@x.example\n", "")
    content = f"{HEADER}\n1,Acme,a@x.example\n{left}12,,broken\n"
    dry = take(database, content, tmp_path, replace=True, dry_run=True)
    assert len(everybody(database)) == 11
    found = take(database, content, tmp_path, replace=True)
    # Whose address is blocked stays blocked; of whom a line could not be taken keeps the rest.
    assert [one.customer_id for one in everybody(database)] == ["1", *map(str, range(11, 20))]
    assert (found.removed, dry.removed) == (1, 2)
    acme = everybody(database)[0]
    assert ([a.address for a in acme.addresses], acme.domains) == (["a@x.example"], ())
    with pytest.raises(ActRefused, match="lacks 9 of 10"):
        take(database, f"{HEADER}\n1,Acme,a@x.example\n", tmp_path, replace=True)
    take(database, f"{HEADER}\n1,Acme,a@x.example\n", tmp_path, replace=True, anyway=True)
    assert [one.customer_id for one in everybody(database)] == ["1", "11"]


def test_an_import_is_an_event(database: Database, tmp_path: Path) -> None:
    take(database, f"{HEADER}\n1,Alice,a@x.example\n2,,\n", tmp_path)
    with database.read() as connection:
        (event,) = events(connection, limit=10)
    assert event.kind == "customers-imported"
    assert "1 customers added" in event.text
    assert "1 lines refused" in event.text


def test_transactions_that_take_long_become_smaller(database: Database, tmp_path: Path) -> None:
    people = "".join(f"{n},Name {n},name{n}@x.example\n" for n in range(2_100))
    (tmp_path / "long.csv").write_text(f"{HEADER}\n{people}")
    for longest, sizes in ((0.0, [1000, 500, 500, 100]), (60.0, [1000, 1000, 100])):
        people = people.replace("Name", "Other name")
        with CustomerImport(database, RULES, NOW, batch=1000, longest=longest) as work:
            work.read(tmp_path / "long.csv")
            taken: list[int] = []
            work.take(step=taken.append)
        assert taken == sizes
        assert work.counts.added + work.counts.changed == 2_100
        (tmp_path / "long.csv").write_text(f"{HEADER}\n{people}")


def test_memory_does_not_grow_with_the_list(tmp_path: Path, sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    peaks = []
    for count in (6_000, 24_000):
        people = "".join(f"{n},Name {n},name{n}@x{n % 99}.example\n" for n in range(count))
        take(database, f"{HEADER}\n1,A,a@x.example\n", tmp_path)
        (tmp_path / "long.csv").write_text(f"{HEADER}\n{people}")
        tracemalloc.start()
        with CustomerImport(database, RULES, NOW, batch=2000) as work:
            work.read(tmp_path / "long.csv")
            work.take(dry_run=True)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    database.close()
    assert peaks[1] < peaks[0] * 1.5


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)
LINE = st.fixed_dictionaries(
    {
        "customer_id": st.text("ab12-é", min_size=1, max_size=3),
        "name": TEXT,
        "email": st.builds(
            lambda local, domain: f"{local}@{domain}",
            st.text("abAB.12+éß", min_size=1, max_size=6),
            st.sampled_from(["x.example", "X.Example", "gmail.com", "bücher.example"]),
        ),
        "language": st.sampled_from(["", "en", "ZH_hans", "pt-br", "nonsense"]),
        "timezone": st.sampled_from(["", "UTC", "Asia/Shanghai", "Nowhere"]),
        "tier": TEXT,
        "notes": st.one_of(TEXT, st.just("one\ntwo\r\nthree")),
        "state": st.sampled_from(["", "registered", "confirmed", "bouncing", "blocked"]),
        "reason": st.sampled_from(["", "fraud, they say"]),
        "until": st.sampled_from(["", "2026-12-31", "2030-01-01T10:00:00+02:00"]),
        "domain": st.sampled_from(["", "acme.example", "gmail.com", "Sub.Acme.example"]),
    }
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(LINE, max_size=8))
def test_round_trips(database: Database, tmp_path: Path, lines: list[dict[str, str]]) -> None:
    """Whatever was taken: taking it again, or its export, changes nothing."""
    with database.write() as connection:
        for table in ("customer_address", "customer_domain", "customer"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(lines)
    first = take(database, out.getvalue(), tmp_path)
    assert first.lines[0] + first.lines[1] == len(lines)
    before = everybody(database)
    assert first.counts.added == len(before)
    for content in (out.getvalue(), exported(database)):
        again = take(database, content, tmp_path)
        assert again.counts == Counts(unchanged=len(before))
        assert everybody(database) == before
    assert all(not problem.taken or problem.line for problem in first.problems)


def test_a_customer_as_a_person_sees_it(database: Database, tmp_path: Path) -> None:
    take(database, f"{HEADER}\n1,Alice,a@x.example\n2,Bob,a@x.example\n", tmp_path)
    with database.read() as connection:
        alice = load_customer(connection, "1", NOW)
    assert alice.addresses[0].shared_with == ("2",)
