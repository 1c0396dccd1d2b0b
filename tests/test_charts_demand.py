"""The chart of a demand: the statements that make it by month, and how it stood over time."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.models import Demand, DemandUpdate
from statements.public.charts import periods
from tests.charting import Drawn, drawing_of, marks_of, publish_demands, rows_of
from tests.factories import DemandFactory, DemandUpdateFactory, SourceFactory, publish_again

PAGE, FILE, CSV = "/demands/release/", "/demands/release.svg", "/demands/release/chart.csv"


@pytest.fixture
def demand(db: None) -> Demand:
    return DemandFactory(title="Release", slug="release")


def said_on(demand: Demand, status: str, first: date, last: date | None = None) -> DemandUpdate:
    return DemandUpdateFactory(
        demand=demand, status=status, date_from=first, date_until=last or first, published_at=timezone.now()
    )


def page_of(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    if response.streaming:
        return b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return response.content.decode()


def bars(page: str) -> dict[str, str]:
    return {mark.key: mark.title for mark in marks_of(drawing_of(page)) if mark.tone == "bars"}


def of_status(page: str) -> list[Drawn]:
    return [mark for mark in marks_of(drawing_of(page)) if mark.tone == "status"]


def test_statements_are_counted_by_the_month_in_which_they_were_issued(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03", "2021-11", "2021-11-20/2021-11-27", "2022-01-27")
    page = page_of(client)
    assert bars(page) == {"2021-11": "3 statements in November 2021", "2022-01": "one statement in January 2022"}
    assert "4 statements make it, counted by the month in which each was issued." in page
    assert "Those that only repeat or translate another one are not counted again." in page
    heights = [
        float(height)
        for height in re.findall(r'<rect x="[^"]*" y="[^"]*" width="[^"]*" height="([\d.]+)" fill="c', drawing_of(page))
    ]
    assert heights == [150.0, 50.0]


def test_a_date_of_several_months_counts_in_none_and_is_as_wide_as_it_is(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03", "2021-10-05/2021-12-03", "2021", "2021")
    page = page_of(client)
    assert bars(page) == {
        "2021-11": "one statement in November 2021",
        "2021": "2 statements, issued 2021",
        "2021-10-05/2021-12-03": "one statement, issued between 5 October 2021 and 3 December 2021",
    }
    assert "3 may have been issued in any of several months: they are counted in none of them" in page
    assert ">statements whose month isn&#x27;t known</text>" in page
    whole = next(mark for mark in marks_of(drawing_of(page)) if mark.key == "2021")
    assert 'x="0.00%"' in whole.markup
    assert 'width="100.00%"' in whole.markup


@pytest.mark.parametrize(
    ("dates", "shown", "said"),
    [
        (
            ("2021-10-05/2021-11-03", "2021-10-06/2021-11-02", "2021-11-28/2021-12-01"),
            {
                "2021-10/2021-11": "2 statements, issued between October 2021 and November 2021",
                "2021-11/2021-12": "one statement, issued between November 2021 and December 2021",
            },
            "from the beginning of its first month to the end of its last",
        ),
        (
            ("2021-10-05/2021-11-03", "2021-11-06/2021-12-02", "2021-11-28/2022-01-01"),
            {
                "2021": "2 statements, issued 2021",
                "2021/2022": "one statement, issued between 2021 and 2022",
            },
            "from the beginning of its first year to the end of its last",
        ),
    ],
)
def test_very_many_different_dates_of_several_months_are_widened_and_the_chart_says_so(
    monkeypatch: pytest.MonkeyPatch,
    editor: User,
    reviewer: User,
    client: Client,
    demand: Demand,
    dates: Sequence[str],
    shown: dict[str, str],
    said: str,
) -> None:
    monkeypatch.setattr(periods, "MOST_UNPLACED", 2)
    publish_demands(editor, reviewer, demand, *dates)
    page = page_of(client)
    assert bars(page) == shown
    assert f"These dates are so many that each is drawn {said}." in page
    assert "3 may have been issued in any of several months" in page
    assert {row["date"] for row in csv.DictReader(io.StringIO(page_of(client, CSV)))} == set(shown)


def test_all_bars_together_are_how_often_the_page_says_it_was_made(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    first, again, _other = publish_demands(editor, reviewer, demand, "2021-11-03", "2021-11-04", "2022")
    again.relation, again.related_statement = "repeats", first
    again.save()
    publish_again(again, by=editor, published_by=reviewer)
    page = page_of(client)
    assert "made in 2 statements" in page
    assert bars(page) == {"2021-11": "one statement in November 2021", "2022": "one statement, issued 2022"}
    assert "2 statements make it" in page


def test_every_bar_leads_to_the_statements_that_may_have_been_issued_then(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    of_day, of_interval = publish_demands(editor, reviewer, demand, "2021-11-03", "2021-10-05/2021-12-03")
    page = page_of(client)
    urls = {mark.key: unescape(mark.url) for mark in marks_of(drawing_of(page)) if mark.tone == "bars"}
    assert urls["2021-11"] == "/statements/?demand=release&issued_after=2021-11&issued_before=2021-11"
    listed = page_of(client, urls["2021-11"])
    assert of_day.title in listed
    assert of_interval.title in listed, "it may have been issued then"
    listed = page_of(client, urls["2021-10-05/2021-12-03"])
    assert of_interval.title in listed


def test_a_very_long_time_is_counted_by_years_and_the_chart_says_so(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "1975-03-03", "1975", "1998-10", "1999-12-30/2000-01-02")
    page = page_of(client)
    assert bars(page) == {
        "1975": "2 statements in 1975",
        "1998": "one statement in 1998",
        "1999-12-30/2000-01-02": "one statement, issued between 30 December 1999 and 2 January 2000",
    }
    assert "counted by the year in which each was issued: the time is too long for months" in page
    assert ">statements whose year isn&#x27;t known</text>" in page
    [link] = [mark.url for mark in marks_of(drawing_of(page)) if mark.key == "1975"]
    assert unescape(link) == "/statements/?demand=release&issued_after=1975&issued_before=1975"


def targets_of(page: str) -> list[tuple[float, ...]]:
    """From left to right, from above, how wide and how high; left and width are hundredths of the width."""
    found = re.findall(
        r'<rect class="target" x="([\d.]+)%" y="([\d.]+)" width="([\d.]+)%" height="([\d.]+)"', drawing_of(page)
    )
    return [tuple(map(float, numbers)) for numbers in found]


def test_a_bar_is_hit_in_its_whole_column_and_no_other_one_there(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2015-01-03", "2021-11-03", "2021-12-03", "2021-12-05", "2024-12-03")
    targets = targets_of(page_of(client))
    assert [(top, height) for _left, top, _width, height in targets] == [(20, 150)] * 4
    for (left, _top, width, _height), after in pairwise(targets):
        assert left + width <= after[0] + 0.02
    assert targets[1][0] + targets[1][2] == pytest.approx(targets[2][0], abs=0.02), "neighbours leave no gap"
    assert targets[0][0] >= 0
    assert targets[3][0] + targets[3][2] <= 100.02
    # Where it has no near neighbour: 12 pixels to that side at the narrowest, and not half of the chart.
    assert 12 <= targets[2][2] * 2.1 < 24


def test_the_band_is_hit_in_a_part_of_twenty_four_pixels(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2021")
    said_on(demand, "open", date(2021, 11, 5))
    said_on(demand, "met", date(2022, 3, 1))
    first, second = targets_of(page_of(client))
    assert first[3] == second[3] == 24
    assert first[0] + first[2] == pytest.approx(second[0], abs=0.02)


def test_a_band_says_how_the_demand_stood_until_today(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03")
    opened = said_on(demand, "open", date(2021, 11, 5))
    partly = said_on(demand, "partly met", date(2022, 3, 1), date(2022, 3, 31))
    given_up = said_on(demand, "abandoned", date(2023, 1, 1))
    met = said_on(demand, "met", date(2024, 1, 1))
    DemandUpdateFactory(demand=demand, status="met", date_from=date(2020, 1, 1), date_until=date(2020, 1, 1))
    page = page_of(client)
    marks = of_status(page)
    assert [mark.key for mark in marks] == [f"update-{row.pk}" for row in (opened, partly, given_up, met)]
    assert [mark.title.split(", according")[0] for mark in marks] == [
        "open, 5 November 2021",
        "partly met, March 2022",
        "abandoned, 1 January 2023",
        "met, 1 January 2024",
    ]
    parts = [re.findall(r'class="(status-[a-z-]+)" x="([\d.]+)%" y="[^"]*" width="([\d.]+)%"', m.markup) for m in marks]
    assert [part[0][0] for part in parts] == ["status-open", "status-partly-met", "status-abandoned", "status-met"]
    for [before], [after] in pairwise(parts):
        assert float(before[1]) + float(before[2]) == pytest.approx(float(after[1]), abs=0.02), "no gap, no overlap"
    # March: the line is as wide as the month, and the part begins on its last possible day.
    [line] = re.findall(r'<line x1="([\d.]+)%" x2="([\d.]+)%"', marks[1].markup)
    days = (date(timezone.localdate().year, 12, 31) - date(2021, 1, 1)).days + 1
    assert float(line[1]) - float(line[0]) == pytest.approx(31 / days * 100, abs=0.02)
    assert float(line[1]) - float(parts[1][0][1]) == pytest.approx(1 / days * 100, abs=0.02)
    assert "2020" not in drawing_of(page), "what is not published is not there"


def test_a_change_that_is_still_to_come_has_its_mark_and_changes_nothing_yet(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03")
    said_on(demand, "open", date(2021, 12, 1))
    said_on(demand, "met", date(2021, 12, 2), date(9999, 12, 31))
    opened, met = of_status(page_of(client))
    assert 'class="status-open"' in opened.markup
    assert "status-met" not in met.markup


def test_two_changes_of_one_day_are_both_seen(editor: User, reviewer: User, client: Client, demand: Demand) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03")
    said_on(demand, "open", date(2022, 1, 1))
    said_on(demand, "met", date(2022, 1, 1))
    heights = [
        re.findall(r'<line x1="[^"]*" x2="[^"]*" y1="([\d.]+)"', mark.markup) for mark in of_status(page_of(client))
    ]
    assert len(heights) == 2
    assert heights[0] != heights[1]


def test_every_row_has_its_mark_and_every_mark_its_row_and_leads_to_what_it_says(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03", "2021", "2022-02-28/2022-03-01")
    said_on(demand, "open", date(2021, 1, 1), date(2021, 12, 31))
    said_on(demand, "met", date(2022, 1, 1), date(2022, 6, 30))
    page = page_of(client)
    marks = marks_of(drawing_of(page))
    assert sorted(mark.key for mark in marks) == sorted(rows_of(page))
    assert len(marks) == 5
    for mark in of_status(page):
        path, _hash, anchor = mark.url.partition("#")
        assert path == PAGE
        assert f'<li id="{anchor}">' in page
    assert [mark.key for mark in marks_of(page_of(client, FILE))] == [mark.key for mark in marks]


def test_one_statement_alone_has_no_chart_on_the_page_and_one_with_a_change_has(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03")
    assert '<svg class="plot"' not in page_of(client)
    assert len(marks_of(page_of(client, FILE))) == 1
    said_on(demand, "met", date(2022, 1, 1))
    assert len(marks_of(drawing_of(page_of(client)))) == 2


def test_statements_that_only_repeat_one_another_are_no_chart_and_no_error(
    editor: User, reviewer: User, client: Client, demand: Demand
) -> None:
    first, second = publish_demands(editor, reviewer, demand, "2021-11-03", "2021-11-04")
    for one, other in ((first, second), (second, first)):
        one.relation, one.related_statement = "repeats", other
        one.save()
        publish_again(one, by=editor, published_by=reviewer)
    assert '<svg class="plot"' not in page_of(client)
    for address in (FILE, CSV, f"{CSV}-metadata.json"):
        assert client.get(address).status_code == 404


def test_its_table_is_a_file_too(editor: User, reviewer: User, client: Client, demand: Demand) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03", "2021-11", "2021")
    update = said_on(demand, "met", date(2022, 3, 1), date(2022, 3, 31))
    update.source = SourceFactory(slug="s", title="=A source")
    update.save()
    response = client.get(CSV)
    assert response.headers["Content-Type"].startswith("text/csv")
    assert re.fullmatch(
        r'attachment; filename="release-chart-\d{4}-\d\d-\d\d\.csv"', response.headers["Content-Disposition"]
    )
    rows = list(csv.DictReader(io.StringIO(page_of(client, CSV))))
    assert [row["key"] for row in rows] == rows_of(page_of(client))
    assert [(row["shows"], row["date"], row["statements"], row["is_placed"], row["status"]) for row in rows] == [
        ("statements", "2021", "1", "false", ""),
        ("statements", "2021-11", "2", "true", ""),
        ("status", "2022-03", "", "", "met"),
    ]
    assert (rows[2]["date_from"], rows[2]["date_until"]) == ("2022-03-01", "2022-03-31")
    assert (rows[2]["source"], rows[2]["source_title"]) == ("s", "'=A source")
    assert (
        rows[1]["url"] == "http://localhost:8000/statements/?demand=release&issued_after=2021-11&issued_before=2021-11"
    )
    assert all("the chart of “Release”, as of" in row["cite"] for row in rows)


def test_its_columns_are_described(editor: User, reviewer: User, client: Client, demand: Demand) -> None:
    publish_demands(editor, reviewer, demand, "2021-11-03", "2022-11-03")
    assert f'<http://localhost:8000{CSV}-metadata.json>; rel="describedby"' in client.get(CSV).headers["Link"]
    response = client.get(f"{CSV}-metadata.json")
    described = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    [header] = page_of(client, CSV).splitlines()[:1]
    assert re.findall(r'"name": "([a-z_]+)"', described) == header.split(",")
    assert f'"url": "http://localhost:8000{CSV}"' in described
