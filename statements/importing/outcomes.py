"""What became of the rows of a run, kept with it for good."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from statements import json_text
from statements.importing.drafts import Outcome, RowResult
from statements.importing.plan import Plan
from statements.models import ImportRun, RunRows

ROWS_A_BATCH = 500


def keep_outcomes(plan: Plan, run: ImportRun) -> None:
    """Put the plan's rows into the place of those that were kept for this run before. A query a batch."""
    run.row_batches.all().delete()
    stored = plan.scratch.stored_results()
    position = 0
    while batch := list(islice(stored, ROWS_A_BATCH)):
        of_each = Counter(one.outcome for one in batch)
        counts = {str(outcome): of_each[outcome] for outcome in Outcome}
        rows = [json_text.Fragment(one.json) for one in batch]
        RunRows.objects.create(
            run=run, position=position, rows=rows, warned=sum(one.is_warned for one in batch), **counts
        )
        position += 1


def kept_outcomes(run: ImportRun) -> Iterator[RowResult]:
    """All of a run, by file and line, a batch at a time."""
    for rows in run.row_batches.order_by("position").values_list("rows", flat=True).iterator(chunk_size=1):
        yield from (RowResult.from_json(row) for row in rows)


def page_of_outcomes(run: ImportRun, which: str, *, start: int, size: int) -> list[RowResult]:
    """The rows of an outcome, of "warned" or of "" for all, from the given one on. Two queries."""
    batches = run.row_batches.order_by("position")
    columns = [which] if which else [str(outcome) for outcome in Outcome]
    wanted, passed, skip = [], 0, None
    for position, *counts in batches.values_list("position", *columns):
        count = sum(counts)
        if passed + count > start and passed < start + size:
            wanted.append(position)
            skip = start - passed if skip is None else skip
        passed += count
    found = [
        RowResult.from_json(row)
        for rows in batches.filter(position__in=wanted).values_list("rows", flat=True)
        for row in rows
        if _is(row, which)
    ]
    return found[skip or 0 :][:size]


def _is(row: dict[str, object], which: str) -> bool:
    return not which or ("notices" in row if which == "warned" else row["outcome"] == which)
