"""Undoing in tests: runs of small files, and undoing them with a look at what the preview says."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from statements.actions.reference import Changed, record_changes
from statements.actions.refusal import Refusal
from statements.importing import report
from statements.importing.apply import apply_plan
from statements.importing.incoming import Incoming
from statements.importing.plan import plan_files
from statements.importing.undo import Undone, undo_preview, undo_run
from statements.models import ImportRun, ReferenceChange, RunRows
from statements.record.check import offences

REASON = "The wrong file."


def run_of(text: dict[str, str], *, by: User) -> ImportRun:
    """A run of these files, by KIND."""
    return run_of_files([Incoming(kind, f"{kind}.csv", content.encode()) for kind, content in text.items()], by=by)


def run_of_files(files: list[Incoming], *, by: User) -> ImportRun:
    plan = plan_files(files, user=by)
    assert plan.is_clean, report.as_text(plan, written=False)
    return apply_plan(plan, user=by)


def undone(run: ImportRun, *, by: User) -> Undone:
    """What undoing did, which is what its preview said. Afterwards the desk holds together."""
    expected = undo_preview(run=run, by=by)
    found = undo_run(run=run, by=by, reason=REASON)
    assert found == expected
    assert list(offences()) == []
    return found


def left_alone(found: Undone) -> dict[str, str]:
    return {item.label: item.reason for item in found.left_alone}


def reasons_against(run: ImportRun, *, by: User, reason: str = REASON) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        undo_run(run=run, by=by, reason=reason)
    return refusal.value.reasons


def edit(row: Any, *, by: User, field: str, value: str) -> None:
    """As the form does: changed, and recorded."""
    old = getattr(row, field)
    setattr(row, field, value)
    row.save()
    record_changes(changed=[Changed(row, {field: [old, value]})], by=by)


def kept_nothing(run: ImportRun) -> None:
    """As a run of an earlier release left it: without its rows, steps and notes."""
    RunRows.objects.filter(run=run).delete()
    ReferenceChange.objects.filter(run=run, kind__in=["statement", "demandupdate"]).delete()
