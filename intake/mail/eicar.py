"""The file that every virus scanner is tried with (EICAR, 2003)."""

from __future__ import annotations

# Cut in two so that this very file is not taken for it.
_TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# The definition allows white space after it, up to 128 characters in all.
TEST_FILE_SIZES = range(len(_TEST_FILE), 129)
_LOOKED_AT_BYTES = 4096


def is_test_file(data: bytes) -> bool:
    """Whether `data` begins with the test file, or holds it near its beginning."""
    return _TEST_FILE in data[:_LOOKED_AT_BYTES]
