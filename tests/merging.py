"""Merging in tests: what the preview shows, done as it was shown, with a look at whether the desk holds together."""

from typing import Any

from django.contrib.auth.models import User

from statements.actions.merging import Preview, merge, preview
from statements.record.check import offences

REASON = "Both are the same."


def merged(survivor: Any, other: Any, *, by: User) -> Preview:
    shown = preview(survivor=survivor, other=other, by=by)
    done = merge(survivor=survivor, other=other, by=by, reason=REASON, digest=shown.digest)
    assert done.digest == shown.digest
    assert list(offences()) == []
    return done
