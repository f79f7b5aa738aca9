"""A DNS server on loopback that knows the TXT records it is given, or keeps silent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class DnsServer:
    """`records` are name (with final dot) to text; `asked` the names in order."""

    def __init__(self, *, silent: bool = False) -> None:
        self.records: dict[str, str] = {}
        self.asked: list[str] = []
        self.rcode = dns.rcode.NOERROR
        self._silent = silent
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            wire, client = self._socket.recvfrom(4096)
            if wire == b"stop":
                return
            self._socket.sendto(self._answer(wire), client) if not self._silent else None

    def _answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text()
        self.asked.append(name)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        response.set_rcode(self.rcode)
        text = self.records.get(name)
        if text is not None:
            pieces = " ".join(f'"{text[i : i + 200]}"' for i in range(0, len(text), 200))
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
        elif self.rcode == dns.rcode.NOERROR:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    def close(self) -> None:
        host, _, port = self.address.rpartition(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto(b"stop", (host, int(port)))


@contextmanager
def run_dns(*, silent: bool = False) -> Iterator[DnsServer]:
    """A server that answers until the block ends."""
    server = DnsServer(silent=silent)
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
        server._socket.close()
