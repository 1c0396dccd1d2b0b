"""The container files agree with the project. What they run is exercised by .ci/container.sh."""

import re
import tomllib
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from tracker.environment import VARIABLES

PROJECT = Path(settings.BASE_DIR)
CONTAINERFILE = (PROJECT / "Containerfile").read_text(encoding="utf-8")
COMPOSE = (PROJECT / "compose.yaml").read_text(encoding="utf-8")


def site_environment():
    """The names under `x-site: environment:` of compose.yaml."""
    block = re.search(r"^x-site:.*?^  environment:\n(.*?)^\S", COMPOSE, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(r"^    ([A-Z_]+):", block[1], flags=re.MULTILINE))


def test_compose_passes_every_variable_on_except_those_that_the_image_sets_and_debug():
    in_image = {"MEDIA_ROOT", "STATIC_ROOT"}
    for name in in_image:
        assert f"{name}=/srv/" in CONTAINERFILE
    assert site_environment() == VARIABLES - in_image - {"DEBUG"}


def test_compose_asks_for_what_has_no_default():
    required = {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "CONTACT_EMAIL"}
    for name in required:
        assert f"    {name}: ${{{name}:?set {name} in .env}}\n" in COMPOSE


def test_the_image_serves_the_application_of_the_settings():
    command = re.search(r"^CMD \[\"gunicorn\", \"([\w.]+):(\w+)\"", CONTAINERFILE, flags=re.MULTILINE)
    assert f"{command[1]}.{command[2]}" == settings.WSGI_APPLICATION
    assert callable(import_string(settings.WSGI_APPLICATION))


def test_the_image_installs_by_hash_and_does_not_run_as_root():
    steps = [line.split(maxsplit=1)[0] for line in CONTAINERFILE.splitlines() if re.match(r"[A-Z]+ ", line)]
    assert steps.index("USER") < steps.index("CMD")
    assert "pip install --require-hashes --requirement requirements.txt" in CONTAINERFILE


def test_the_image_holds_every_folder_that_the_site_needs():
    kept = {line.strip("!/") for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {application.split(".")[0] for application in settings.INSTALLED_APPS}
    own = {package for package in packages if (PROJECT / package).is_dir()}
    templates = {Path(folder).name for folder in settings.TEMPLATES[0]["DIRS"]}
    assert kept == own | templates | {"manage.py", "requirements.txt"}


def test_the_python_of_the_image_is_a_supported_one():
    supported = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert supported == ">=3.11,<3.14"
    assert re.search(r"^FROM docker\.io/library/python:3\.1[123]-slim$", CONTAINERFILE, flags=re.MULTILINE)
