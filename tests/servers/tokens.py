"""A token endpoint (RFC 6749) that also answers Dovecot's question whom a token belongs to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class TokenServer:
    """Gives tokens of `lifetime` seconds for `refresh_token`; with `rotate` a new one each time.

    `answer` replaces the next answers: status and body.
    """

    user: str = "desk@exchange.example"
    refresh_token: str = "refresh-0"
    lifetime: Any = 3600
    rotate: bool = False
    answer: tuple[int, bytes] | None = None
    forms: list[dict[str, str]] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    def grant(self, form: dict[str, str]) -> tuple[int, bytes]:
        self.forms.append(form)
        if self.answer is not None:
            return self.answer
        if form.get("refresh_token") != self.refresh_token:
            return 400, b'{"error": "invalid_grant", "error_description": "Token was revoked"}'
        token = f"access-{len(self.forms)}"
        self.valid.add(token)
        body = {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}
        if self.rotate:
            self.refresh_token = f"refresh-{len(self.forms)}"
            body["refresh_token"] = self.refresh_token
        return 200, json.dumps(body).encode()

    def whose(self, token: str) -> tuple[int, bytes]:
        if token not in self.valid:
            return 401, b'{"error": "invalid_token"}'
        return 200, json.dumps({"email": self.user, "active": "true"}).encode()


@contextmanager
def running_tokens(server: TokenServer) -> Iterator[TokenServer]:
    """It listens on `server.port` of the loopback until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            self._send(*server.grant(form))

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            self._send(*server.whose(query.get("access_token", [""])[0]))

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.port = http.server_address[1]
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            http.shutdown()
