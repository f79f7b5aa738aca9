"""Intake: the daemon between a support mailbox and the people who answer it."""

__version__ = "0.1.0"
