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


def test_quotes_keep_a_senders_words_in_their_place():
    (found,) = read(
        r'mx.example; spf=pass smtp.mailfrom="a@b.example; dkim=pass \" x"@evil.example'
    )
    assert [one.method for one in found.results] == ["spf"]
    assert found.results[0].property("smtp.mailfrom").rpartition("@")[2] == "evil.example"


def test_what_does_not_balance_says_nothing_but_keeps_its_place():
    for broken in (
        'mx.example; dkim=pass "x',
        "mx.example; dkim=pass (x",
        "mx.example; dkim=pass)",
    ):
        (found,) = read(broken)
        assert (found.authserv_id, found.results) == ("mx.example", ())
    (found,) = read('mx.example; spf=none (of "x); dmarc=pass; a=b ("@evil.example)')
    assert found.results == ()


def test_the_line_in_the_header_is_kept():
    found = parse_authentication(
        (
            ("received", "x"),
            ("authentication-results", "a; none"),
            ("subject", "x"),
            ("authentication-results", "b; none"),
        )
    )
    assert [(one.position, one.line) for one in found] == [(0, 1), (1, 3)]


def test_a_seal_belongs_to_its_number_unless_two_claim_it():
    results = ("arc-authentication-results", "i=2; mx.example; dmarc=pass")
    seal = ("arc-seal", "i=2; a=rsa-sha256; d=Lists.example; cv=pass")
    (found,) = parse_authentication((results, seal))
    assert (found.instance, found.sealer) == (2, "lists.example")
    (doubled,) = parse_authentication((seal, results, seal))
    assert (doubled.instance, doubled.sealer) == (2, "")
