"""What an import holds of the rows that its cells and its statements name."""

import pytest
from django.contrib.auth.models import User

from statements.importing import directory as module
from statements.importing.directory import Directory
from statements.models import Organisation, Source
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_what_many_statements_name_is_asked_for_once(importer: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    one, other = f.OrganisationFactory(), f.OrganisationFactory()
    directory = Directory(user=importer)
    with django_assert_num_queries(1):
        assert directory.known(Organisation, [one.pk]) == {one.pk: one}
    with django_assert_num_queries(1):
        assert directory.known(Organisation, [one.pk, other.pk]) == {one.pk: one, other.pk: other}
    with django_assert_num_queries(0):
        assert directory.known(Organisation, [other.pk, one.pk]) == {one.pk: one, other.pk: other}


def test_of_what_hardly_two_name_nothing_is_held(importer: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    source = f.SourceFactory()
    directory = Directory(user=importer)
    for _batch in range(2):
        with django_assert_num_queries(1):
            assert directory.known(Source, [source.pk]) == {source.pk: source}


def test_no_more_is_held_than_there_is_room_for(
    importer: User,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_HELD", 1)
    one, other = f.OrganisationFactory(), f.OrganisationFactory()
    directory = Directory(user=importer)
    directory.known(Organisation, [one.pk])
    with django_assert_num_queries(1):
        assert set(directory.known(Organisation, [one.pk, other.pk])) == {one.pk, other.pk}
    with django_assert_num_queries(1):
        assert set(directory.known(Organisation, [one.pk, other.pk])) == {one.pk, other.pk}


def test_what_a_file_names_is_what_its_statements_name(importer: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    one = f.OrganisationFactory()
    directory = Directory(user=importer)
    directory.known(Organisation, [one.pk])
    named = directory.of(Organisation).one(one.slug)
    with django_assert_num_queries(0):
        assert directory.known(Organisation, [one.pk])[one.pk] is named
