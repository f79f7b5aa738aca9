from __future__ import annotations

from intake.mail.authentication import parse_authentication


def read(value, name="authentication-results"):
    return parse_authentication(((name, value),))


def test_a_full_header_is_read():
    (found,) = read(
        "mx.example; dkim=pass (2048; good) header.i=@b.example header.d=b.example;"
        ' spf=fail smtp.mailfrom="a@b.example"; dmarc=pass (p=NONE; sp=x) header.from=b.example'
    )
    assert found.authserv_id == "mx.example"
    assert [(one.method, one.result) for one in found.results] == [
        ("dkim", "pass"),
        ("spf", "fail"),
        ("dmarc", "pass"),
    ]
    assert found.results[0].property("header.d") == "b.example"
    assert found.results[1].property("smtp.mailfrom") == "a@b.example"


def test_microsoft_leaves_the_server_out():
    (found,) = read("spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=b.example; dkim=none")
    assert found.authserv_id == ""
    assert [one.method for one in found.results] == ["spf", "dkim"]


def test_a_comment_hides_nothing_real():
    (found,) = read("mx.example; spf=fail (x; dmarc=pass (nested; dkim=pass)) smtp.helo=h")
    assert [(one.method, one.result) for one in found.results] == [("spf", "fail")]


def test_no_results_and_version():
    (found,) = read("mx.example 1; none")
    assert (found.authserv_id, found.results) == ("mx.example", ())


def test_arc_and_received_spf_keep_their_source_and_order():
    first, second = parse_authentication(
        (
            ("received-spf", "pass (mx: ok) client-ip=1.2.3.4; envelope-from=<a@b.example>;"),
            ("subject", "x"),
            ("arc-authentication-results", "i=1; mx.example; dmarc=fail header.from=b.example"),
        )
    )
    assert (first.source, first.position) == ("received-spf", 0)
    assert first.results[0].property("smtp.mailfrom") == "a@b.example"
    assert (second.source, second.position, second.authserv_id) == ("arc", 1, "mx.example")


def test_nonsense_is_left_out():
    assert read("") == ()
    assert read("i=1", "arc-authentication-results") == ()
    assert read("123", "received-spf") == ()
