"""What a program that brings a token may do."""

from __future__ import annotations

SCOPES = {
    "customers:read": "look customers up",
    "customers:write": "add, change and remove customers, and set the state of addresses",
}
