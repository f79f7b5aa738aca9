"""The shape of config/intake.toml: every key, its type, unit and default."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from intake.settings.people import Claimed, Directory, Identity
from intake.settings.review import Review
from intake.settings.section import PositiveFloat, PositiveInt, SecretSource, Section

Port = Annotated[int, Field(ge=1, le=65535)]
Security = Literal["tls", "starttls", "plain"]


class Desk(Section):
    """Who we are. `addresses` are the only official ones; mail from them is our own."""

    name: str = "Example Exchange Support"
    addresses: Annotated[tuple[str, ...], Field(min_length=1)] = ("support@exchange.example",)
    language: str = "en"
    timezone: str = "UTC"
    key: SecretSource | None = None


class OAuth(Section):
    """RFC 6749 6: a refresh token is turned into access tokens at `token_url`."""

    token_url: str
    client_id: str
    client_secret: SecretSource | None = None
    refresh_token: SecretSource
    scope: str = ""


class Mailbox(Section):
    """One polled IMAP login.

    `after` is what the server is told once the bytes are safe. `flag` sets \\Flagged, the star of
    mail programs: \\Seen stays what it is for staff, "somebody opened it". `delete` removes only
    the mails received; a server without UIDPLUS has them marked as deleted.
    """

    host: str
    port: Port = 993
    security: Security = "tls"
    ca_file: str | None = None
    username: str
    auth: Literal["password", "xoauth2", "oauthbearer"] = "password"
    password: SecretSource | None = None
    oauth: OAuth | None = None
    folders: tuple[str, ...] = ("INBOX",)
    after: Literal["nothing", "flag", "keyword", "move", "delete"] = "nothing"
    keyword: Annotated[str, Field(pattern=r"^[!#-$&'+-\[^-z|}~]+$")] = "$Intake"
    move_to: str = "Processed"
    enabled: bool = True

    @model_validator(mode="after")
    def _secret_for_its_auth(self) -> Mailbox:
        if self.auth == "password" and self.password is None:
            raise ValueError('auth = "password" needs password = { env | file | command }')
        if self.auth != "password" and self.oauth is None:
            raise ValueError(f'auth = "{self.auth}" needs the table [mailboxes.<name>.oauth]')
        return self

    @model_validator(mode="after")
    def _moved_away(self) -> Mailbox:
        if self.after == "move" and self.move_to in self.folders:
            raise ValueError("move_to must not be one of the folders that are polled")
        return self


class Schedule(Section):
    """When mailboxes are polled, and how long a failing one is left alone."""

    poll_interval_seconds: PositiveFloat = 60
    jitter_seconds: Annotated[float, Field(ge=0)] = 5
    backoff_first_seconds: PositiveFloat = 15
    backoff_limit_seconds: PositiveFloat = 1800
    login_refused_seconds: PositiveFloat = 900
    connect_timeout_seconds: PositiveFloat = 20
    read_timeout_seconds: PositiveFloat = 60
    lease_seconds: PositiveFloat = 15


class Limits(Section):
    """What one mail may cost. Beyond it a mail is quarantined or left on the server, never lost."""

    mail_bytes: PositiveInt = 35_000_000
    batch_bytes: PositiveInt = 4_000_000
    parts: PositiveInt = 1000
    depth: PositiveInt = 50
    header_lines: PositiveInt = 2000
    header_bytes: PositiveInt = 1_000_000
    parse_seconds: PositiveFloat = 20
    parse_memory_bytes: PositiveInt = 1_000_000_000
    attempts: PositiveInt = 5


class Reading(Section):
    """Pictures are looked at off the way of a mail: words, hash, small copy.

    `enabled` is about the words: `auto` reads them where the extra `ocr` is installed, true finds
    fault where it is not. `memory_bytes` is what the process that does it may take at most.
    """

    enabled: Literal["auto"] | bool = "auto"
    picture_seconds: PositiveFloat = 30
    pictures_per_mail: PositiveInt = 10
    most_pixels: PositiveInt = 40_000_000
    memory_bytes: PositiveInt = 2_000_000_000
    threads: PositiveInt = 1
    idle_seconds: PositiveFloat = 60


class Clamav(Section):
    """A ClamAV daemon that is asked about every file; none where `socket` is empty."""

    socket: str = ""
    max_bytes: PositiveInt = 25_000_000
    timeout_seconds: PositiveFloat = 60

    @field_validator("socket")
    @classmethod
    def _is_a_place(cls, value: str) -> str:
        path = value.removeprefix("unix:").startswith("/")
        if value and not path and not re.fullmatch(r"(tcp://)?[^/\s]+:\d{1,5}", value):
            raise ValueError("expected /path/of/clamd.ctl or host:port")
        return value


class DatabaseSection(Section):
    """SQLAlchemy URL; a SQLite file or PostgreSQL schema is created where there is none."""

    url: str = "sqlite:///var/intake.db"


class Storage(Section):
    """The folder of the content-addressed blobs."""

    dir: str = "var/blobs"


class Smtp(Section):
    """The way out. `envelope_sender` "" is the null sender (RFC 5321 4.5.5)."""

    host: str = "localhost"
    port: Port = 587
    security: Security = "starttls"
    ca_file: str | None = None
    username: str | None = None
    password: SecretSource | None = None
    from_address: str | None = None
    envelope_sender: str = ""
    timeout_seconds: PositiveFloat = 30
    after_crash: Literal["resend", "hold"] = "resend"
    retry_hours: PositiveFloat = 48
    retry_first_seconds: PositiveFloat = 60
    retry_limit_seconds: PositiveFloat = 7200
    poll_seconds: PositiveFloat = 1


class Threading(Section):
    """How long a conversation stays open for joining by subject, and for answers after closing.

    `new_topic`: what becomes of an answer under a wholly new subject to a ticket that rested for
    `new_topic_days`. `chasers_until_attention`: the chaser in a row with which a ticket asks for a
    person. `merge_overtaken`: the ticket of an answer that overtook its mail becomes part of that
    mail's.
    """

    same_subject_days: PositiveFloat = 14
    reopen_days: PositiveFloat = 30
    new_topic: Literal["link", "join"] = "link"
    new_topic_days: PositiveFloat = 7
    chasers_until_attention: PositiveInt = 3
    merge_overtaken: bool = True


class Reply(Section):
    """Automatic mail. `window_hours` and `per_address` bound what one address may get.

    `plus_address`: Reply-To is `support+<ticket>.<mark>@...`, for servers that deliver plus tags.
    """

    enabled: bool = True
    window_hours: PositiveFloat = 24
    per_address: PositiveInt = 5
    acknowledge_unsure: bool = True
    acknowledge_unverified: bool = True
    plus_address: bool = False
    templates_dir: str = "templates"


class Log(Section):
    """`auto` is readable on a terminal and JSON elsewhere."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"
    show_personal: bool = False


class Settings(Section):
    """All of config/intake.toml after overrides."""

    desk: Desk = Desk()
    mailboxes: dict[str, Mailbox] = Field(default_factory=dict)
    schedule: Schedule = Schedule()
    limits: Limits = Limits()
    reading: Reading = Reading()
    clamav: Clamav = Clamav()
    database: DatabaseSection = DatabaseSection()
    storage: Storage = Storage()
    smtp: Smtp = Smtp()
    identity: Identity = Identity()
    claimed: Claimed = Claimed()
    directory: Directory = Directory()
    threading: Threading = Threading()
    reply: Reply = Reply()
    review: Review = Review()
    log: Log = Log()
