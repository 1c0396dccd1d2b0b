"""A fingerprint of all that is told to readers: another one as soon as anything of it may be another."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from statements.record.content_version import content_version

_APPLICATION = Path(__file__).parent.parent

#: Of what pages and files are made, beside the record: this program, and the names of its style sheets and scripts,
#: which are made of what these say. The desk is no part of it.
_MADE_OF = (
    (_APPLICATION, "*.py"),
    *((_APPLICATION / name, "**/*.py") for name in ("models", "record", "public", "templatetags")),
    (_APPLICATION / "record", "**/*.json"),
    (_APPLICATION / "static", "**/*.*"),
    (_APPLICATION / "locale", "**/*.mo"),
    (_APPLICATION.parent / "templates", "*.html"),
    (_APPLICATION.parent / "templates" / "statements", "**/*.*"),
)


def fingerprint(version: str | None = None) -> str:
    """64 hexadecimal digits. One query; none where the content version, read before, is given.

    What readers may see is in the content version. The day is part of it, since files and the status of a demand name
    it; so are the language, the settings that pages and files name, and this program itself, which may word and order
    them otherwise after an upgrade.
    """
    parts = [
        content_version() if version is None else version,
        timezone.localdate().isoformat(),
        get_language(),
        settings.SITE_NAME,
        settings.SITE_URL,
        settings.DATA_LICENCE,
        settings.CONTACT_EMAIL,
        settings.FOUR_EYES,
        _program(),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def made_of() -> set[Path]:
    """The files beside the record of which pages and files are made."""
    return {path for folder, pattern in _MADE_OF for path in folder.glob(pattern)}


@cache
def _program() -> str:
    """Of the code, the schema, the templates and what they name. Read once by each process."""
    found = hashlib.sha256()
    for path in sorted(made_of()):
        found.update(path.relative_to(_APPLICATION.parent).as_posix().encode() + path.read_bytes())
    return found.hexdigest()
