"""Which tests run, and how. Fixtures that several test modules share."""

from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from tests.factories import make_user

# The same examples on every machine, and no failure because a machine is slow.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--e2e", action="store_true", help="also run the tests that need Chromium and its driver")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run is not equipped for: browsers unless asked for, PostgreSQL's own tests on SQLite."""
    left_out = set()
    if not config.getoption("e2e") and "e2e" not in config.getoption("markexpr"):
        left_out.add("e2e")
    if not config.getoption("pg"):
        left_out.add("postgresql")
    deselected = [item for item in items if left_out & {marker.name for marker in item.iter_markers()}]
    if deselected:
        items[:] = [item for item in items if item not in set(deselected)]
        config.hook.pytest_deselected(items=deselected)


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """A cache outlives the transaction of a test, and content versions begin anew with the next."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture
def editor(db: None) -> User:
    return make_user("editor", "contributor")


@pytest.fixture
def reviewer(db: None) -> User:
    return make_user("reviewer", "reviewer")


@pytest.fixture
def importer(db: None) -> User:
    return make_user("importer", "importer")


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("administrator", "administrator")


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor_client(editor: User) -> Client:
    return _logged_in(editor)


@pytest.fixture
def reviewer_client(reviewer: User) -> Client:
    return _logged_in(reviewer)


@pytest.fixture
def importer_client(importer: User) -> Client:
    return _logged_in(importer)


@pytest.fixture
def administrator_client(administrator: User) -> Client:
    return _logged_in(administrator)


@pytest.fixture
def uploads_folder(settings: Any, tmp_path: Path) -> Path:
    """Where this test's uploads are kept."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture
def facts_dir() -> Path:
    """The demonstration data: eleven CSV files."""
    return Path(__file__).parent.parent / "statements" / "data" / "demo"
