"""The frozen data that flows from stage to stage. Floor 0: imports nothing of Intake."""

from intake.model.address import Address
from intake.model.decision import Acknowledgement, Decision, OutgoingMail
from intake.model.facts import (
    Customer,
    DirectoryFacts,
    Facts,
    KnownMessage,
    KnownTicket,
    SentAcknowledgement,
    Suppression,
)
from intake.model.keys import Keys, Token
from intake.model.parsed import Attachment, AuthenticationResults, MethodResult, ParsedMail, Report
from intake.model.reason import Reason
from intake.model.verdicts import (
    Automatic,
    Identifier,
    SecretFound,
    SenderVerdict,
    SpamVerdict,
    ThreadVerdict,
    Triage,
)

__all__ = [
    "Acknowledgement",
    "Address",
    "Attachment",
    "AuthenticationResults",
    "Automatic",
    "Customer",
    "Decision",
    "DirectoryFacts",
    "Facts",
    "Identifier",
    "Keys",
    "KnownMessage",
    "KnownTicket",
    "MethodResult",
    "OutgoingMail",
    "ParsedMail",
    "Reason",
    "Report",
    "SecretFound",
    "SenderVerdict",
    "SentAcknowledgement",
    "SpamVerdict",
    "Suppression",
    "ThreadVerdict",
    "Token",
    "Triage",
]
