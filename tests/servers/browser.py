"""Debian's Chromium, driven by Playwright, with its background traffic off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.servers.installed import require

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Two runs paint the same pixels whatever screen the machine has.
    *("--force-color-profile=srgb", "--hide-scrollbars"),
)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser; skips (in CI: fails) where Chromium is not installed."""
    program = require("chromium", apt="chromium fonts-noto-cjk", places=("/usr/bin",))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()
