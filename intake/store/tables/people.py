"""Registered customers, their addresses and domains, and what these look like."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from intake.store.tables.base import BIG, KEY_ONLY, Row


class CustomerRow(Row, table=True):
    """A registered customer, by the id that the operator's own systems use.

    `name_look` is as of intake.model.looks, like the other columns of that kind below.
    """

    __tablename__ = "customer"

    customer_id: str = Field(primary_key=True)
    name: str
    language: str | None = None
    tier: str | None = None
    updated_at: datetime
    name_look: str = Field(default="", index=True)
    timezone: str | None = None
    notes: str = ""


class CustomerAddressRow(Row, table=True):
    """One address of a customer; one address may, by mistake or fraud, be that of several.

    `state_reason` and `state_at` say why and since when it is bouncing or blocked.
    `bouncing_until` is null for a bouncing address that stays so until somebody says otherwise.
    """

    __tablename__ = "customer_address"
    __table_args__ = (Index(None, "local_look", "label_look"),)

    address_key: str = Field(primary_key=True)
    customer_id: str = Field(primary_key=True, foreign_key="customer.customer_id", index=True)
    address: str
    state: str = "registered"
    state_reason: str = ""
    state_at: datetime | None = None
    bouncing_until: datetime | None = None
    local_look: str = ""
    label_look: str = ""
    near_1: int | None = Field(default=None, sa_type=BIG, index=True)
    near_2: int | None = Field(default=None, sa_type=BIG, index=True)
    near_3: int | None = Field(default=None, sa_type=BIG, index=True)


class CustomerDomainRow(Row, table=True):
    """A company's domain: whoever writes from it writes for the customer."""

    __tablename__ = "customer_domain"
    __table_args__ = KEY_ONLY

    domain_key: str = Field(primary_key=True)
    customer_id: str = Field(primary_key=True, foreign_key="customer.customer_id", index=True)
    label_look: str = Field(default="", index=True)


class CustomerLabelRow(Row, table=True):
    """A name of a domain that customers have addresses in, once, with its marks.

    One that no address has any more does no harm and stays.
    """

    __tablename__ = "customer_label"
    __table_args__ = KEY_ONLY

    label: str = Field(primary_key=True)
    head: str = Field(index=True)
    tail: str = Field(index=True)


class DirectoryKeysRow(Row, table=True):
    """By which rules the keys and looks of the directory were made: one row, or none."""

    __tablename__ = "directory_keys"

    id: int = Field(primary_key=True, sa_type=BIG)
    made_by: str
