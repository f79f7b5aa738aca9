"""What we keep: tables, blobs, ledger, facts, outbox. Floor 2."""
