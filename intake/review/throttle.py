"""Who guesses has to wait: failures by client address, within the last minute."""

from __future__ import annotations

import ipaddress
from collections import deque
from datetime import datetime, timedelta
from threading import Lock

_WINDOW = timedelta(minutes=1)
# Addresses remembered at a time; whoever has more than these at hand is not stopped by any count.
_MOST_CLIENTS = 10_000


class Throttle:
    """At most `most` failures a minute and client; kept in memory, for one process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._failures: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def wait_seconds(self, client: str, now: datetime) -> int:
        """How long this client has to wait; 0 for not at all."""
        with self._lock:
            failures = self._failures.get(client_key(client))
            while failures and now - failures[0] >= _WINDOW:
                failures.popleft()
            if not failures or len(failures) < self._most:
                return 0
            return max(1, int((failures[0] + _WINDOW - now).total_seconds() + 0.999))

    def note_failure(self, client: str, now: datetime) -> None:
        """Counts one failure."""
        with self._lock:
            if len(self._failures) >= _MOST_CLIENTS:
                self._forget(now)
            self._failures.setdefault(client_key(client), deque(maxlen=self._most)).append(now)

    def _forget(self, now: datetime) -> None:
        over = [key for key, seen in self._failures.items() if now - seen[-1] >= _WINDOW]
        for key in over or list(self._failures)[: _MOST_CLIENTS // 2]:
            del self._failures[key]


def client_key(client: str) -> str:
    """The address, or for IPv6 the /64 that one customer of a provider has."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
