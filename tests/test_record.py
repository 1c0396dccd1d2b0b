"""Documents, their schema, the index made from them, and the check that holds all of it together."""

import copy
from collections.abc import Collection, Mapping
from typing import Any

import jsonschema
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model

from statements.actions.publishing import publish, withdraw
from statements.actions.steps import submit
from statements.models import (
    Demand,
    Entry,
    Facet,
    Figure,
    Link,
    OldSlug,
    Organisation,
    OrganisationName,
    Qualifier,
    Source,
    Statement,
    TodayLink,
    Version,
)
from statements.models.count import CountObservation
from statements.record import index, today_links
from statements.record.check import offences
from statements.record.document import (
    SCHEMA,
    build,
    canonical_bytes,
    content_hash,
    fetched,
    json_schema,
    load,
    upgraded,
)
from statements.record.problems import problems
from statements.record.use import in_public_use, named_by_a_published_version
from tests import factories as f
from tests.bench.plans import explained
from tests.factories import make_public_statement, make_statement, save_version


def document_of(statement: Statement) -> dict[str, Any]:
    return build(load([statement.pk])[statement.pk])


def public(editor: User, reviewer: User, **fields: Any) -> Statement:
    return make_public_statement(by=editor, published_by=reviewer, **fields)


def index_rows() -> list[list[dict[str, Any]]]:
    return [
        [
            {name: value for name, value in row.items() if name != "id"}
            for row in model.objects.order_by(*order).values()  # type: ignore[attr-defined]
        ]
        for model, order in [
            (Entry, ["pk"]),
            (Link, ["entry", "facet", "target_id"]),
            (TodayLink, ["entry", "facet", "target_id", "value"]),
            (Figure, ["key"]),
        ]
    ]


def full_statement(editor: User, title: str = "Kopīgs paziņojums") -> Statement:
    """Two issuers, two speakers, three sources, an original in Latvian, an official translation, quotes from both."""
    statement = f.StatementFactory(title=title, language="lv", kind="joint statement", issued="2021-11")
    for position in range(2):
        f.IssuerFactory(statement=statement, position=position)
        f.SpeakerRoleFactory(statement=statement, position=position)
    sources = [
        f.CitationFactory(statement=statement, role=role).source for role in ("original", "translation", "report")
    ]
    f.WordingFactory(statement=statement, language="lv", text="Vairāk nekā 880 politieslodzīto.", source=sources[0])
    f.WordingFactory(
        statement=statement, language="en", kind="official translation", text="Release them all.", source=sources[1]
    )
    f.CountObservationFactory(
        statement=statement,
        qualifier="more than",
        value=880,
        quote="Vairāk nekā 880",
        attributed_to=f.OrganisationFactory(),
    )
    mention = f.DemandMentionFactory(statement=statement, quote="Release them all")
    mention.addressees.add(f.OrganisationFactory())
    save_version(statement=statement, by=editor)
    return statement  # type: ignore[no-any-return]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_a_document_has_the_shape_of_the_schema(editor: User) -> None:
    for statement in (make_statement(by=editor), full_statement(editor)):
        jsonschema.validate(document_of(statement), json_schema())


def test_the_schema_knows_every_choice_that_the_desk_knows() -> None:
    content = json_schema()["properties"]["content"]["properties"]
    counts = content["counts"]["items"]["properties"]
    assert counts["qualifier"]["enum"] == Qualifier.values
    assert content["kind"]["enum"] == Statement.Kind.values
    assert content["issued_basis"]["enum"] == Statement.IssuedBasis.values
    assert content["relation"]["anyOf"][0]["properties"]["kind"]["enum"] == Statement.Relation.values
    for name, field, model in [
        ("issuers", "part", "Issuer"),
        ("wordings", "kind", "Wording"),
        ("citations", "role", "Citation"),
        ("mentions", "force", "DemandMention"),
    ]:
        from django.apps import apps

        choices = apps.get_model("statements", model)._meta.get_field(field).flatchoices
        assert content[name]["items"]["properties"][field]["enum"] == [value for value, _label in choices]


def test_a_bundle_is_read_in_a_fixed_number_of_queries(editor: User, django_assert_num_queries: Any) -> None:
    ids = [full_statement(editor, f"Paziņojums {n}").pk for n in range(4)]
    for some in (ids[:1], ids):
        # Eight of what the statements hold, six of what they name: each is read once, however often it is named.
        with django_assert_num_queries(14):
            for bundle in load(some).values():
                build(bundle)


def test_what_is_merged_while_bundles_are_read_is_read_again(editor: User) -> None:
    statement = full_statement(editor, "Paziņojums")
    asked: list[object] = []

    def known(model: type[Model], pks: Collection[int]) -> Mapping[int, Any]:
        asked.append(model)
        return {} if asked == [model] else fetched(model, pks)

    assert build(load([statement.pk], known=known)[statement.pk]) == document_of(statement)
    with pytest.raises(LookupError):
        load([statement.pk], known=lambda _model, _pks: {})


def test_desk_notes_and_steps_are_in_no_document(editor: User) -> None:
    statement = make_statement(by=editor, desk_note="SECRET", step="returned")
    text = canonical_bytes(document_of(statement)).decode()
    assert "SECRET" not in text
    assert "returned" not in text


def test_equal_words_in_another_unicode_form_have_the_same_hash(editor: User) -> None:
    statement = make_statement(by=editor, summary="Ciešs")
    before = content_hash(document_of(statement))
    Statement.objects.filter(pk=statement.pk).update(summary="Cies\u030cs")
    assert content_hash(document_of(statement)) == before


def test_names_are_context_and_do_not_change_the_hash(editor: User) -> None:
    statement = make_statement(by=editor)
    before = content_hash(document_of(statement))
    Organisation.objects.update(name="Renamed")
    after = document_of(statement)
    assert content_hash(after) == before
    assert "Renamed" in str(after["context"])


def test_a_document_of_an_unknown_schema_is_not_read_as_something_else(editor: User) -> None:
    document = document_of(make_statement(by=editor))
    assert upgraded(document) is document
    document["schema"] = SCHEMA + 1
    with pytest.raises(ValueError, match="No way is known"):
        upgraded(document)


def test_problems_say_where_and_what(editor: User) -> None:
    statement = make_statement(by=editor)
    document = document_of(statement)
    assert problems(document, publishing=True) == []
    document["content"]["counts"][0]["quote"] = "1008 political prisoners"
    document["content"]["mentions"].append(copy.deepcopy(document["content"]["mentions"][0]))
    document["content"]["citations"].append(copy.deepcopy(document["content"]["citations"][0]))
    found = {problem.place: problem.sentence for problem in problems(document)}
    assert set(found) == {("counts", 0, "quote"), ("mentions", 1, "demand"), ("citations", 1, "source")}
    assert "1007 political prisoners" in found["counts", 0, "quote"]


def test_a_quote_without_any_wording_stays_unchecked(editor: User) -> None:
    statement = make_statement(by=editor)
    document = document_of(statement)
    document["content"]["wordings"] = []
    assert problems(document) == []


def test_rebuilding_gives_the_same_index(editor: User, reviewer: User) -> None:
    public(editor, reviewer)
    statement = full_statement(editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    before = index_rows()
    assert index.rebuild() == 2
    assert index_rows() == before
    assert list(offences()) == []


def definitions() -> set[tuple[str, ...]]:
    """Of the indexes and triggers of the whole database."""
    sqlite = "SELECT type, name, COALESCE(sql, '') FROM sqlite_master WHERE type IN ('index', 'trigger')"
    postgresql = "SELECT indexname, indexdef FROM pg_indexes UNION ALL SELECT tgname, tgenabled::text FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute({"sqlite": sqlite, "postgresql": postgresql}[connection.vendor])
        return set(cursor.fetchall())


def test_rebuilding_leaves_indexes_and_triggers_as_they_were(editor: User, reviewer: User) -> None:
    statement = public(editor, reviewer)
    before = definitions()
    index.rebuild()
    assert definitions() == before
    withdraw(statement=statement, by=reviewer, reason="It was a forgery.")
    assert list(offences()) == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its indexes")
def test_the_indexes_that_a_rebuild_asks_stay_while_it_writes(editor: User, reviewer: User) -> None:
    public(editor, reviewer)
    with explained() as plans:
        index.rebuild()
    of_the_index = {model._meta.db_table for model in (Entry, Link, Figure, TodayLink)}
    assert [plan.sql for plan in plans if of_the_index.intersection(plan.scanned)] == []


def test_rebuilding_that_fails_changes_nothing(editor: User, reviewer: User) -> None:
    public(editor, reviewer)
    lost = public(editor, reviewer)
    version = Version.objects.get(shown_for=lost)
    document = version.document
    document["content"]["issuers"][0]["organisation"] = "nobody-knows-it"
    Version.objects.filter(pk=version.pk).update(document=document)
    before, defined = index_rows(), definitions()
    with pytest.raises(KeyError, match="nobody-knows-it"):
        index.rebuild()
    assert (index_rows(), definitions()) == (before, defined)


def test_the_index_holds_a_link_for_everything_a_statement_is_found_by(editor: User, reviewer: User) -> None:
    statement = full_statement(editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    facets = list(Link.objects.values_list("facet", flat=True).order_by("facet"))
    assert facets.count(Facet.ISSUER) == 2
    assert facets.count(Facet.SPEAKER) == 2
    assert facets.count(Facet.SOURCE) == 3
    assert facets.count(Facet.ADDRESSEE) == 1
    assert facets.count(Facet.DEMAND_AS_ADDRESSED) == 0
    figure = Figure.objects.get()
    assert (figure.as_of, figure.as_of_is_given) == (statement.issued, False)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Organisation.objects.update(country="LV", name="Renamed"),
        lambda: Demand.objects.update(theme="justice"),
        lambda: Demand.objects.get().addressees.set([f.OrganisationFactory()]),
        lambda: Organisation.objects.filter(issued__isnull=False).update(parent=f.OrganisationFactory()),
    ],
)
def test_a_change_of_reference_data_leaves_the_index_right(change: Any, editor: User, reviewer: User) -> None:
    public(editor, reviewer)
    change()
    demands, organisations = (rows.values_list("pk", flat=True) for rows in (Demand.objects, Organisation.objects))
    today_links.follow(themes=demands, addressees=demands, countries=organisations)
    for owner in Organisation.objects.all():
        OrganisationName.objects.filter(owner=owner, kind="main").update(name=owner.name, folded=owner.name.lower())
    before = index_rows()
    assert list(offences()) == []
    index.rebuild()
    assert index_rows() == before


def test_a_slug_that_was_given_up_still_leads_to_its_row(editor: User, reviewer: User) -> None:
    statement = public(editor, reviewer)
    organisation = Organisation.objects.get(issued__statement=statement)
    OldSlug.objects.create(kind="organisation", slug=organisation.slug, target_id=organisation.pk)
    Organisation.objects.filter(pk=organisation.pk).update(slug="new-slug")
    index.rebuild()
    assert Link.objects.filter(facet=Facet.ISSUER, target_id=organisation.pk).exists()


def test_what_the_record_uses_is_in_public_use_and_nothing_else(editor: User, reviewer: User) -> None:
    unused = f.OrganisationFactory()
    draft = make_statement(by=editor)
    statement = public(editor, reviewer)
    addressee = f.OrganisationFactory()
    Demand.objects.get(mentions__statement=statement).addressees.add(addressee)
    issuer = Organisation.objects.get(issued__statement=statement)
    drafts_issuer = Organisation.objects.get(issued__statement=draft)
    ids = [unused.pk, issuer.pk, drafts_issuer.pk, addressee.pk]
    assert in_public_use(Organisation, ids) == {issuer.pk, addressee.pk}
    source = Source.objects.get(citations__statement=statement)
    assert named_by_a_published_version(source)
    withdraw(statement=statement, by=reviewer, reason="x")
    assert in_public_use(Organisation, ids) == set()
    assert named_by_a_published_version(source), "an old version still names it"
    assert not named_by_a_published_version(unused)


def tamper_with_the_index(statement: Statement) -> None:
    Entry.objects.update(title="Tampered")


def leave_a_withdrawn_statement_in_the_index(statement: Statement) -> None:
    statement.withdrawn_at, statement.withdrawn_reason = statement.published_version.published_at, "x"  # type: ignore[union-attr]
    statement.save()


OFFENCES = [
    (tamper_with_the_index, "the index is not what its published version gives"),
    (leave_a_withdrawn_statement_in_the_index, "should not see"),
    (lambda statement: Figure.objects.all().delete(), "the index is not what"),
    (lambda statement: CountObservation.objects.update(value=1008), "the desk differs from its latest version"),
    (lambda statement: Version.objects.update(content_hash="0" * 64), "does not give its hash"),
    (lambda statement: Version.objects.update(number=7), "a version is missing"),
    (lambda statement: Source.objects.update(canonical_url="https://elsewhere.org/"), "canonical address"),
    (lambda statement: OrganisationName.objects.update(folded="x"), "out of date"),
    (lambda statement: OrganisationName.objects.all().delete(), "does not hold its own name"),
    (
        lambda statement: OldSlug.objects.create(kind="statement", slug=statement.slug, target_id=statement.pk),
        "in use, and an old address",
    ),
    (lambda statement: OldSlug.objects.create(kind="source", slug="gone", target_id=0), "leads to what does not exist"),
]


@pytest.mark.parametrize(("offend", "sentence"), OFFENCES)
def test_the_check_finds_what_no_constraint_can(offend: Any, sentence: str, editor: User, reviewer: User) -> None:
    statement = public(editor, reviewer)
    assert list(offences()) == []
    offend(statement)
    assert any(sentence in offence for offence in offences())


def test_the_check_finds_a_circle_of_parents(db: None) -> None:
    one, other = f.DemandFactory(), f.DemandFactory()
    Demand.objects.filter(pk=one.pk).update(parent=other)
    Demand.objects.filter(pk=other.pk).update(parent=one)
    assert [line for line in offences() if "part of itself" in line]


def test_the_check_finds_a_document_of_the_wrong_shape(editor: User, reviewer: User) -> None:
    version = public(editor, reviewer).versions.get()
    version.document["content"]["kind"] = "shout"
    version.content_hash = content_hash(version.document)
    version.save()
    assert any("breaks the schema at $.content.kind" in offence for offence in offences())
