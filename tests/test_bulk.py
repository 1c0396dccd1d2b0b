"""Reading, storing and updating many rows at once: each has its own values, whatever their types."""

import datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from statements.bulk import insert, made, prepared, read, update
from statements.models import CountObservation, Issuer, Organisation, Source, Statement, Version
from tests import factories as f


@pytest.mark.django_db
def test_each_row_gets_its_own_values_of_every_type() -> None:
    day = datetime.date(2022, 1, 27)
    one, other = f.SourceFactory(accessed_on=day, kind=Source.Kind.NEWS), f.SourceFactory()
    one.accessed_on, one.kind, one.title = None, Source.Kind.REPORT, "«Своими» словами %s"
    other.accessed_on, other.title = day, ""
    update([one, other], ["accessed_on", "kind", "title"])
    assert list(Source.objects.order_by("pk").values_list("accessed_on", "kind", "title")) == [
        (None, "report", "«Своими» словами %s"),
        (day, "news", ""),
    ]


@pytest.mark.django_db
def test_a_column_may_become_empty_in_all_rows() -> None:
    counts = [
        f.CountObservationFactory(value=2**40, attributed_to=f.OrganisationFactory(), as_of_from=day, as_of_until=day)
        for day in (datetime.date(2022, 1, 27), datetime.date(2022, 1, 28))
    ]
    for count in counts:
        count.qualifier, count.value, count.wording = "unquantified", None, "many"
        count.attributed_to, count.as_of = None, None
    update(counts, ["qualifier", "value", "wording", "attributed_to", "as_of_from", "as_of_until"])
    assert not CountObservation.objects.exclude(
        value=None, attributed_to=None, as_of_from=None, as_of_until=None
    ).exists()


@pytest.mark.django_db
def test_what_is_not_named_stays() -> None:
    statement = f.StatementFactory(summary="Before.")
    statement.summary, statement.place = "After.", "Riga"
    update([statement], ["place"])
    assert Statement.objects.values_list("summary", "place").get() == ("Before.", "Riga")
    update([], ["place"])


@pytest.mark.django_db
def test_the_rules_of_the_database_hold() -> None:
    one, other = f.OrganisationFactory(), f.OrganisationFactory()
    one.slug = other.slug
    with pytest.raises(IntegrityError), transaction.atomic():
        update([one], ["slug"])
    assert Organisation.objects.get(pk=one.pk).slug != other.slug


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    organisation = f.OrganisationFactory()
    organisation.name = "x" * 301
    with pytest.raises(DataError), transaction.atomic():
        update([organisation], ["name"])


@pytest.mark.django_db
def test_documents_times_and_truths_are_changed_to_what_they_are() -> None:
    statement = f.StatementFactory()
    rows = [_version(statement, number) for number in (1, 2)]
    insert(rows)
    at = datetime.datetime(2026, 3, 29, 23, 59, 59, 999_999, tzinfo=datetime.UTC)
    document = {"words": 'say "no" \\ back\\u0000 «ā» %s', "none": None, "number": 2**53 + 1, "list": [True, {}]}
    for row, *values in zip(rows, (document, {}), (at, None), (1, None), (True, False), strict=True):
        row.document, row.published_at, row.public_number, row.four_eyes_waived = values
    update(rows, ["document", "published_at", "public_number", "four_eyes_waived"])
    one, other = Version.objects.order_by("number")
    assert (one.document, one.published_at, one.four_eyes_waived) == (document, at, True)
    assert (other.document, other.published_at, other.four_eyes_waived) == ({}, None, False)


@pytest.mark.django_db
def test_a_text_with_a_nul_is_refused_and_not_cut() -> None:
    source = f.SourceFactory(title="Before")
    source.title = "After\0wards"
    with pytest.raises(ValueError, match="NUL"), transaction.atomic():
        update([source], ["title"])
    assert Source.objects.get().title == "Before"


@pytest.mark.django_db
def test_many_rows_take_a_query_for_each_500() -> None:
    rows = Organisation.objects.bulk_create(
        Organisation(slug=f"o{n}", name=f"Organisation {n}", kind="NGO") for n in range(1200)
    )
    for row in rows:
        row.description = row.slug
    sent = []

    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        update(rows, ["description"])
    assert len([sql for sql in sent if sql.startswith("UPDATE")]) == 3
    assert set(Organisation.objects.values_list("description", flat=True)) == {f"o{n}" for n in range(1200)}


@pytest.mark.django_db
def test_rows_are_read_as_the_orm_reads_them(django_assert_num_queries) -> None:
    day = datetime.date(2022, 1, 27)
    f.CountObservationFactory(attributed_to=f.OrganisationFactory(), as_of_from=day, as_of_until=day)
    f.CountObservationFactory(qualifier="unquantified", value=None, wording="many")
    with django_assert_num_queries(1):
        found = read(CountObservation.objects.order_by("pk"))
    for row, known in zip(found, CountObservation.objects.order_by("pk"), strict=True):
        assert row == known
        assert {**row.__dict__, "_state": None} == {**known.__dict__, "_state": None}
        assert (row.as_of, row.measure, row.attributed_to) == (known.as_of, known.measure, known.attributed_to)
    found[0].note = "Changed"
    found[0].save()
    assert CountObservation.objects.filter(note="Changed").count() == 1


@pytest.mark.django_db
def test_rows_are_read_with_those_that_they_refer_to(django_assert_num_queries) -> None:
    for value in (7, 1007):
        f.CountObservationFactory(value=value)
    with django_assert_num_queries(1):
        found = [(row, row.measure) for row in read(CountObservation.objects.order_by("-value"), "measure")]
    for (row, measure), known in zip(found, CountObservation.objects.order_by("-value"), strict=True):
        assert {**row.__dict__, "_state": None} == {**known.__dict__, "_state": None}
        assert {**measure.__dict__, "_state": None} == {**known.measure.__dict__, "_state": None}


def _version(statement: Statement, number: int) -> Version:
    return Version(
        statement=statement,
        number=number,
        document={"words": "«Своими»\tsłowami\n\\N %s", "none": None},
        content_hash="0" * 64,
        saved_at=datetime.datetime(2026, 1, 1, 12, 0, 0, 7, tzinfo=datetime.UTC),
        through="command",
        why="a\tb\\c\nd",
    )


@pytest.mark.django_db
def test_new_rows_are_stored_with_values_of_every_type_and_get_their_ids() -> None:
    statement = f.StatementFactory()
    rows = [_version(statement, number) for number in range(1, 4)]
    insert(rows)
    stored = list(Version.objects.order_by("number"))
    assert [row.pk for row in rows] == [row.pk for row in stored]
    for row, found in zip(rows, stored, strict=True):
        assert all(getattr(row, field.attname) == getattr(found, field.attname) for field in Version._meta.fields)
        assert not row._state.adding


@pytest.mark.django_db
def test_new_rows_may_have_their_ids_already() -> None:
    source = f.SourceFactory()
    rows = [
        Source(pk=source.pk + number, slug=f"own-{number}", title="T", publisher="P", kind="news") for number in (5, 9)
    ]
    prepared(rows)()
    assert set(Source.objects.values_list("pk", "slug")) >= {(source.pk + 5, "own-5"), (source.pk + 9, "own-9")}


@pytest.mark.django_db
def test_a_new_row_that_clashes_stores_none_and_gets_no_id() -> None:
    taken = f.SourceFactory()
    rows = [Source(slug=slug, title="T", publisher="P", kind="news") for slug in ("free", taken.slug)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(rows)
    assert [row.pk for row in rows] == [None, None]
    assert Source.objects.count() == 1


@pytest.mark.django_db
def test_a_row_that_is_made_is_the_one_that_the_model_makes() -> None:
    statement, organisation = f.StatementFactory(), f.OrganisationFactory()
    row = made(Issuer, {"organisation": organisation}, statement_id=statement.pk, part="joined")
    expected = Issuer(organisation=organisation, statement_id=statement.pk, part="joined")
    assert all(getattr(row, field.attname) == getattr(expected, field.attname) for field in Issuer._meta.fields)
    assert row.organisation is organisation
    assert row._state.adding
    row.save()
    assert Issuer.objects.get() == row
