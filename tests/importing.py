"""Importing in tests: through the plan and its application, as the command and the admin's page do."""

from pathlib import Path

from django.contrib.auth.models import User

from statements.importing import KINDS, report
from statements.importing.apply import apply_plan
from statements.importing.incoming import Incoming
from statements.importing.plan import Plan, plan_files
from statements.models import ImportRun


def files_of(folder: Path) -> list[Incoming]:
    return [Incoming(kind, f"{kind}.csv", (folder / f"{kind}.csv").read_bytes()) for kind in KINDS]


def planned(kind: str, text: str, *, by: User) -> Plan:
    return plan_files([Incoming(kind, f"{kind}.csv", text.encode())], user=by)


def imported(kind: str, text: str, *, by: User) -> Plan:
    """The plan of a file, applied. A mistake in it fails the test with the report."""
    plan = planned(kind, text, by=by)
    assert plan.is_clean, report.as_text(plan, written=False)
    apply_plan(plan, user=by)
    return plan


def import_folder(folder: Path, *, by: User) -> ImportRun:
    plan = plan_files(files_of(folder), user=by)
    assert plan.is_clean, report.as_text(plan, written=False)
    return apply_plan(plan, user=by)


def places(plan: Plan) -> list[tuple[int | None, str]]:
    """Line and column of every mistake."""
    return [(error.line, error.column) for error in plan.errors]


def sentence(plan: Plan) -> str:
    """The one mistake of a plan."""
    assert len(plan.errors) == 1, report.as_text(plan, written=False)
    return plan.errors[0].message
