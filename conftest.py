"""Where the browser tests find their browser, and what is said when they find none."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Properties are about truth; how long one takes on a busy machine says nothing of it.
settings.register_profile("registry", deadline=None)
settings.load_profile("registry")

pytest_plugins = ["tests.sampled"]  # a month that several rooms of tests draw from
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
MISSING = "no Chromium on this machine"
# Quiet: no look-ups of its own, so that a request to outside in a test's record is one of ours.
SWITCHES = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def chromium() -> str | None:
    """The path of the Chromium to drive: the one in CHROMIUM, or the first of the usual names that exists."""
    return next(filter(None, map(shutil.which, filter(None, (os.environ.get("CHROMIUM"), *NAMES)))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Playwright's browser over the system's Chromium; `browser.new_context()` gives one reader."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root Chromium starts only without its sandbox; it meets no page but ours.
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        launched = playwright.chromium.launch(
            executable_path=chromium(), args=list(SWITCHES), chromium_sandbox=not as_root
        )
        yield launched
        launched.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Browser tests need a browser: without one they fail where CI is set, and are left out elsewhere."""
    if item.get_closest_marker("browser") and not chromium():
        if os.environ.get("CI"):
            pytest.fail(f"{MISSING}, and CI must have one", pytrace=False)
        pytest.skip(MISSING)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Iterator[None]:
    """Say last, and loudly, what this run could not show."""
    yield
    left_out = [
        report for report in terminalreporter.stats.get("skipped", ()) if MISSING in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.section("THE BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(left_out)} tests were left out: {MISSING}. Install one (Debian: apt install chromium) "
            "or name it in CHROMIUM.",
            red=True,
        )
    if not os.environ.get("REGISTRY_TEST_POSTGRES"):
        terminalreporter.line("On SQLite only: `scripts/postgres run make test` runs both engines.")
