"""The whole desk as the files that the import reads back.

Exporting, importing into an empty database and exporting again gives the same bytes.
"""

from collections.abc import Callable, Iterable
from typing import Any

from statements.bulk import batches
from statements.importing import KINDS
from statements.importing.bundles import plan_lists, rows_of
from statements.importing.kinds import kind_named
from statements.importing.kinds.parts import PartKind
from statements.importing.stored import stored_rows
from statements.importing.tables import csv_bytes
from statements.models import Statement
from statements.record.document import Bundle, load
from statements.record.folder import DESK_MARK

_MARK = """\
This folder holds the desk of a statement tracker: a CSV file for each kind of row, drafts included. It is not for the
public. The command `import_csv all` with this folder's name brings it into a database.
"""


def desk_files() -> dict[str, bytes]:
    """File name -> content for every KIND. A fixed number of queries for each KIND and each batch of statements."""
    bundles = _bundles()
    files = {DESK_MARK: _MARK.encode()}
    for name in KINDS:
        kind = kind_named(name)
        rows: Iterable[Any]
        if kind.model is Statement:
            rows = _in_order([bundle.statement for bundle in bundles], lambda row: row.related_statement)
        elif issubclass(kind, PartKind):
            rows = [row for bundle in bundles for row in rows_of(bundle) if isinstance(row, kind.model)]
        elif name == "demand_updates":
            rows = sorted(
                stored_rows(kind.model),
                key=lambda row: (row.demand.slug, row.date_from, row.date_until, row.source.slug),
            )
        else:
            rows = _in_order(stored_rows(kind.model), lambda row: getattr(row, "parent", None))
        columns = kind.exported_columns()
        cells = ([column.cell_of(row) for column in columns] for row in rows)
        files[f"{name}.csv"] = csv_bytes([column.name for column in columns], cells)
    return files


def _bundles() -> list[Bundle]:
    """By the slug of the statement; what hangs on it in the order in which it is stored."""
    ids = list(Statement.objects.order_by("slug").values_list("pk", flat=True))
    bundles = [bundle for batch in batches(ids) for bundle in load(batch).values()]
    for bundle in bundles:
        plan_lists(bundle)
        for row in rows_of(bundle):
            row.statement = bundle.statement
    return sorted(bundles, key=lambda bundle: bundle.statement.slug)


def _in_order(rows: list[Any], above: Callable[[Any], Any]) -> list[Any]:
    """By slug, with what a row refers to above it. Rows of a circle, which a damaged desk may hold, come last."""
    by_slug = {row.slug: row for row in sorted(rows, key=lambda row: row.slug)}
    done: dict[str, Any] = {}
    for start in by_slug.values():
        path: list[Any] = []
        row = start
        while row is not None and row.slug not in done and row not in path:
            path.append(row)
            target = above(row)
            row = by_slug[target.slug] if target is not None else None
        done |= {row.slug: row for row in reversed(path)}
    return list(done.values())
