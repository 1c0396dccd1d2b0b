"""The chart of a measure: every figure has its mark and its row, whoever said it and however it is meant."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import withdraw
from statements.models import Figure, Measure, Qualifier
from statements.record.charted import FIGURES_ON_A_CHART, figures_for_chart
from tests.charting import Drawn, drawing_of, marks_of, publish_figures, rows_of
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    make_statement,
    publish_again,
)

#: A day, a month, several months, a year, an interval of days.
PRECISIONS = ("2022-03-05", "2022-07", "2022-09/2022-11", "2021", "2021-08-10/2021-10-20")
PAGE, FILE = "/measures/held/", "/measures/held.svg"


@pytest.fixture
def measure(db: None) -> Measure:
    return MeasureFactory(name="Held", slug="held", position=1)


def figure(qualifier: str, value: int = 400) -> dict[str, Any]:
    """The fields of a figure that is meant so."""
    if qualifier == Qualifier.UNQUANTIFIED:
        return {"qualifier": qualifier, "value": None, "wording": "many"}
    return {"qualifier": qualifier, "value": value, "value_to": value + 150 if qualifier == Qualifier.RANGE else None}


def file_of(client: Client, address: str = FILE) -> str:
    return b"".join(client.get(address).streaming_content).decode()  # type: ignore[attr-defined]


def by_key(marks: list[Drawn]) -> dict[str, Drawn]:
    return {mark.key: mark for mark in marks}


def test_every_row_has_its_mark_and_every_mark_its_row_for_all_qualifiers_and_precisions(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    every = [
        {**figure(qualifier, 100 + number * 20), "as_of": precision, "key": f"k{number}-{index}"}
        for number, qualifier in enumerate(Qualifier)
        for index, precision in enumerate(PRECISIONS)
    ]
    publish_figures(editor, reviewer, measure, *every)
    keys = sorted(row["key"] for row in every)
    assert len(keys) == 9 * len(PRECISIONS)
    page, home = client.get(PAGE).content.decode(), client.get("/").content.decode()
    marks = marks_of(drawing_of(page))
    assert sorted(rows_of(page)) == sorted(mark.key for mark in marks) == keys
    assert sorted(mark.key for mark in marks_of(drawing_of(home))) == keys
    assert sorted(mark.key for mark in marks_of(file_of(client))) == keys
    looks = {
        "exact": ("full", ""),
        "about": ("dashed", ""),
        "nearly": ("dashed", ""),
        "at least": ("full", "up"),
        "more than": ("ring", "up"),
        "up to": ("full", "down"),
        "fewer than": ("ring", "down"),
        "range": ("bar", ""),
        "unquantified": ("square", ""),
    }
    drawn = by_key(marks)
    for number, qualifier in enumerate(Qualifier):
        for index in range(len(PRECISIONS)):
            mark = drawn[f"k{number}-{index}"]
            assert (mark.body, mark.opens) == looks[qualifier], qualifier
    # A bar as wide as the time for all but the days; a range has one at each of its ends.
    spans = re.findall(r'data-of="k(\d)-(\d)"', drawing_of(page))
    wide = [(str(number), str(index)) for number in range(9) for index in range(1, len(PRECISIONS))]
    assert sorted(set(spans)) == sorted(wide)
    assert len(spans) == len(wide) + len(PRECISIONS) - 1


def test_a_date_that_is_no_day_is_as_wide_as_it_is(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(
        editor, reviewer, measure, {"as_of": "2020-02-10"}, {"as_of": "2021-03", "key": "month"}, {"as_of": "2022"}
    )
    drawing = drawing_of(client.get(PAGE).content.decode())
    found = re.search(r'data-of="month" x1="([\d.]+)%" x2="([\d.]+)%"', drawing)
    assert found is not None
    days = 366 + 365 + 365
    assert float(found[1]) == round((366 + 31 + 28) / days * 100, 2)
    assert float(found[2]) == round((366 + 31 + 28 + 31) / days * 100, 2)


def test_figures_that_disagree_on_a_day_are_told_apart_and_a_line_leads_to_the_day_of_each_that_is_aside(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    said = [{"value": value, "as_of": "2022-05-05"} for value in (1000, 1000, 1001, 1007, 1020, 900, 5000)]
    publish_figures(editor, reviewer, measure, {"value": 1, "as_of": "2020"}, *said)
    page = client.get(PAGE).content.decode()
    marks = [mark for mark in marks_of(drawing_of(page)) if "5 May" in mark.title]
    assert len(marks) == len(said)
    for index, mark in enumerate(marks):
        for other in marks[:index]:
            assert abs(mark.y - other.y) >= 14 or abs(mark.shift - other.shift) > 1, (mark.title, other.title)
    assert next(mark for mark in marks if mark.title.startswith("5,000")).shift == 0
    assert all(abs(mark.shift) <= 12 for mark in marks)
    aside = {mark.key: mark.shift for mark in marks if mark.shift}
    for shown in (page, file_of(client), client.get("/").content.decode()):
        leaders = re.findall(r'data-leads="([^"]*)" d="M0-[\d.]+V[\d.]+M0 0H(-?[\d.]+)"', shown)
        assert {key: float(end) for key, end in leaders} == aside
        assert "a thin line leads from each of them to its day" in " ".join(re.sub("<[^>]*>", " ", shown).split())


def test_where_no_mark_is_aside_nothing_speaks_of_it(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(editor, reviewer, measure, {"value": 1, "as_of": "2020"}, {"value": 1, "as_of": "2022"})
    for shown in (client.get(PAGE).content.decode(), client.get("/").content.decode(), file_of(client)):
        assert "leaders" not in shown
        assert "a thin line" not in shown


def test_a_voice_in_the_legend_leads_to_its_statements_with_this_measure(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    viasna = OrganisationFactory(name="Viasna", slug="viasna")
    theirs, _another = publish_figures(
        editor, reviewer, measure, {"by": [viasna]}, {"by": [OrganisationFactory(name="BAJ")]}
    )
    [elsewhere] = publish_figures(editor, reviewer, MeasureFactory(), {"by": [viasna]})
    statement = StatementFactory(issued="2022-02-02")
    SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name="Sviatlana", slug="sviatlana"))
    CitationFactory(statement=statement)
    CountObservationFactory(statement=statement, measure=measure)
    publish_again(statement, by=editor, published_by=reviewer)
    page = client.get(PAGE).content.decode()
    for query, label, one in (
        ("issuer=viasna", "Viasna", theirs),
        ("speaker=sviatlana", "Sviatlana", statement),
    ):
        assert f'<a href="/statements/?measure=held&amp;{query}" rel="nofollow"><bdi>{label} (1)</bdi></a>' in page
        listed = client.get(f"/statements/?measure=held&{query}").content.decode()
        assert f'href="/statements/{one.slug}/"' in listed
        assert f'href="/statements/{elsewhere.slug}/"' not in listed


def test_no_line_joins_figures_and_none_is_averaged(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(editor, reviewer, measure, *({"value": 100 * n, "as_of": f"202{n}-01-01"} for n in range(6)))
    drawing = drawing_of(client.get(PAGE).content.decode())
    assert "polyline" not in drawing
    assert "<path" not in drawing
    assert {mark.y for mark in marks_of(drawing)} == {380.0, 312.0, 244.0, 176.0, 108.0, 40.0}


def test_the_newest_figure_stands_beside_its_mark(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(
        editor,
        reviewer,
        measure,
        {"value": 900, "as_of": "2021-05-05"},
        {"value": 1200, "qualifier": "more than", "as_of": "2022-05-05"},
        {"value": 5, "as_of": "2022-05-05"},
    )
    drawing = drawing_of(client.get(PAGE).content.decode())
    assert sorted(re.findall(r'class="newest"[^>]*>([^<]*)<', drawing)) == ["5", "more than 1,200"]


def test_a_newest_figure_in_words_is_cut_beside_its_mark_and_whole_in_its_name(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    words = "many hundreds of people of whom nobody knows the names"
    publish_figures(
        editor,
        reviewer,
        measure,
        {"value": 900, "as_of": "2021-05-05"},
        {"value": None, "qualifier": "unquantified", "wording": words, "as_of": "2022-05-05"},
    )
    drawing = drawing_of(client.get(PAGE).content.decode())
    assert re.findall(r'class="newest"[^>]*>([^<]*)<', drawing) == ["“many hundreds of people of…"]
    assert f"“{words}”, as of 5 May 2022" in drawing
    assert ">in words</text>" in drawing


def test_a_mark_is_a_link_to_the_figure_in_its_statement(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    statement = StatementFactory(slug="two", issued="2022-05-05")
    IssuerFactory(statement=statement, organisation=OrganisationFactory(name="Viasna"))
    CitationFactory(statement=statement)
    CountObservationFactory(statement=statement, measure=MeasureFactory(), key="another")
    since = {"since_from": "2020-08-01", "since_until": "2020-08-31"}
    for key, qualifier in (("first", "exact"), ("second", "at least")):
        CountObservationFactory(statement=statement, measure=measure, key=key, qualifier=qualifier, **since)
    publish_again(statement, by=editor, published_by=reviewer)
    page, shown = client.get(PAGE).content.decode(), client.get("/statements/two/").content.decode()
    marks = by_key(marks_of(drawing_of(page)))
    assert sorted(marks) == ["first", "second"]
    for key, mark in marks.items():
        assert mark.url == f"/statements/two/#count-{key}"
        assert f'id="count-{key}"' in shown
        assert mark.title.endswith("1,007, as of 5 May 2022, since August 2020, Viasna")
    assert page.count('href="/statements/two/#count-first"') == 2, "the mark and its row"
    assert ">Since</th>" in page
    assert marks_of(file_of(client))[0].url.startswith("http://localhost:8000/statements/two/#count-")


def test_the_drawing_can_be_skipped_and_says_what_it_is(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(editor, reviewer, measure, {"as_of": "2021"}, {"as_of": "2022"})
    page = client.get(PAGE).content.decode()
    assert page.index('href="#after-chart"') < page.index('<svg class="plot"') < page.index('id="after-chart"')
    assert 'role="group" aria-labelledby="chart-title" aria-describedby="chart-description"' in page
    assert "2 figures, between 2021 and 2022. The newest: 1,007, as of 2022." in page
    assert 'href="/measures/held.svg"' in page
    assert 'href="/measures/held.csv"' in page


def test_on_the_home_page_it_is_one_image_with_a_link_to_the_measure(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(editor, reviewer, measure, {"as_of": "2021"}, {"as_of": "2022"})
    home = client.get("/").content.decode()
    drawing = drawing_of(home)
    assert 'role="img" aria-labelledby="chart-title chart-description"' in drawing
    assert "<a" not in drawing
    assert len(marks_of(drawing)) == 2
    assert '<a href="/measures/held/">Each of them, with who said it and where</a>' in home


def test_a_speaker_is_the_voice_where_no_organisation_issued_it_and_a_joint_statement_is_one_mark(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    viasna, baj = OrganisationFactory(name="Viasna"), OrganisationFactory(name="BAJ")
    publish_figures(
        editor,
        reviewer,
        measure,
        {"by": [viasna]},
        {"by": [baj, viasna]},
        {"by": [baj, viasna, *OrganisationFactory.create_batch(3)]},
    )
    statement = StatementFactory(issued="2022-02-02")
    SpeakerRoleFactory(statement=statement, speaker=SpeakerFactory(name="Sviatlana"))
    IssuerFactory(statement=statement, organisation=baj, part="joined")
    CitationFactory(statement=statement)
    CountObservationFactory(statement=statement, measure=measure)
    publish_again(statement, by=editor, published_by=reviewer)
    page = client.get(PAGE).content.decode()
    marks = marks_of(drawing_of(page))
    assert sorted((mark.tone, mark.letter) for mark in marks) == [("voice-a", "A")] * 3 + [("voice-b", "B")]
    assert any(mark.title.endswith("BAJ, Viasna") for mark in marks)
    assert any(re.search(r"BAJ, Viasna, Organisation \d+ and 2 more$", mark.title) for mark in marks)
    legend = re.search(r'<ul class="legend">.*?</ul>', page, re.DOTALL)
    assert legend is not None
    assert re.findall(r"<bdi>([^<]*)</bdi>", legend[0]) == ["Viasna (3)", "Sviatlana (1)"]
    assert "What several said together is marked as one of theirs" in page


def test_only_what_is_published_is_on_the_chart(editor: User, reviewer: User, client: Client, measure: Measure) -> None:
    first, second, third = publish_figures(
        editor, reviewer, measure, {"value": 1}, {"value": 2}, {"value": 3, "as_of": "2021"}
    )
    draft = make_statement(by=editor)
    draft.counts.update(measure=measure, value=777)
    count = second.counts.get()
    count.value = 888
    count.save()
    withdraw(statement=third, by=reviewer, reason="A mistake.")
    for page in (client.get(PAGE).content.decode(), file_of(client)):
        assert sorted(mark.title.split(",")[0] for mark in marks_of(page)) == ["1", "2"]
        assert not re.search("777|888|2021", page)
    withdraw(statement=first, by=reviewer, reason="A mistake.")
    assert '<svg class="plot"' not in client.get(PAGE).content.decode(), "one figure alone is no chart"
    assert len(marks_of(file_of(client))) == 1


def test_a_chart_of_words_alone_has_a_time_and_no_numbers(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(editor, reviewer, measure, {**figure("unquantified"), "as_of": "2021"}, figure("unquantified"))
    drawing = drawing_of(client.get(PAGE).content.decode())
    assert [mark.body for mark in marks_of(drawing)] == ["square", "square"]
    assert 'text-anchor="end">0</text>' not in drawing
    assert ">Jan 2022</text>" in drawing


@pytest.mark.parametrize("values", [(0, 0), (0, 2**63 - 1), (999_999, 10_000_000)])
def test_numbers_of_any_size_are_on_the_chart(
    editor: User, reviewer: User, client: Client, measure: Measure, values: tuple[int, int]
) -> None:
    publish_figures(editor, reviewer, measure, *({"value": value} for value in values))
    assert all(40 <= mark.y <= 380 for mark in marks_of(drawing_of(client.get(PAGE).content.decode())))


def test_a_range_between_two_near_numbers_shows_its_letter_beside_it(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    publish_figures(editor, reviewer, measure, {"qualifier": "range", "value": 1000, "value_to": 1001}, {"value": 5000})
    [low] = [mark for mark in marks_of(drawing_of(client.get(PAGE).content.decode())) if mark.body == "bar"]
    assert low.title.startswith("from 1,000 to 1,001")
    assert 'class="on-paper"' in low.markup


def test_of_very_many_figures_the_newest_two_hundred_are_on_the_chart_and_it_says_so(
    editor: User, reviewer: User, client: Client, measure: Measure
) -> None:
    [statement] = publish_figures(editor, reviewer, measure, {"value": 5, "as_of": "2020-01-01"})
    for number in range(FIGURES_ON_A_CHART):
        CountObservationFactory(
            statement=statement, measure=measure, value=number, as_of_from="2022-01-27", as_of_until="2022-01-27"
        )
    publish_again(statement, by=editor, published_by=reviewer)
    page = client.get(PAGE).content.decode()
    marks = marks_of(drawing_of(page))
    assert len(marks) == FIGURES_ON_A_CHART
    assert sorted(mark.key for mark in marks) == sorted(rows_of(page))
    assert "The newest 200 of 201 figures, counted in people" in page
    charted = figures_for_chart(measure.pk)
    assert charted.total == 201
    oldest = Figure.objects.order_by("as_of_from").first()
    assert oldest not in [row.figure for row in charted.rows]
