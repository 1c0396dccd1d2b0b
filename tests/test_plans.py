"""What the databases do for readers does not grow with what is stored: no page reads a growing table from end to end,
sorts more than a page, or reads more rows than its bound.

One test, since making its data takes half a minute: each kind of question is a part of it. Nothing here looks at a
clock. How much is read is counted as ``tests.bench.plans`` has it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import resolve

from statements.record.facets import facets
from statements.urls import urlpatterns
from tests.bench import plans, questions
from tests.bench.cases import Remembered, criteria_of, page
from tests.bench.plans import Plan
from tests.bench.questions import Found, Question
from tests.bench.work import Stopwatch

STATEMENTS = 20_000

#: What a page has to sort: 25 statements with some ten links each, 100 rows, 300 figures of a chart.
A_PAGE = 300


#: PostgreSQL joins tables of some thousand rows by reading them whole, and counts each of those rows.
A_FEW = 5_000 if connection.vendor == "sqlite" else 40_000


@dataclass(frozen=True)
class Allowed:
    """For all queries of a page: ``read`` in rows, ``sorted`` for each sort. ``why``: what is more than a page's own.

    ``scans`` are the tables that may be read from end to end.
    """

    read: int = A_FEW
    sorted: int = A_PAGE
    scans: tuple[str, ...] = ()
    why: str = ""


#: What does not grow with the statements has thousands of rows, and may be read from end to end.
REFERENCE = {
    f"statements_{name}"
    for name in (
        "demand",
        "demand_addressees",
        "demandupdate",
        "measure",
        "organisation",
        "organisationname",
        "speaker",
        "speakername",
    )
}
#: Of words that many rows have, PostgreSQL reads all rows.
_WORDS = ("statements_entryfacets", "statements_entrywords")

A_FILTER = Allowed()
DATES = Allowed(read=A_FEW + 10_000, why="what was counted of days is read: as many rows as there are days and spans")
FILTERS = Allowed(60_000, STATEMENTS, _WORDS, why="what the rarest of the filters finds is read and sorted")
A_SEARCH = Allowed(150_000, STATEMENTS, _WORDS, why="the index of words has no dates: what is found is sorted")
A_RANK = Allowed(200_000, STATEMENTS, _WORDS, why="the words of the newest 2,000 that are found are read")
ALL_FACETS = Allowed(sorted=2_000, why="what was counted of days and languages is read, and the names")

_AMOUNTS = Allowed(
    read=110_000, sorted=4_000, why="of each row of reference data it is asked whether the record uses it"
)
_FEED = Allowed(
    read=A_FEW + 10_000, sorted=1_000, why="which of the last 2,000 that were published are found, and their links"
)
_CHART = Allowed(
    read=max(A_FEW, 12_000),
    sorted=1_000,
    scans=("statements_figure",),
    why="the newest 300 figures are drawn, and who said them: PostgreSQL finds 300 by reading some thousand",
)
_CORRECTIONS = Allowed(
    scans=("statements_version", "statements_move"),
    why="the few of all that were changed or withdrawn are counted: SQLite reads indexes that have these only",
)
_NEWEST_FIGURES = Allowed(
    read=max(A_FEW, 10_000),
    sorted=2_000,
    why="which of the last 2,000 statements that were published have a figure, and these figures",
)
_MADE = Allowed(sorted=2_000, why="by whom and when the commonest demand was made, which has thousands of rows")

#: By the name of an address, where it may do more than a page's own work.
OTHERS = {
    "home": Allowed(_AMOUNTS.read, _AMOUNTS.sorted, _CHART.scans, why=f"{_AMOUNTS.why}; {_CHART.why}"),
    "data": _AMOUNTS,
    "sitemap": _AMOUNTS,
    "demand_list": _AMOUNTS,
    "organisation_list": _AMOUNTS,
    "measure": _CHART,
    "measure_svg": _CHART,
    "measure_atom": _NEWEST_FIGURES,
    "demand_atom": _FEED,
    "organisation_atom": _FEED,
    "demand": _MADE,
    "demand_svg": _MADE,
    "demand_chart_csv": _MADE,
    "demand_chart_csv_metadata": _MADE,
    "sitemap_page": Allowed(read=60_000, sorted=STATEMENTS, why="a part of the sitemap has thousands of addresses"),
    "correction_list": _CORRECTIONS,
}

#: Addresses that answer with everything that there is, and so read it; a batch at a time, as test_twins_sizes has it.
WHOLE = {"data_package", "data_table", "data_changes"}
#: They answer without a question to the database, or as another one that is asked here.
SAME = {"about", "robots", "schema", "compare", "data_package_json"}


def other_addresses(found: Found) -> Iterator[str]:
    """Every kind of address, of each thing that with most behind it; of files a page, since a whole one reads all."""
    yield from (address for _name, address in questions.others(found))
    for form in ("csv", "json", "xlsx"):
        yield f"/statements.{form}?page=1"
    yield "/statements.csv-metadata.json?page=1"
    statement, demand, measure = found.statement, found.most["demands"], found.most["measures"]
    yield f"/statements/{statement}.json"
    for ending in ("/", ".json", ".bib", ".ris", ".csl.json"):
        yield f"/statements/{statement}/versions/1{ending}"
    for ending in (".csv?page=1", ".csv-metadata.json?page=1", ".json?page=1", ".atom"):
        yield f"/demands/{demand}{ending}"
        yield f"/measures/{measure}{ending}"
    for ending in (".svg", "/chart.csv", "/chart.csv-metadata.json", ".bib", ".ris", ".csl.json"):
        yield f"/demands/{demand}{ending}"
    yield f"/measures/{measure}.svg"
    yield f"/organisations/{found.most['organisations']}.atom"
    yield "/corrections.atom"


def parts(found: Found) -> Iterator[tuple[str, Allowed, list[Question]]]:
    """The questions of the list by kind, with what each may do."""
    for part, allowed, is_of_dates in (("one filter", A_FILTER, False), ("dates", DATES, True)):
        asked = [one for one in questions.single(found) if ("issued_" in one[1]) == is_of_dates]
        yield part, allowed, asked
        yield f"{part}, second page", allowed, [(name, f"{query}&page=2") for name, query in _with_two_pages(asked)]
    yield "several filters", FILTERS, list(questions.combined(found))
    yield "search", A_SEARCH, list(questions.searches(found))
    yield "rank", A_RANK, list(questions.ranked(found))


def _with_two_pages(asked: Iterable[Question]) -> Iterator[Question]:
    for name, query in asked:
        if facets(criteria_of(query)).total > questions.STATEMENTS_A_PAGE:
            yield name, query


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: Any) -> Iterator[Found]:
    with django_db_blocker.unblock(), _taken_away():
        # By this process: what it writes on SQLite, in memory, is its own.
        call_command("make_scale_data", statements=STATEMENTS, seed=1, processes=1, stdout=StringIO())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # As autovacuum does before long: until then no index answers without its table.
                cursor.execute("VACUUM ANALYZE")
        yield questions.look()


@contextmanager
def _taken_away() -> Iterator[None]:
    """What is written within, afterwards. On PostgreSQL it is committed, since VACUUM wants no transaction."""
    if connection.vendor == "postgresql":
        try:
            yield
        finally:
            call_command("flush", interactive=False, verbosity=0)
    else:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def plans_of(address: str) -> list[Plan]:
    """Of all that an address asks, but for the facets of the list."""
    run = page(address, memory=Remembered())
    run(Stopwatch())
    with plans.explained() as explained:
        run(Stopwatch())
    return explained


def offences(name: str, explained: list[Plan], allowed: Allowed, sizes: dict[str, int]) -> Iterator[tuple[str, Plan]]:
    """A sentence, and the plan that it is about."""
    read = sum(plan.work for plan in explained)
    if read > allowed.read:
        worst = max(explained, key=lambda plan: plan.work)
        yield f"{name}: reads {read:,}, of which one query {worst.work:,}; {allowed.read:,} are allowed", worst
    for plan in explained:
        scanned = [
            table
            for table in dict.fromkeys(plan.scanned)
            if sizes.get(table, 0) > plans.SMALL and table not in REFERENCE and table not in allowed.scans
        ]
        if scanned:
            yield f"{name}: reads all of {', '.join(scanned)}", plan
        if plan.sorted > allowed.sorted:
            yield f"{name}: sorts {plan.sorted:,} rows; {allowed.sorted:,} are allowed", plan


def none_of(wrong: list[tuple[str, Plan]]) -> None:
    """Fails with all sentences, and with the plans of those that did most, each query once."""
    worst = {plan.sql.partition("WHERE")[0]: plan for _said, plan in sorted(wrong, key=lambda one: one[1].work)}
    plans_of_worst = [f"{plan.work:,}: {plan.sql[:1500]}\n{plan.detail}" for plan in list(worst.values())[-3:]]
    if wrong:
        pytest.fail("\n".join(["", *(said for said, _plan in wrong), *plans_of_worst]), pytrace=False)


def test_no_page_of_readers_reads_or_sorts_more_than_its_bound(found: Found, subtests: pytest.Subtests) -> None:
    sizes = plans.sizes()
    for part, allowed, asked in parts(found):
        with subtests.test(part):
            none_of([o for name, q in asked for o in offences(name, plans_of(f"/statements/?{q}"), allowed, sizes)])
    names = set()
    for address in other_addresses(found):
        name = resolve(address.partition("?")[0]).url_name
        names.add(name)
        with subtests.test(address):
            none_of(list(offences(address, plans_of(address), OTHERS.get(name, Allowed()), sizes)))
    with subtests.test("facets"):
        none_of(list(facet_offences(found, sizes)))
    assert {pattern.name for pattern in urlpatterns} - names == {"statement_list", *WHOLE, *SAME}


def facet_offences(found: Found, sizes: dict[str, int]) -> Iterator[tuple[str, Plan]]:
    """Of everything they read what was counted beforehand; of one filter what it finds."""
    issuer = f"issuer={found.values['issuer'].common}"
    for name, query in (("no filter", ""), ("one common issuer", issuer)):
        with plans.explained() as explained:
            facets(criteria_of(query))
        yield from offences(f"facets, {name}", explained, ALL_FACETS, sizes)


def test_a_query_that_reads_a_table_is_told_from_one_that_looks_up_a_row(db: None) -> None:
    """The reader of plans itself: what it can't see, no test above finds."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE statements_trial (id integer PRIMARY KEY, word varchar(20))")
        cursor.executemany("INSERT INTO statements_trial VALUES (%s, %s)", [(n, f"word {n % 7}") for n in range(3000)])
        cursor.execute("ANALYZE statements_trial")
        with plans.explained() as explained:
            cursor.execute("SELECT word FROM statements_trial WHERE id = %s", [5])
            cursor.execute("SELECT id FROM statements_trial WHERE word = %s ORDER BY word, id DESC", ["word 5"])
            cursor.execute("INSERT INTO statements_trial VALUES (%s, %s)", [3001, "word"])
    one_row, all_rows = explained
    assert one_row.work < 10
    assert one_row.scanned == []
    assert all_rows.work > 500
    assert all_rows.scanned == ["statements_trial"]
    assert all_rows.sorted in (0, 428)
    allowed = Allowed(read=500, sorted=100)
    found = [said for said, _plan in offences("trial", [one_row, all_rows], allowed, {"statements_trial": 3000})]
    assert found[0].startswith(f"trial: reads {one_row.work + all_rows.work:,}")
    assert found[1] == "trial: reads all of statements_trial"
