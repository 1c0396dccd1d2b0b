"""``among``: what ``in`` finds, for many values at once."""

import pytest
from django.db import DataError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from statements.models import Citation, Entry, OldSlug, Statement, Wording
from tests import factories as f

pytestmark = pytest.mark.django_db

#: Whatever could be taken for a part of an array or of a list in JSON.
ODD = ["a,b", 'say "no"', "back\\slash", "{brace}", "[bracket]", "NULL", "null", "it's", "%s", "ā Ж 漢", "", " ", "1"]
ODD += ["\\u0000", "\\\\u0000"]  # a NUL that is written out is none
_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3)


class Test(TestCase):
    @given(st.lists(st.sampled_from(ODD), unique=True), st.lists(st.sampled_from(ODD) | _TEXTS))
    def test_texts_are_found_as_they_are_stored(self, stored: list[str], wanted: list[str]) -> None:
        OldSlug.objects.bulk_create(OldSlug(kind=OldSlug.Kind.DEMAND, slug=slug, target_id=1) for slug in stored)
        found = OldSlug.objects.filter(slug__among=wanted).values_list("slug", flat=True)
        assert sorted(found) == sorted(set(stored) & set(wanted))


def test_numbers_are_found_by_the_id_of_a_row_and_by_what_it_refers_to() -> None:
    one, other, third = (f.StatementFactory() for _each in range(3))
    for statement in (one, other, third):
        f.WordingFactory(statement=statement)
    ids = [one.pk, third.pk]
    for rows in (Statement.objects.filter(pk__among=ids), Statement.objects.filter(id__among={*ids, 10**12})):
        assert set(rows) == {one, third}
    for wordings in (
        Wording.objects.filter(statement__among=ids),
        Wording.objects.filter(statement_id__among=dict.fromkeys(ids)),
        Wording.objects.filter(statement__pk__among=iter(ids)),
        Wording.objects.filter(statement__slug__among=[one.slug, third.slug]),
    ):
        assert {wording.statement for wording in wordings} == {one, third}
    assert set(Statement.objects.exclude(pk__among=ids)) == {other}


def test_more_values_are_taken_than_a_query_has_room_for_marks(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    f.StatementFactory()
    with django_assert_num_queries(1):
        assert Statement.objects.filter(pk__among=range(1, 300_000)).count() == 1


def test_none_is_among_nothing_and_hides_nothing() -> None:
    one, other = f.StatementFactory(), f.StatementFactory()
    repeating = f.StatementFactory(related_statement=one, relation="repeats")
    assert set(Statement.objects.filter(related_statement__among=[one.pk, None])) == {repeating}
    assert set(Statement.objects.exclude(related_statement__among=[one.pk, None])) == {one, other}


def test_numbers_may_be_written_out_and_words_are_no_numbers() -> None:
    statement = f.StatementFactory()
    assert Statement.objects.get(pk__among=[str(statement.pk)]) == statement
    with pytest.raises(ValueError, match="one"):
        Statement.objects.filter(pk__among=["one"]).exists()


def test_a_text_with_a_nul_is_refused_and_not_cut() -> None:
    f.StatementFactory(slug="one")
    with pytest.raises((ValueError, DataError)):
        Statement.objects.filter(slug__among=["one\0", "two"]).exists()


def test_nothing_is_among_no_values_and_nothing_is_asked(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    f.StatementFactory()
    with django_assert_num_queries(0):
        assert not Statement.objects.filter(pk__among=[]).exists()
        assert not list(Citation.objects.filter(statement__among=()))
        assert not list(Entry.objects.filter(pk__among=set()))
    assert Statement.objects.exclude(pk__among=[]).count() == 1
