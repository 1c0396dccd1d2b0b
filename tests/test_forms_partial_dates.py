"""One text for two columns: what the mixin sets, what it validates, and where it says what is wrong."""

import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from statements.dates import PartialDate, PartialDateFormField
from statements.forms.base import DeskForm
from statements.forms.reference import DemandUpdateForm, SourceForm
from statements.forms.statement import CountForm
from statements.models import Source
from tests.factories import DemandUpdateFactory, SourceFactory

pytestmark = pytest.mark.django_db


def source_form(**data: str) -> SourceForm:
    return SourceForm({"url": "https://example.org/1"} | data)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-01-27", datetime.date(2022, 1, 27), datetime.date(2022, 1, 27)),
        (" 2022-02 ", datetime.date(2022, 2, 1), datetime.date(2022, 2, 28)),
        ("2020-08/2021-01", datetime.date(2020, 8, 1), datetime.date(2021, 1, 31)),
        ("", None, None),
    ],
)
def test_a_text_sets_both_columns(text: str, first: datetime.date | None, last: datetime.date | None) -> None:
    form = source_form(published=text)
    assert form.is_valid(), form.errors
    source = form.save()
    source.refresh_from_db()
    assert (source.published_from, source.published_until) == (first, last)


def test_emptying_the_text_empties_both_columns() -> None:
    source = SourceFactory()
    form = SourceForm({"url": source.url, "published": ""}, instance=source)
    assert form.is_valid(), form.errors
    form.save()
    source.refresh_from_db()
    assert source.published is None


def test_the_stored_pair_is_shown_as_its_shortest_text() -> None:
    source = SourceFactory(published_from=datetime.date(2022, 1, 1), published_until=datetime.date(2022, 12, 31))
    form = SourceForm(instance=source)
    assert form["published"].value() == "2022"
    assert (
        not SourceForm({"url": source.url, "published": "2022"}, instance=source)
        .fields["published"]
        .has_changed(form.initial["published"], "2022")
    )


def test_a_refused_text_is_said_once_at_its_field_and_hides_no_other_error() -> None:
    form = source_form(published="soon", language="elvish")
    assert set(form.errors) == {"published", "language"}
    assert len(form.errors["published"]) == 1


def test_a_clash_of_hidden_columns_is_said_at_the_visible_field() -> None:
    update = DemandUpdateFactory()
    given = {"demand": update.demand_id, "source": update.source_id, "status": "met", "date": "2022-03-01"}
    form = DemandUpdateForm(given)
    assert not form.is_valid()
    assert "has an update of this date" in str(form.errors)


def test_a_form_that_sets_a_broken_pair_is_refused_and_does_not_reach_the_database() -> None:
    class BackwardsField(PartialDateFormField):
        def clean(self, value: object) -> object:
            date = PartialDate.parse("2022")
            object.__setattr__(date, "last", datetime.date(2021, 1, 1))
            return date

    class BackwardsForm(DeskForm):
        published = BackwardsField()

        class Meta:
            model = Source
            fields = ["title"]

    form = BackwardsForm({"title": "x", "published": "x"})
    assert form.errors["published"] == ["A date needs its first and its last possible day, the earlier first."]


def test_line_ends_are_stored_as_line_feeds_and_outer_space_is_left_out() -> None:
    form = CountForm({"note": " one\r\ntwo\rthree \r\n", "qualifier": "exact", "value": "1"})
    form.is_valid()
    assert form.cleaned_data["note"] == "one\ntwo\nthree"


def test_findings_are_shown_with_the_forms_own_errors() -> None:
    findings = {"": [("title", "Wrong title."), ("no-such-field", "Something else."), ("", "All of it.")]}
    form = SourceForm({"url": "https://example.org/1"}, findings=findings)
    assert form.errors["title"] == ["Wrong title."]
    assert form.non_field_errors() == ["Something else.", "All of it."]


def test_an_error_about_a_column_that_no_field_shows_is_said_of_the_whole_form() -> None:
    class TitleForm(DeskForm):
        class Meta:
            model = Source
            fields = ["title"]

        def clean(self) -> None:
            self._update_errors(ValidationError({"publisher": ["No publisher."]}))

    form = TitleForm({"title": "x"})
    assert form.non_field_errors() == ["No publisher."]
    assert isinstance(form, forms.ModelForm)
