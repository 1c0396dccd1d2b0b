"""What a database does to answer a page: rows read, sorted, and tables read from end to end, whatever the clock says.

SQLite tells its steps (instructions of its virtual machine, some ten a row) and its plan without numbers; PostgreSQL
runs a query and tells the rows of each node.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

#: Rows of a table of the site's that has at most so many count as nothing: reading them all is the best plan.
SMALL = 1000
#: Of SQLite's steps that are counted at once.
_STEPS = 10


@dataclass
class Plan:
    """Of one query. ``work`` is the number of rows that PostgreSQL read, or of SQLite's steps divided by ten.

    ``scanned`` are the growing tables of which it read every row, ``sorted`` is the number of rows that it sorted
    (of SQLite 0, where the plan says whether, and the steps how much).
    """

    sql: str
    work: int
    scanned: list[str] = field(default_factory=list)
    sorted: int = 0
    detail: str = ""


@contextmanager
def explained() -> Iterator[list[Plan]]:
    """The plans of the queries within, each run once more. Queries only: a write is not explained."""
    found: list[Plan] = []
    explain = {"sqlite": _of_sqlite, "postgresql": _of_postgresql}[connection.vendor]

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("( ").startswith(("SELECT", "WITH")):
            found.append(explain(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def sizes() -> dict[str, int]:
    """The number of rows of each of the site's tables. Reads them all."""
    tables = [model._meta.db_table for model in apps.get_app_config("statements").get_models(include_auto_created=True)]
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # our own names
            found[table] = cursor.fetchone()[0]
    return found


# --- SQLite -----------------------------------------------------------------------------------------------------------

_SCAN = re.compile(r"SCAN (?P<table>\w+)\b(?P<by> USING (?:COVERING )?INDEX \w+)?(?! VIRTUAL TABLE)")
_ALIAS = re.compile(r'"?(?P<table>statements_\w+)"? (?:AS )?"?(?P<alias>\w+)"?', re.IGNORECASE)


def _of_sqlite(sql: str, params: Any) -> Plan:
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(connection.create_cursor()) as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        lines = [row[3] for row in cursor.fetchall()]
        connection.connection.set_progress_handler(step, _STEPS)
        try:
            cursor.execute(sql, params)
            cursor.fetchall()
        finally:
            connection.connection.set_progress_handler(None, _STEPS)
    aliases = {match["alias"]: match["table"] for match in _ALIAS.finditer(sql)}
    scans = [match for line in lines if (match := _SCAN.match(line))]
    # Along an index, to as many rows as a page has: what that cost, the steps say.
    scanned = [aliases.get(scan["table"], scan["table"]) for scan in scans if not scan["by"] or "LIMIT" not in sql]
    return Plan(sql, steps, [table for table in scanned if table.startswith("statements_")], 0, "\n".join(lines))


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _of_postgresql(sql: str, params: Any) -> Plan:
    with closing(connection.create_cursor()) as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        answer = cursor.fetchone()[0]
    top = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    plan = Plan(sql, 0, detail=_in_words(top))
    for node in _nodes(top):
        rows = _rows(node)
        if "Relation Name" in node or "Index Name" in node:
            plan.work += rows
        if node["Node Type"] == "Seq Scan":
            plan.scanned.append(node["Relation Name"])
        if node["Node Type"] in ("Sort", "Incremental Sort"):
            plan.sorted += sum(round(child["Actual Rows"] * child["Actual Loops"]) for child in node["Plans"])
    return plan


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> int:
    """Read by a node: those that it gave on and those that it threw away, in all its loops."""
    each = node["Actual Rows"] + sum(node.get(name, 0) for name in _THROWN_AWAY)
    return round(each * node["Actual Loops"])


_THROWN_AWAY = ("Rows Removed by Filter", "Rows Removed by Index Recheck")


def _in_words(node: dict[str, Any], depth: int = 0) -> str:
    of = node.get("Relation Name") or node.get("Index Name") or ""
    line = f"{'  ' * depth}{node['Node Type']} {of} rows={_rows(node)}"
    return "\n".join([line, *(_in_words(child, depth + 1) for child in node.get("Plans", []))])
