"""Changes of organisations, speakers, sources, demands and measures: who may make them, and their record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from statements.bulk import insert
from statements.models import Demand, ImportRun, Measure, Organisation, ReferenceChange, Source, Speaker, Through
from statements.models.derived import words_of
from statements.record import today_links
from statements.record.content_version import readers_see_a_change
from statements.record.use import in_public_use

Changes = dict[str, list[Any]]

_REFERENCE_DATA = (Organisation, Speaker, Source, Demand, Measure)


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
    """Keep who changed what. One query a batch, and two; call it in the transaction of the change.

    Readers see reference data as it stands. Whether they see these rows is not asked: a statement that names one may be
    published at this very moment. Of statements and updates they see nothing before it is published.
    """
    now = timezone.now()
    rows = [one for one in changed if one.changes]
    labels = [str(one.row)[:500] for one in rows]
    insert(
        [
            ReferenceChange(
                kind=str(one.row._meta.model_name),
                target_id=one.row.pk,
                label=label,
                folded=words_of(label),
                changes=one.changes,
                saved_at=now,
                saved_by=by,
                saved_by_name=by.get_username(),
                through=through,
                run=run,
                why=why,
            )
            for one, label in zip(rows, labels, strict=True)
        ]
    )
    if any(isinstance(one.row, _REFERENCE_DATA) for one in rows):
        readers_see_a_change()


def lists_follow(changed: Iterable[Changed]) -> None:
    """Let readers' lists find statements by what demands and organisations say now. Call it when all that was changed
    is stored, in the same transaction. No query where neither a theme, nor an addressee, nor a country changed.
    """
    rows = list(changed)
    today_links.follow(
        themes=_with_another("theme", Demand, rows),
        addressees=_with_another("addressees", Demand, rows),
        countries=_with_another("country", Organisation, rows),
    )


def _with_another(column: str, model: type[models.Model], changed: Iterable[Changed]) -> list[int]:
    return sorted({one.row.pk for one in changed if isinstance(one.row, model) and column in one.changes})
