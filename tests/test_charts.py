"""What every chart can rely on: scales from left to right and upwards, and marks told apart near their days."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.dates import PartialDate
from statements.models import Qualifier
from statements.public.charts.apart import FARTHEST, Place, set_apart
from statements.public.charts.measure import LOOKS
from statements.public.charts.periods import MOST_UNPLACED, periods
from statements.public.charts.scales import Upwards, across
from statements.public.charts.voices import LETTERS, voices
from statements.record.charted import ChartedFigure
from statements.record.names import Kind, Named
from tests.factories import CountObservationFactory


def dates(*texts: str) -> list[PartialDate]:
    return [PartialDate.parse(text) for text in texts]


def test_every_qualifier_has_a_look_of_its_own_but_about_and_nearly() -> None:
    assert set(LOOKS) == set(Qualifier)
    assert LOOKS[Qualifier.ABOUT] == LOOKS[Qualifier.NEARLY]
    assert len(set(LOOKS.values())) == len(Qualifier) - 1


def test_lower_bounds_open_upwards_and_upper_bounds_downwards() -> None:
    assert {qualifier for qualifier, look in LOOKS.items() if look.opens == "up"} == {"at least", "more than"}
    assert {qualifier for qualifier, look in LOOKS.items() if look.opens == "down"} == {"up to", "fewer than"}


def test_a_month_is_as_wide_as_its_days_and_a_day_not_nothing() -> None:
    scale = across(dates("2021-02", "2021-03-05", "2023"))
    assert (scale.first, scale.last) == (datetime.date(2021, 1, 1), datetime.date(2023, 12, 31))
    [month, day, year] = dates("2021-02", "2021-03-05", "2023")
    assert (scale.start(month.first), scale.end(month.last)) == ("2.83%", "5.39%")
    assert scale.length(month) == "2.56%"
    assert scale.length(day) == "0.09%"
    assert (scale.start(year.first), scale.end(year.last)) == ("66.67%", "100.00%")


def test_a_file_has_the_same_places_in_units() -> None:
    scale = across(dates("2021", "2022"), width=800)
    assert scale.start(datetime.date(2022, 1, 1)) == "400.00"
    assert scale.end(scale.last) == "800.00"


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (("2022-05-05",), ["May 2022"]),
        (("2022-05-05", "2022-08"), ["May 2022", "Jun 2022", "Jul 2022", "Aug 2022"]),
        (("2020-11", "2025-12-30"), ["2020", "2021", "2022", "2023", "2024", "2025"]),
    ],
)
def test_short_times_are_named_by_months_and_long_ones_by_years(texts: tuple[str, ...], labels: list[str]) -> None:
    assert [tick.label for tick in across(dates(*texts)).ticks] == labels


@given(first=st.dates(), length=st.integers(0, 40_000))
def test_the_names_of_times_never_run_into_one_another(first: datetime.date, length: int) -> None:
    last = min(first.toordinal() + length, datetime.date.max.toordinal())
    scale = across([PartialDate(first, datetime.date.fromordinal(last))])
    for width, ticks in ((560, scale.ticks), (210, [tick for tick in scale.ticks if not tick.is_minor])):
        places = [float(tick.at.removesuffix("%")) / 100 * width for tick in ticks]
        assert ticks[0].at == "0.00%"
        assert all(after - before > 28 for before, after in pairwise(places))


@given(highest=st.integers(0, 2**63 - 1))
def test_numbers_from_nought_to_the_highest_are_on_the_chart_in_few_steps(highest: int) -> None:
    scale = Upwards(40, 380, highest)
    assert scale.y(0) == 380
    assert 40 <= scale.y(highest) <= 380
    assert 2 <= len(scale.ticks) <= 6
    assert all(len(tick.label) <= 11 for tick in scale.ticks)


PLACES = st.builds(
    lambda x, y, size: Place(x - size / 2, x + size / 2, y - size / 2, y + size / 2),
    st.sampled_from([0.0, 1.0, 300.0, 598.0, 600.0]),
    st.floats(0, 200),
    st.sampled_from([10, 14]),
)


def moved(places: list[Place]) -> list[Place]:
    return [
        Place(place.start + shift, place.end + shift, place.top, place.bottom)
        for place, shift in zip(places, set_apart(places), strict=True)
    ]


def beside(*middles: float) -> list[Place]:
    """All of one height."""
    return [Place(middle - 7, middle + 7, 0, 14) for middle in middles]


@given(places=st.lists(PLACES, max_size=40))
def test_a_mark_stays_beside_its_day_and_no_two_have_the_same_middle(places: list[Place]) -> None:
    shifts, after = set_apart(places), moved(places)
    assert all(abs(shift) <= FARTHEST == 12 for shift in shifts)
    for index, place in enumerate(places):
        for other in range(index):
            if place.is_as_high_as(places[other]):
                assert abs(after[index].middle - after[other].middle) > 0.02
                if place.middle != places[other].middle:
                    was_left = place.middle < places[other].middle
                    assert (after[index].middle < after[other].middle) == was_left, "the earlier one stays to the left"


@given(middles=st.lists(st.integers(0, 600).map(float), max_size=60))
def test_marks_of_neighbouring_days_never_have_the_same_middle(middles: list[float]) -> None:
    after = sorted(place.middle for place in moved(beside(*middles)))
    assert all(right - left > 0.02 for left, right in pairwise(after))


def test_marks_that_hide_none_stay_where_they_are() -> None:
    apart = [Place(0, 14, 0, 14), Place(0, 14, 20, 34), Place(14, 28, 0, 14), Place(100, 114, 0, 14)]
    assert set_apart(apart) == [0, 0, 0, 0]


def test_two_or_three_on_one_place_are_told_apart_and_the_earlier_goes_to_the_left() -> None:
    assert set_apart(beside(300, 300)) == [-7, 7]
    assert set_apart(beside(300, 300, 300)) == [-12, 0, 12]
    assert set_apart(beside(300, 304)) == [-5, 5]


def test_who_goes_aside_makes_room_with_the_neighbour_there() -> None:
    first, second, neighbour = moved(beside(300, 300, 320))
    assert first.end <= second.start
    assert second.end <= neighbour.start


def test_of_those_of_one_day_only_what_lies_on_another_goes_aside() -> None:
    upper, lower, alone = Place(0, 14, 0, 14), Place(0, 14, 10, 24), Place(0, 14, 60, 74)
    assert set_apart([upper, lower, alone]) == [-7, 7, 0]


def test_three_hundred_on_one_place_overlap_but_each_has_a_middle_of_its_own_near_its_day() -> None:
    shifts = set_apart(beside(*[300] * 300))
    assert max(map(abs, shifts)) <= FARTHEST
    assert len(set(shifts)) == 300


def figure_by(*names: str) -> ChartedFigure:
    who = [Named(Kind.ORGANISATION, sum(map(ord, name)), name, name) for name in names]
    return ChartedFigure(CountObservationFactory.build(), who)


def test_those_who_said_most_have_letters_and_all_others_none() -> None:
    said = [figure_by(name) for name in ["g", "f", "e", "d", "c", "b", "a", "a"]]
    legend, of_rows = voices(said)
    assert [(voice.letter, voice.name, voice.figures) for voice in legend] == [
        ("A", "a", 2),
        ("B", "b", 1),
        ("C", "c", 1),
        ("D", "d", 1),
        ("E", "e", 1),
        ("F", "f", 1),
        ("", "others", 1),
    ]
    assert [voice.letter for voice in of_rows] == ["", "F", "E", "D", "C", "B", "A", "A"]
    assert len({voice.tone for voice in legend}) == len(LETTERS) + 1


def test_what_several_said_is_marked_once_and_none_is_named_without_a_mark() -> None:
    legend, of_rows = voices([figure_by("a", "b"), figure_by("b"), figure_by("b", "c"), figure_by()])
    assert [(voice.name, voice.figures) for voice in legend] == [("b", 3), ("others", 1)]
    assert [voice.letter for voice in of_rows] == ["A", "A", "A", ""]


def test_a_date_in_one_month_counts_there_and_a_longer_one_in_none() -> None:
    dated = [(date, 1) for date in dates("2022-03", "2022-03-05", "2022-03-28/2022-04-02", "2022", "2022-05-01")]
    counted = periods(dated, PartialDate.parse("2022"))
    assert [(date.isoformat(), times) for date, times in counted.counted] == [("2022-03", 2), ("2022-05", 1)]
    assert [date.isoformat() for date, _times in counted.unplaced] == ["2022", "2022-03-28/2022-04-02"]
    assert (counted.total, counted.placed, counted.by_year) == (5, 3, False)


def test_beyond_twenty_years_years_are_counted() -> None:
    dated = [(date, 1) for date in dates("1990-02", "1990", "1990-12/1991-01")]
    counted = periods(dated, PartialDate.parse("1990/2010"))
    assert counted.by_year
    assert [(date.isoformat(), times) for date, times in counted.counted] == [("1990", 2)]
    assert [date.isoformat() for date, _times in counted.unplaced] == ["1990-12/1991-01"]


def test_dates_of_several_months_that_are_too_many_are_widened_to_months_and_then_to_years() -> None:
    days = [datetime.date(2020, 1, 25) + datetime.timedelta(days=offset) for offset in range(400)]
    across_months = [(PartialDate(day, day + datetime.timedelta(days=40)), 2) for day in days]
    few = periods(across_months[:MOST_UNPLACED], PartialDate.parse("2020/2021"))
    assert (len(few.unplaced), few.widened) == (MOST_UNPLACED, "")
    months = periods(across_months[: MOST_UNPLACED + 1], PartialDate.parse("2020/2021"))
    assert [(date.isoformat(), times) for date, times in months.unplaced] == [
        ("2020-01/2020-03", 14),
        ("2020-02/2020-03", 40),
        ("2020-02/2020-04", 18),
        ("2020-03/2020-04", 42),
        ("2020-03/2020-05", 8),
    ]
    assert months.widened == "month"
    years = [(PartialDate(day, day + datetime.timedelta(days=number)), 1) for day in days for number in (40, 80, 400)]
    widened = periods(years, PartialDate.parse("2020/2023"))
    assert [date.isoformat() for date, _times in widened.unplaced] == [
        *("2020", "2020/2021", "2020/2022"),
        *("2021", "2021/2022"),
    ]
    assert widened.widened == "year"
    assert widened.total == len(years), "none is lost"
