"""What every test stands on: the run's database, a real browser, and no silent skips where nothing may be skipped."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from integrations.jose.signer import generate_private_pem
from integrations.pades.keys import made_up_pem

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vetting.settings")
os.environ.setdefault("ARTICLE_TEN_TESTING", "1")
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="article-ten-tests-")  # never the keys and mails of a demo
Path(os.environ["VAR_DIR"], "static").mkdir()  # where collected style sheets lie: its absence is a warning
os.environ.setdefault("CERTIFICATE_KEY", generate_private_pem().decode())
os.environ.setdefault("NODE_KEY", generate_private_pem().decode())
os.environ.setdefault("SEAL_KEY", made_up_pem().decode())
# Playwright keeps an event loop running in this thread, which Django would take for an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
django.setup()

from vetting.celery import app  # noqa: E402 - it reads the settings

NOTHING_MAY_BE_SKIPPED = "ARTICLE_TEN_CI" in os.environ
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_CHROMIUM = "no Chromium on this machine (Debian: apt-get install chromium)"
CHROMIUM_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PageFactory = Callable[..., Page]
Audit = Callable[[Page], list[str]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only PostgreSQL can show, unless this run is on PostgreSQL."""
    if connections["default"].vendor == "postgresql":
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under ARTICLE_TEN_CI a skipped test is a failed run."""
    if NOTHING_MAY_BE_SKIPPED and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ["VAR_DIR"], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say out loud what a green run did not look at."""
    if skipped := _skipped(config):
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True)
        terminalreporter.line(f"{skipped} skipped; the reasons are above.", red=True)
        if not CHROMIUM:
            terminalreporter.line(f"No page was looked at in a browser: {NO_CHROMIUM}.", red=True)
        if NOTHING_MAY_BE_SKIPPED:
            terminalreporter.line("ARTICLE_TEN_CI is set, so this run has failed.", red=True)


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each process has a database of its own; on SQLite a file, so that the live server has its own connections."""
    default = connections["default"]
    if default.vendor == "sqlite":
        default.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, one for the whole run."""
    if not CHROMIUM:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[PageFactory]:
    """Opens pages, each with cookies of its own: new_page(width=360, javascript=False)."""
    contexts = []

    def open_page(*, width: int = 1280, height: int = 900, javascript: bool = True, locale: str = "en-GB") -> Page:
        viewport = ViewportSize(width=width, height=height)
        context = chromium.new_context(viewport=viewport, java_script_enabled=javascript, locale=locale)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: PageFactory) -> Page:
    """One page, 1280 by 900, with JavaScript."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Audit:
    """Accessibility faults of a page as axe-core finds them, one sentence each: assert axe(page) == []."""
    engine = Axe()

    def audit(page: Page) -> list[str]:
        found = engine.run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]}).response["violations"]
        return [f"{rule['id']}: {rule['help']}: {node['html']}" for rule in found for node in rule["nodes"]]

    return audit


@pytest.fixture
def memory_broker(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The product rings by a broker, and the broker is a dictionary of this process."""
    settings.CELERY_BROKER_URL = "memory://"
    app.close()
    monkeypatch.setattr(app.conf, "broker_url", "memory://")
