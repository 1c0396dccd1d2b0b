"""What the data needs: each line of the front page counts exactly what its list shows."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import withdraw
from statements.dates import PartialDate
from statements.models import Demand, Statement
from tests.desk import lines_of, listed
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    MeasureFactory,
    SourceFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    make_statement,
    publish_again,
)

pytestmark = pytest.mark.django_db

WORDS, QUOTES, DATES = "No verbatim words", "Quotes not checked", "Dates that contradict"
STALE, RIVALS = "Demands without an update for a year", "Rival figures"


def dated(title: str, *, issued: str, published: str, role: str = "original", **fields: Any) -> Statement:
    """A statement with a source."""
    statement = StatementFactory(title=title, issued=issued, **fields)
    date = PartialDate.parse(published) if published else None
    days = {"published_from": date and date.first, "published_until": date and date.last}
    CitationFactory(statement=statement, source=SourceFactory(**days), role=role)
    return statement


def test_statements_without_words_are_listed_until_they_have_some(editor_client: Client) -> None:
    WordingFactory(statement__title="With words")
    bare = StatementFactory(title="Without words")
    assert listed(editor_client, WORDS) == ["Without words"]
    WordingFactory(statement=bare, language="ru", kind="translation by the desk")
    assert listed(editor_client, WORDS) == []


def test_quotes_are_to_be_checked_where_no_words_stand_against_them(editor_client: Client) -> None:
    DemandMentionFactory(statement__title="Demand with a quote", quote="release of all")
    CountObservationFactory(statement__title="Count with a quote", quote="1007 political prisoners")
    DemandMentionFactory(statement__title="Without a quote")
    checked = DemandMentionFactory(statement__title="Checked", quote="release of all").statement
    WordingFactory(statement=checked)
    assert sorted(listed(editor_client, QUOTES)) == ["Count with a quote", "Demand with a quote"]


def test_a_source_that_was_out_before_the_statement_was_made_contradicts(editor_client: Client) -> None:
    dated("The day before", issued="2022-01-28", published="2022-01-27", role="report")
    dated("The month before", issued="2022-02", published="2022-01")
    dated("The same day", issued="2022-01-28", published="2022-01-28")
    dated("Perhaps the same day", issued="2022-01-28", published="2022-01")
    dated("Of an unknown day", issued="2022-01-28", published="")
    assert listed(editor_client, DATES) == ["The month before", "The day before"]
    page = editor_client.get(lines_of(editor_client)[DATES].address).content.decode()
    assert page.count("It was issued after one of its sources was published.") == 2


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        # An article of 28 January 2022 has the dateline 28.01.2021, and an editor believed it.
        ({"issued": "2021-01-28", "published": "2022-01-28", "role": "report"}, True),
        ({"issued": "2021-01-28", "published": "2022-01-28", "role": "report", "date_note": "As printed."}, False),
        ({"issued": "2021-01-28", "published": "2022-01-28", "role": "report", "issued_basis": "inferred"}, False),
        # A report may look back at an older statement; the issuer's own publication and a reprint don't.
        ({"issued": "2021-01-20", "published": "2022-01-28", "role": "report"}, False),
        ({"issued": "2021-01-20", "published": "2022-01-28", "role": "original"}, True),
        ({"issued": "2021-01-20", "published": "2022-01-28", "role": "reprint"}, True),
        ({"issued": "2021-01-20", "published": "2022", "role": "reprint"}, True),
        ({"issued": "2021-01-20", "published": "2021-12-31", "role": "original"}, False),
        ({"issued": "2021", "published": "2022-01-28", "role": "report"}, False),
        ({"issued": "2022-01-27", "published": "2022-01-28", "role": "report"}, False),
    ],
)
def test_a_dateline_of_another_year_than_its_source(editor_client: Client, fields: Any, is_listed: bool) -> None:
    dated("With a dateline", **fields)
    assert bool(listed(editor_client, DATES)) is is_listed
    if is_listed:
        page = editor_client.get(lines_of(editor_client)[DATES].address).content.decode()
        assert "Its printed date is of another year than its source." in page


def test_a_figure_as_of_a_day_after_the_statement_contradicts_whatever_the_note_on_the_date(
    editor_client: Client,
) -> None:
    for title, as_of in (("After", "2022-02-01"), ("The same month", "2022-01"), ("Before", "2022-01-01")):
        statement = StatementFactory(title=title, issued="2022-01-27", date_note="The dateline has another year.")
        date = PartialDate.parse(as_of)
        CountObservationFactory(statement=statement, as_of_from=date.first, as_of_until=date.last)
    assert listed(editor_client, DATES) == ["After"]


def test_what_was_withdrawn_needs_nothing(editor_client: Client, editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, issued="2022-01-29")
    assert listed(editor_client, DATES) == [statement.title], "its source is of 28 January"
    withdraw(statement=statement, by=reviewer, reason="An error.")
    assert listed(editor_client, DATES) == []


def public_figure(
    measure: Any, editor: User, reviewer: User, *, issued: str = "2022-01-27", **figure: Any
) -> Statement:
    statement = make_statement(by=editor, issued=issued)
    statement.counts.all().delete()
    CountObservationFactory(statement=statement, measure=measure, **figure)
    publish_again(statement, by=editor, published_by=reviewer, revision="")
    return statement


def test_figures_of_one_measure_and_day_that_differ_are_rivals(
    editor_client: Client, editor: User, reviewer: User
) -> None:
    def two(name: str, first: dict[str, Any], second: dict[str, Any]) -> Any:
        measure = MeasureFactory(name=name)
        for figure in (first, second):
            public_figure(measure, editor, reviewer, **figure)
        return measure

    two("Other numbers", {"value": 1000}, {"value": 1007})
    two("Other qualifiers", {"value": 1000}, {"value": 1000, "qualifier": "more than"})
    two("Other ends", *({"qualifier": "range", "value": 10, "value_to": end} for end in (20, 30)))
    two("With and without a number", {"value": 10}, {"qualifier": "unquantified", "value": None, "wording": "many"})
    two("The same", {"value": 1000}, {"value": 1000})
    two("Other days", {"value": 1000}, {"value": 1007, "issued": "2022-01-26"})
    two("Only of one month", {"value": 1000, "issued": "2022-01"}, {"value": 1007, "issued": "2022-01"})
    measure = two("As of one day", *({"value": 1, "as_of_from": "2022-01-01", "as_of_until": "2022-01-01"},) * 2)
    other = make_statement(by=editor)
    CountObservationFactory(
        statement=other, measure=measure, value=2, as_of_from="2022-01-01", as_of_until="2022-01-01"
    )
    names = ["Other numbers", "Other qualifiers", "Other ends", "With and without a number"]
    assert sorted(listed(editor_client, RIVALS)) == sorted(names), "what is not published is no rival"


def test_the_page_of_a_day_shows_its_figures_side_by_side_with_who_said_them(
    editor_client: Client, editor: User, reviewer: User
) -> None:
    measure = MeasureFactory(name="Political prisoners")
    first = public_figure(measure, editor, reviewer, value=1000, excludes="those already named")
    second = public_figure(measure, editor, reviewer, value=1007, attributed_wording="independent media")
    row = editor_client.get(lines_of(editor_client)[RIVALS].address).context["rows"][0]
    assert row.said == ["exactly 1000", "exactly 1007"]
    page = editor_client.get(row.day.address).content.decode()
    assert page.index("exactly 1007") < page.index("exactly 1000")
    for statement in (first, second):
        assert f'href="/admin/statements/statement/{statement.pk}/change/"' in page
        assert f'href="/statements/{statement.slug}/"' in page
        assert statement.issuers.get().organisation.name in page
    for words in ("Without those already named.", "independent media", "Its words give no day"):
        assert words in page
    for address in (
        f"/admin/statements/measure/{measure.pk}/rivals/2022-01-26/",
        f"/admin/statements/measure/{measure.pk}/rivals/2022/",
        "/admin/statements/measure/9/rivals/2022-01-27/",
        f"/admin/statements/measure/{'9' * 40}/rivals/2022-01-27/",
    ):
        assert editor_client.get(address).status_code == 404, address


def public_demand(editor: User, reviewer: User, *, issued: datetime.date, title: str) -> Demand:
    demand = DemandFactory(title=title)
    statement = make_statement(by=editor, issued=issued.isoformat())
    statement.mentions.update(demand=demand)
    publish_again(statement, by=editor, published_by=reviewer, revision="")
    return demand


def test_demands_of_which_nobody_has_said_for_a_year_how_they_stand(
    editor_client: Client, editor: User, reviewer: User
) -> None:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    long_ago, recently = today - datetime.timedelta(days=800), today - datetime.timedelta(days=200)

    def demand(title: str, *, issued: datetime.date, **update: Any) -> Demand:
        made = public_demand(editor, reviewer, issued=issued, title=title)
        if update:
            day = today - datetime.timedelta(days=update.pop("days"))
            DemandUpdateFactory(
                **{"demand": made, "date_from": day, "date_until": day, "published_at": "2026-01-01T00:00Z"} | update
            )
        return made

    demand("Never", issued=long_ago)
    demand("New", issued=recently)
    demand("A year ago today", issued=long_ago, days=365)
    demand("A year and a day ago", issued=long_ago, days=366)
    demand("Not published", issued=long_ago, days=10, published_at=None)
    demand("Met", issued=long_ago, days=500, status="met")
    demand("Met, and demanded again", issued=recently, days=500, status="met")
    demand("Open again", issued=long_ago, days=600, status="met")
    again = Demand.objects.get(title="Open again")
    day = today - datetime.timedelta(days=400)
    DemandUpdateFactory(demand=again, date_from=day, date_until=day, published_at="2026-01-01T00:00Z")
    DemandFactory(title="Nobody sees it")
    names = ["A year and a day ago", "Met, and demanded again", "Never", "Not published", "Open again"]
    assert sorted(listed(editor_client, STALE)) == names
    page = editor_client.get(lines_of(editor_client)[STALE].address).content.decode()
    assert page.index("No update at all.") < page.index("Last said for"), "the longest silence first"


def test_a_line_and_its_list_agree_when_nothing_is_there(editor_client: Client) -> None:
    for label in (WORDS, QUOTES, DATES, STALE, RIVALS):
        assert listed(editor_client, label) == []
