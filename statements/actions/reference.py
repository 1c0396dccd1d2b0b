"""Changes of organisations, speakers, sources, demands and measures: who may make them, and their record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from statements.bulk import insert
from statements.models import ImportRun, ReferenceChange, Through
from statements.record.use import in_public_use

Changes = dict[str, list[Any]]


@dataclass(frozen=True)
class Changed:
    """A stored row of reference data and what changed: {field: [old, new]}, in words as a CSV cell would have them.

    Of an import also a statement with what no version holds, and an update of a demand: an undo needs the old values.
    """

    row: models.Model
    changes: Changes


def public_permission(model: type[models.Model]) -> str:
    """The permission to change rows of this model that readers see."""
    return f"statements.change_public_{model._meta.model_name}"


def may_change(user: User, row: models.Model) -> bool:
    """Whether this user may change this stored row: readers see what is in public use, so that takes a reviewer."""
    return user.has_perm(public_permission(type(row))) or row.pk not in in_public_use(type(row), [row.pk])


def record_changes(
    *,
    changed: Iterable[Changed],
    by: User,
    through: Through = Through.FORM,
    run: ImportRun | None = None,
    why: str = "",
) -> None:
    """Keep who changed what. One query a batch; call it in the transaction of the change."""
    now = timezone.now()
    insert(
        [
            ReferenceChange(
                kind=str(one.row._meta.model_name),
                target_id=one.row.pk,
                label=str(one.row)[:500],
                changes=one.changes,
                saved_at=now,
                saved_by=by,
                saved_by_name=by.get_username(),
                through=through,
                run=run,
                why=why,
            )
            for one in changed
            if one.changes
        ]
    )
