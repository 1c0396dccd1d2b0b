"""Imports keep their direction, so that nobody has to remember it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "statements"

#: What each part may import from. Anything that is not listed here is refused.
BASE = {"bulk", "cells", "dates", "json_text", "locales", "quotes", "set_aside", "text"}
ALLOWED: dict[str, set[str]] = {
    "locales": set(),
    "bulk": {"json_text"},
    "cells": {"dates"},
    "dates": {"locales"},
    "json_text": set(),
    "text": set(),
    "quotes": set(),
    "set_aside": set(),
    "models": BASE,
    "record": BASE | {"models"},
    "actions": BASE | {"models", "record"},
    "importing": BASE | {"models", "record", "actions"},
    "forms": BASE | {"models", "record", "actions"},
    "admin": BASE | {"models", "record", "actions", "importing", "forms"},
    "public": BASE | {"models", "record"},
    "templatetags": BASE | {"models", "record", "public"},
    "scale": BASE | {"models", "record"},
    "management": BASE | {"models", "record", "actions", "importing", "scale"},
    "urls": {"public"},
    "apps": {"actions"},
    "migrations": BASE | {"models"},
}
#: Single modules that may import more, each with its reason in its docstring.
EXCEPTIONS: dict[str, set[str]] = {"admin/preview.py": {"public"}}


def _part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imported(path: Path) -> set[str]:
    """The parts of this package that a module imports, inside functions, too."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its direction"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("statements.")}


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_below(path: Path) -> None:
    part = _part(path)
    if part == "__init__":
        assert not _imported(path)
    else:
        allowed = ALLOWED[part] | EXCEPTIONS.get(path.relative_to(PACKAGE).as_posix(), set())
        assert _imported(path) <= allowed | {part}


def test_only_urls_and_admin_of_the_project_know_the_application() -> None:
    for path in sorted((PACKAGE.parent / "tracker").glob("*.py")):
        assert not _imported(path), f"{path.name}: the project names the application in its settings only"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_one_thing(path: Path) -> None:
    if "migrations" not in path.parts:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_a_template_is_one_thing() -> None:
    for path in sorted((PACKAGE.parent / "templates").rglob("*.html")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 120, path
