"""What a run did or would do, for people, for machines, and as a file to correct."""

import csv
import io
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.importing.drafts import FilePlan, Outcome, RowError
from statements.importing.plan import Plan
from statements.importing.reading import escaped


def error_line(error: RowError) -> str:
    """One mistake on one line: file, line, column, value, and the sentence that says what to do."""
    place = [error.file]
    if error.line is not None:
        place.append(_("line %(line)d") % {"line": error.line})
    if error.column:
        place.append(_("column %(column)s") % {"column": error.column})
    value = _(" (“%(value)s”)") % {"value": _short(error.value)} if error.value and error.line != 1 else ""
    return f"{', '.join(place)}{value}: {error.message}"


def counts_line(counts: dict[str, int]) -> str:
    return (
        _("%(read)d rows read: %(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(rejected)d rejected.")
        % counts
    )


def written_line(plan: Plan, *, written: bool) -> str:
    if written:
        return _("Everything was written.") if not plan.changes_nothing else _("There was nothing to write.")
    return _("Nothing was written.")


def as_text(plan: Plan, *, written: bool) -> str:
    """All mistakes, the counts of each file where there are several, those of the run, and whether it was written."""
    lines = [error_line(error) for error in plan.errors]
    if lines:
        count = len(lines)
        lines.append(ngettext("%(count)d mistake.", "%(count)d mistakes.", count) % {"count": count})
    if len(plan.files) > 1:
        lines += [f"{file.name}: {counts_line(file.counts)}" for file in plan.files]
    return "\n".join([*lines, counts_line(plan.counts), written_line(plan, written=written)])


def as_json(plan: Plan, *, written: bool) -> dict[str, Any]:
    return {
        "written": written and not plan.changes_nothing,
        "counts": plan.counts,
        "files": [
            {"kind": file.kind, "name": file.name, "sha256": file.sha256, "counts": file.counts} for file in plan.files
        ],
        "errors": [asdict(error) for error in plan.errors],
    }


def rejects_csv(file: FilePlan) -> str:
    """The rejected rows as they came, with their line and what is wrong in front, to be corrected."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(["line", "errors", *file.header])
    for draft in file.drafts:
        if draft.outcome == Outcome.REJECTED:
            errors = " ".join(f"{error.column}: {error.message}".removeprefix(": ") for error in draft.errors)
            cells = [escaped(draft.row.cells[name]) for name in file.header]
            writer.writerow([draft.line, escaped(errors), *cells])
    return output.getvalue()


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
