"""Programs that tests need and Python's packages do not bring."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

import pytest


def require(program: str, *, apt: str, places: Sequence[str] = ("/usr/sbin",)) -> str:
    """The path of an installed program, looked for in PATH and then in `places`.

    Where it is missing the calling test is skipped with how to get it; in CI it fails.
    """
    search = os.pathsep.join([os.environ.get("PATH", ""), *places])
    found = shutil.which(program, path=search)
    if found:
        return found
    reason = f"{program} is not installed; on Debian: apt-get install {apt}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
