"""The SQLModel tables. Statements in the store are SQLAlchemy Core over their `__table__`."""

from typing import cast

from sqlalchemy import Table

from intake.store.tables.access import ApiTokenRow
from intake.store.tables.arrivals import FolderRow, LedgerRow, MailboxRow, MailRow
from intake.store.tables.base import Row
from intake.store.tables.files import PictureRow, ScanRow
from intake.store.tables.house import HelperRow, LeaseRow, SecretRow
from intake.store.tables.outgoing import OutboxRow, SuppressionRow
from intake.store.tables.people import (
    CustomerAddressRow,
    CustomerDomainRow,
    CustomerLabelRow,
    CustomerRow,
    DirectoryKeysRow,
)
from intake.store.tables.threads import ActRow, IdentifierRow, MentionRow, TicketLinkRow
from intake.store.tables.tickets import (
    AttachmentRow,
    EventRow,
    MessageRow,
    ParticipantRow,
    TicketRow,
)


def _table(row: type[Row]) -> Table:
    return cast(Table, getattr(row, "__table__"))  # noqa: B009 (SQLModel adds it at run time)


METADATA = Row.metadata
ACT = _table(ActRow)
API_TOKEN = _table(ApiTokenRow)
ATTACHMENT = _table(AttachmentRow)
CUSTOMER = _table(CustomerRow)
CUSTOMER_ADDRESS = _table(CustomerAddressRow)
CUSTOMER_DOMAIN = _table(CustomerDomainRow)
CUSTOMER_LABEL = _table(CustomerLabelRow)
DIRECTORY_KEYS = _table(DirectoryKeysRow)
EVENT = _table(EventRow)
FOLDER = _table(FolderRow)
HELPER = _table(HelperRow)
IDENTIFIER = _table(IdentifierRow)
LEASE = _table(LeaseRow)
LEDGER = _table(LedgerRow)
MAIL = _table(MailRow)
MAILBOX = _table(MailboxRow)
MENTION = _table(MentionRow)
MESSAGE = _table(MessageRow)
OUTBOX = _table(OutboxRow)
PARTICIPANT = _table(ParticipantRow)
PICTURE = _table(PictureRow)
SCAN = _table(ScanRow)
SECRET = _table(SecretRow)
SUPPRESSION = _table(SuppressionRow)
TICKET = _table(TicketRow)
TICKET_LINK = _table(TicketLinkRow)
