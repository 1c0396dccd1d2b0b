"""What a page of the desk costs does not depend on how much is stored. Steps are counted, never time."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from statements.models import Organisation, Source, Statement, StatementWords
from statements.models.values import values_of
from statements.record.check import offences
from statements.record.desk_index import refresh
from tests.admin_forms import fields_on
from tests.desk_rows import fill
from tests.factories import (
    IssuerFactory,
    SourceFactory,
    StatementFactory,
    make_statement,
    make_user,
    save_version,
)
from tests.importing import imported

S = "/admin/statements"
STATEMENTS = f"{S}/statement/"
#: The longest list in these tests. The real one is as long as what is stored at first, and would hide what grows.
SHORT = 70
#: Statements at first, and then.
FEW, MANY = 1_500, 7_500
#: What a page may cost with MANY, beside what it costs with FEW.
GROWTH = 1.5


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("admin.changelist.MOST", "models.finding.MOST_FOUND", "admin.desk.page.MOST", "admin.base.MOST"):
        monkeypatch.setattr(f"statements.{place}", SHORT)
    for place in ("models.counting.MOST_COUNTED", "admin.display.MOST_COUNTED"):
        monkeypatch.setattr(f"statements.{place}", SHORT // 7)


def addresses() -> Iterator[str]:
    """Every list that grows: narrowed down by each filter, in each order, searched; and what fields of forms offer."""
    commonest, rare = Organisation.objects.order_by("pk").values_list("pk", flat=True)[:2]
    filters = {
        "statement": [
            *(f"step__exact={step}" for step in ("draft", "done", "returned", "scheduled")),
            *(f"public={state}" for state in ("published", "changed", "withdrawn", "no")),
            *(f"missing={what}" for what in ("source", "words", "demand+or+count")),
            *("kind__exact=report", "kind__exact=speech", "kind__exact=interview", "language=lv"),
            *(f"issuers__organisation__id__exact={pk}" for pk in (commonest, rare)),
            *(f"desk={name}" for name in ("review", "returned", "drafts", "scheduled", "second+person")),
            *(f"desk={name}" for name in ("words", "quotes", "dates")),
            *("o=4", "o=-4", "p=2", "q=release", "q=rel", "q=word17", "q=nothing", "q=person+7", "q=on-release", "q=a"),
            *("q=office+0", "q=release&step__exact=draft", "q=office"),
        ],
        "source": ["kind__exact=archive", "language=lv", "p=2", "q=release", "q=press+7", "q=https://example.org/17"],
        "version": ["o=3", "p=2", "through__exact=erasure", "published=yes", "published=no", "q=release", "q=word17"],
        "referencechange": ["kind=source", "through__exact=merge", "p=2", "q=release", "q=office+7"],
        **{name: ["q=7"] for name in ("organisation", "speaker", "demand", "measure")},
    }
    for name, queries in filters.items():
        yield f"{S}/{name}/"
        yield from (f"{S}/{name}/?{query}" for query in queries)
    for name, field in (("statement", "related_statement"), ("citation", "source")):
        asked = f"/admin/autocomplete/?app_label=statements&model_name={name}&field_name={field}"
        yield from (f"{asked}&term={term}" for term in ("", "release", "a", "word17", "nothing"))
    yield from ("/admin/", f"{S}/measure/rivals/", f"{S}/demandupdate/", f"{S}/importrun/", f"{S}/putoff/")


@contextmanager
def steps_of_sqlite() -> Iterator[Callable[[], int]]:
    """How many thousand steps the database takes for all queries in here."""
    taken = 0

    def note() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(note, 1000)
    try:
        yield lambda: taken
    finally:
        connection.connection.set_progress_handler(None, 0)


def costs(client: Client) -> dict[str, int]:
    found = {}
    for address in addresses():
        with steps_of_sqlite() as cost:
            response = client.get(address)
        assert response.status_code == 200, address
        found[address] = cost()
    return found


def test_no_page_of_the_desk_costs_more_where_more_is_stored(
    administrator_client: Client, administrator: User, editor: User, short_lists: None
) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL reads small tables whole, whatever indexes they have
    fill(FEW, by=administrator, others=editor)
    administrator_client.get(STATEMENTS)  # what a process asks once
    few = costs(administrator_client)
    fill(MANY - FEW, by=administrator, others=editor)
    many = costs(administrator_client)
    dearer = {address: (few[address], cost) for address, cost in many.items() if cost > GROWTH * few[address] + 20}
    assert dearer == {}


def statements(number: int) -> None:
    for n in range(number):
        StatementFactory(title=f"On the release {n}", slug=f"t-{n}", kind=("speech", "report")[n % 2])


@pytest.fixture
def ten(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("admin.changelist.MOST", "models.finding.MOST_FOUND", "admin.base.MOST"):
        monkeypatch.setattr(f"statements.{place}", 10)


def said(client: Client, query: str) -> str:
    """What stands below the list."""
    page = client.get(STATEMENTS + query).content.decode()
    below = page.partition('<p class="paginator">')[2].partition("</p>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", below).split())


def test_a_list_that_is_too_long_to_count_says_so_and_ends_there(
    reviewer_client: Client, ten: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("statements.admin.statement.StatementAdmin.list_per_page", 4)
    statements(10)
    assert said(reviewer_client, "") == "1 2 3 10 statements Show all"
    statement = StatementFactory(title="One more")
    assert said(reviewer_client, "").startswith("1 2 3 10+ statements: the list ends there.")
    assert len(reviewer_client.get(f"{STATEMENTS}?p=3").context["cl"].result_list) == 2
    assert reviewer_client.get(f"{STATEMENTS}?p=4").status_code == 302
    assert "10+ results" in reviewer_client.get(STATEMENTS).content.decode()
    statement.delete()
    assert "10 results" in reviewer_client.get(STATEMENTS).content.decode()


def test_all_rows_can_be_chosen_where_the_list_has_all_of_them(reviewer_client: Client, ten: None) -> None:
    statements(11)
    chosen = {"action": "publish_selected", "select_across": "1", "_selected_action": ["1"]}
    answer = reviewer_client.post(STATEMENTS, chosen, follow=True).content.decode()
    assert "These are more than 10 rows, so nothing was done." in answer
    assert "across all pages" not in answer
    answer = reviewer_client.post(f"{STATEMENTS}?kind__exact=speech", chosen, follow=True).content.decode()
    assert "It has not been submitted for review." in answer


def test_a_search_that_finds_too_much_says_that_a_filter_beside_it_looked_at_the_newest(
    reviewer_client: Client, ten: None
) -> None:
    statements(12)
    assert said(reviewer_client, "?q=release").startswith("10+ statements")
    assert said(reviewer_client, "?q=release&kind__exact=report") == (
        "6 statements among the 10 entered last of all that the search finds: more words find fewer."
    )
    assert said(reviewer_client, "?q=release+1&kind__exact=report") == "2 statements"


def test_a_list_is_sorted_by_what_its_headings_offer_and_by_nothing_else(reviewer_client: Client) -> None:
    for day, title in (("2022-01-02", "A"), ("2022-01-03", "B"), ("2022-01-01", "C")):
        StatementFactory(issued=day, title=title)

    def listed(query: str) -> str:
        return "".join(row.title for row in reviewer_client.get(STATEMENTS + query).context["cl"].result_list)

    assert (listed(""), listed("?o=4"), listed("?o=-4")) == ("BAC", "CAB", "BAC")
    for column in (1, 2, 3, 5, 6, 9):
        assert listed(f"?o={column}") == "BAC", column


def test_a_word_of_very_many_names_finds_whoever_has_the_others_too(
    reviewer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("statements.admin.search.MOST_MAKERS", 2)
    for name in ("Ministry of Latvia", "Ministry of Lithuania", "Ministry of Belarus"):
        save_version(statement=IssuerFactory(organisation__name=name).statement, by=make_user(name))

    def found(q: str) -> int:
        return len(reviewer_client.get(STATEMENTS, {"q": q}).context["cl"].result_list)

    assert {q: found(q) for q in ("ministry", "ministry of", "lat", "ministry of l", "ministry of latvia")} == {
        "ministry": 0,
        "ministry of": 0,
        "lat": 1,
        "ministry of l": 2,
        "ministry of latvia": 1,
    }


def test_the_choices_of_a_filter_are_the_values_that_are_there(reviewer_client: Client) -> None:
    for language in ("ru", "en", "ru", "lv"):
        StatementFactory(language=language)
    assert values_of(Statement, "language") == ["en", "lv", "ru"]
    assert values_of(Organisation, "country") == []
    maker = IssuerFactory().organisation
    page = reviewer_client.get(STATEMENTS).content.decode()
    assert f"?issuers__organisation__id__exact={maker.pk}" in page
    assert reviewer_client.get(f"{STATEMENTS}?issuers__organisation__id__exact=x").status_code == 302


def test_a_source_with_another_date_changes_what_its_statements_need(reviewer_client: Client, reviewer: User) -> None:
    make_statement(by=reviewer, issued="2022-01-27")
    source = Source.objects.get()
    page = f"{S}/source/{source.pk}/change/"
    for published, is_listed in (("2022-01-01", True), ("2022-01-28", False)):
        fields = fields_on(reviewer_client, page) | {"published": published}
        assert reviewer_client.post(page, fields).status_code == 302
        assert bool(reviewer_client.get(f"{STATEMENTS}?desk=dates").context["cl"].result_list) is is_listed
        imported("sources", f"slug,published\n{source.slug},2022-01-28\n", by=make_user(published, "administrator"))
        assert not reviewer_client.get(f"{STATEMENTS}?desk=dates").context["cl"].result_list
    assert list(offences()) == []


def test_what_the_desk_finds_and_needs_is_held_against_the_rows(reviewer: User) -> None:
    statement = make_statement(by=reviewer, slug="t")
    outdated = "Statement t: the desk's lists and searches show it as it was before."
    for rows, change in (
        (StatementWords.objects.all(), {"words": " other "}),
        (Statement.objects.all(), {"lacks_words": True}),
    ):
        rows.update(**change)
        assert outdated in offences()
        refresh([statement.pk])
        assert list(offences()) == []
    StatementWords.objects.all().delete()
    assert outdated in offences()


def test_an_index_of_words_that_does_not_follow_its_table_is_an_offence(db: None) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER statements_source_found_delete")
    SourceFactory()
    assert list(offences()) == [
        "The desk's index of words does not follow statements_source: its triggers are not there."
    ]
    Source.objects.all().delete()
    assert any("The desk's index of words in statements_source is not" in offence for offence in offences())
