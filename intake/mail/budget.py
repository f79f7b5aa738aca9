"""What one mail may ask for, counted while its bytes are scanned."""

from __future__ import annotations

from intake.errors import BudgetExceeded
from intake.settings.schema import Limits


class Budget:
    """Counts parts, depth, header lines and header bytes of one mail and all mails inside it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parts = 0
        self._header_lines = 0
        self.head_bytes_left = limits.header_bytes

    def take_size(self, size_bytes: int) -> None:
        """Count a mail of `size_bytes`. Raises BudgetExceeded."""
        if size_bytes > self._limits.mail_bytes:
            raise BudgetExceeded(
                f"The mail has {size_bytes} bytes, more than limits.mail_bytes "
                f"({self._limits.mail_bytes})."
            )

    def take_part(self, depth: int) -> None:
        """Count one part at `depth` (0: the mail itself). Raises BudgetExceeded."""
        self._parts += 1
        if self._parts > self._limits.parts:
            raise BudgetExceeded(
                f"The mail has more parts than limits.parts ({self._limits.parts})."
            )
        if depth > self._limits.depth:
            raise BudgetExceeded(
                f"The mail is nested deeper than limits.depth ({self._limits.depth})."
            )

    def take_head(self, lines: int, size_bytes: int) -> None:
        """Count header lines and their bytes. Raises BudgetExceeded."""
        self._header_lines += lines
        self.head_bytes_left -= size_bytes
        if self._header_lines > self._limits.header_lines:
            raise BudgetExceeded(
                "The mail has more header lines than limits.header_lines "
                f"({self._limits.header_lines})."
            )
        if self.head_bytes_left < 0:
            raise BudgetExceeded(
                "The mail has more bytes of headers than limits.header_bytes "
                f"({self._limits.header_bytes})."
            )
