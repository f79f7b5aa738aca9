"""Registered customers and their addresses."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from intake.store.tables.base import Row


class CustomerRow(Row, table=True):
    """A registered customer, by the id that the operator's own systems use."""

    __tablename__ = "customer"

    customer_id: str = Field(primary_key=True)
    name: str
    language: str | None = None
    tier: str | None = None
    updated_at: datetime


class CustomerAddressRow(Row, table=True):
    """One address of a customer; one address may, by mistake or fraud, be that of several."""

    __tablename__ = "customer_address"

    address_key: str = Field(primary_key=True)
    customer_id: str = Field(primary_key=True, foreign_key="customer.customer_id", index=True)
    address: str
    state: str = "registered"
