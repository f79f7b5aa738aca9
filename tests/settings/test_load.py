"""Configuration from file, environment and --set; every mistake answered with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from intake.errors import ConfigError
from intake.settings.load import load_configuration, load_settings
from intake.settings.people import Identity


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "intake.toml"
    file.write_text(
        '[mailboxes.support]\nhost = "imap.example"\nusername = "u"\n'
        'password = { env = "P" }\n[limits]\nparts = 7\n'
    )
    return file


def test_later_places_win(config: Path) -> None:
    environ = {"INTAKE_LIMITS__PARTS": "8", "INTAKE_LIMITS__DEPTH": "9"}
    settings = load_settings(config, ["limits.parts=10"], environ)
    assert (settings.limits.parts, settings.limits.depth) == (10, 9)


def test_short_forms_and_lists(config: Path) -> None:
    environ = {
        "INTAKE_DATABASE_URL": "sqlite:////tmp/a.db",
        "INTAKE_STORAGE_DIR": "/tmp/blobs",
        "INTAKE_IDENTITY__TRUSTED_AUTHSERV_IDS": "mx1.example, mx2.example",
    }
    settings = load_settings(config, [], environ)
    assert settings.database.url == "sqlite:////tmp/a.db"
    assert settings.storage.dir == "/tmp/blobs"
    assert settings.identity.trusted_authserv_ids == ("mx1.example", "mx2.example")


def test_a_mailbox_can_be_made_of_settings_alone() -> None:
    settings = load_settings(
        None,
        [
            "mailboxes.a.host=h",
            "mailboxes.a.username=u",
            "mailboxes.a.password.env=P",
            "mailboxes.a.folders=INBOX,Junk",
        ],
        {},
    )
    assert settings.mailboxes["a"].folders == ("INBOX", "Junk")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limitz]\nparts = 1\n", ["intake.toml", "limitz", "did you mean limits"]),
        ("[limits]\nprats = 1\n", ["limits.prats", "did you mean limits.parts"]),
        ("[limits]\nparts = 0\n", ["limits.parts", "greater than 0", "found 0"]),
        ('[smtp]\nport = "many"\n', ["smtp.port", "integer", "'many'"]),
        ('[log]\nlevel = "loud"\n', ["log.level", "'debug'", "'loud'"]),
        ("[limits\n", ["intake.toml", "line 1"]),
        (
            '[mailboxes.a]\nhost = "h"\nusername = "u"\npassword = { env = "A", file = "b" }\n',
            ["mailboxes.a.password"],
        ),
        (
            '[mailboxes.a]\nhost = "h"\npassword = { env = "A" }\n',
            ["mailboxes.a.username", "missing"],
        ),
        ('[mailboxes.a]\nhost = "h"\nusername = "u"\n', ["mailboxes.a", "needs password"]),
        (
            '[mailboxes.a]\nhost = "h"\nusername = "u"\nauth = "xoauth2"\n',
            ["mailboxes.a", "oauth"],
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, words: list[str]) -> None:
    file = tmp_path / "intake.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(file, [], {})
    assert not [word for word in words if word not in str(caught.value)], caught.value


def test_all_mistakes_are_told_at_once(config: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(config, ["limits.parts=-1", "smtp.port=0"], {})
    assert "limits.parts" in str(caught.value)
    assert "smtp.port" in str(caught.value)


@pytest.mark.parametrize("source", ["file", "set", "environment"])
def test_a_literal_secret_is_refused_and_never_repeated(tmp_path: Path, source: str) -> None:
    secret = "Tramonto-1987"
    file = tmp_path / "intake.toml"
    literal = f'password = "{secret}"\n' if source == "file" else ""
    file.write_text(f'[mailboxes.a]\nhost = "h"\nusername = "u"\n{literal}')
    overrides = [f"mailboxes.a.password={secret}"] if source == "set" else []
    environ = {"INTAKE_MAILBOXES__A__PASSWORD": secret} if source == "environment" else {}
    with pytest.raises(ConfigError) as caught:
        load_settings(file, overrides, environ)
    assert "mailboxes.a.password" in str(caught.value)
    assert secret not in str(caught.value)


def test_an_override_of_nothing_is_refused(config: Path) -> None:
    with pytest.raises(ConfigError, match=r"--set limits\.prats.*did you mean limits\.parts"):
        load_settings(config, ["limits.prats=1"], {})
    with pytest.raises(ConfigError, match=r"INTAKE_SMPT__HOST.*did you mean smtp\.host"):
        load_settings(config, [], {"INTAKE_SMPT__HOST": "h"})
    with pytest.raises(ConfigError, match=r"expected section\.key=value"):
        load_settings(config, ["limits"], {})


def test_a_file_asked_for_by_name_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_settings(tmp_path / "none.toml", [], {})


def test_rule_files_beside_the_config_win_over_the_shipped(config: Path) -> None:
    assert load_configuration(config, [], {}).rules.triage.rules
    (config.parent / "triage.toml").write_text('default_category = "mine"\n')
    rules = load_configuration(config, [], {}).rules
    assert (rules.triage.default_category, rules.triage.rules) == ("mine", ())


@pytest.mark.parametrize(
    ("server", "good"),
    [
        ("192.0.2.53", True),
        ("192.0.2.53:5353", True),
        ("2001:db8::53", True),
        ("[2001:db8::53]:5353", True),
        ("dns.example", False),
        ("192.0.2.53:", False),
    ],
)
def test_dns_servers_are_given_by_address(server: str, good: bool) -> None:
    if good:
        assert Identity(dns_servers=(server,)).dns_servers == (server,)
    else:
        with pytest.raises(ValidationError):
            Identity(dns_servers=(server,))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["directory.source=sql"], "needs url"),
        (["directory.source=sql", "directory.url=sqlite:///x.db"], "either view or query"),
        (["directory.url=postgresql://u:secret@h/d"], "never stands in the URL"),
        (["directory.url=oracle://h/d"], "expected sqlite"),
        (["directory.view=people; DROP TABLE people"], "directory.view"),
        (["directory.query=SELECT 1"], ":address or :written"),
        (["directory.domain_query=SELECT 1"], ":domain"),
    ],
)
def test_a_directory_elsewhere_must_be_whole(settings: list[str], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as raised:
        load_settings(None, settings, {})
    assert ":secret@" not in str(raised.value)
