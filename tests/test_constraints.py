"""Every rule on one row: kept by the database, said to the editor, and read the same way without a database."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.fields.files import FileField
from django.utils import timezone

from statements.models import OldSlug
from statements.models.rules import broken_rules, rules_of
from tests import factories as f
from tests.constraint_rows import (
    DAY,
    LATER,
    build_row,
    change_row,
    corrected_version,
    erasure_row,
    figure_row,
    handle_row,
    link_row,
    move_row,
    name_row,
    named_once_row,
    own_work,
    part_tally_row,
    period_row,
    published_update,
    published_version,
    put_off_row,
    rows_of_a_run,
    run_row,
    schedule_row,
    self_parent,
    tally_row,
    today_link_row,
    version_row,
    voice_row,
)

#: constraint -> (a row that it allows, a row that it refuses); each made anew, unsaved (or stored and changed).
CASES: dict[str, tuple[Any, Any]] = {}


def case(constraint: str, good: Any, bad: Any) -> None:
    assert constraint not in CASES
    CASES[constraint] = (good, bad)


def blank_case(prefix: str, field: str, factory: Any) -> None:
    known = {"slug": "a-slug"} if hasattr(factory._meta.model, "slug") else {}
    if factory is f.SourceFactory:
        known["url"] = "https://example.org/a"
    case(f"{prefix}_has_{field}", lambda: build_row(factory), lambda: build_row(factory, **known | {field: "  "}))


def choice_case(model: str, field: str, factory: Any, **good: Any) -> None:
    case(
        f"{model}_{field}_is_known",
        lambda: build_row(factory, **good),
        lambda: build_row(factory, **{field: "no such"}),
    )


def pair_case(prefix: str, name: str, factory: Any) -> None:
    case(
        f"{prefix}_{name}_is_a_partial_date",
        lambda: build_row(factory, **{f"{name}_from": DAY, f"{name}_until": LATER}),
        lambda: build_row(factory, **{f"{name}_from": LATER, f"{name}_until": DAY}),
    )


for _prefix, _field, _factory in [
    ("organisation", "slug", f.OrganisationFactory),
    ("organisation", "name", f.OrganisationFactory),
    ("speaker", "slug", f.SpeakerFactory),
    ("speaker", "name", f.SpeakerFactory),
    ("source", "slug", f.SourceFactory),
    ("statement", "slug", f.StatementFactory),
    ("statement", "title", f.StatementFactory),
    ("wording", "key", f.WordingFactory),
    ("wording", "text", f.WordingFactory),
    ("demand", "slug", f.DemandFactory),
    ("demand", "title", f.DemandFactory),
    ("mention", "key", f.DemandMentionFactory),
    ("measure", "slug", f.MeasureFactory),
    ("measure", "name", f.MeasureFactory),
    ("measure", "unit", f.MeasureFactory),
    ("count", "key", f.CountObservationFactory),
]:
    blank_case(_prefix, _field, _factory)

for _model, _field, _factory in [
    ("organisation", "kind", f.OrganisationFactory),
    ("source", "kind", f.SourceFactory),
    ("statement", "kind", f.StatementFactory),
    ("statement", "issued_basis", f.StatementFactory),
    ("statement", "step", f.StatementFactory),
    ("issuer", "part", f.IssuerFactory),
    ("citation", "role", f.CitationFactory),
    ("wording", "kind", f.WordingFactory),
    ("demand", "theme", f.DemandFactory),
    ("demandmention", "force", f.DemandMentionFactory),
    ("demandupdate", "status", f.DemandUpdateFactory),
    ("measure", "basis", f.MeasureFactory),
    ("countobservation", "qualifier", f.CountObservationFactory),
]:
    choice_case(_model, _field, _factory)

for _prefix, _name_of_pair, _factory in [
    ("source", "published", f.SourceFactory),
    ("statement", "issued", f.StatementFactory),
    ("mention", "deadline", f.DemandMentionFactory),
    ("update", "date", f.DemandUpdateFactory),
    ("count", "as_of", f.CountObservationFactory),
    ("count", "since", f.CountObservationFactory),
]:
    pair_case(_prefix, _name_of_pair, _factory)

for _prefix, _factory in [
    ("organisation", f.OrganisationFactory),
    ("demand", f.DemandFactory),
    ("measure", f.MeasureFactory),
]:
    case(
        f"{_prefix}_is_not_its_own_parent",
        lambda factory=_factory: build_row(factory, parent=factory()),
        lambda factory=_factory: self_parent(factory),
    )
for _prefix, _factory in [("organisation", f.OrganisationFactory), ("measure", f.MeasureFactory)]:
    case(
        f"{_prefix}_country_is_a_code",
        lambda factory=_factory: build_row(factory, country="BY"),
        lambda factory=_factory: build_row(factory, country="by"),
    )
for _model in ("OrganisationName", "SpeakerName"):
    _prefix = {"OrganisationName": "organisation_name", "SpeakerName": "speaker_name"}[_model]
    case(f"{_prefix}_has_name", lambda m=_model: name_row(m), lambda m=_model: name_row(m, name=" "))
    case(f"{_model.lower()}_kind_is_known", lambda m=_model: name_row(m), lambda m=_model: name_row(m, kind="no such"))
case(
    "organisation_wikidata_id_is_one",
    lambda: build_row(f.OrganisationFactory, wikidata_id="Q458"),
    lambda: build_row(f.OrganisationFactory, wikidata_id="458"),
)
for _prefix, _factory in [
    ("statement", f.StatementFactory),
    ("wording", f.WordingFactory),
    ("source", f.SourceFactory),
]:
    case(
        f"{_prefix}_language_is_a_tag",
        lambda factory=_factory: build_row(factory, language="be-Latn"),
        lambda factory=_factory: build_row(factory, language="klingon!"),
    )
for _model in ("OrganisationName", "SpeakerName"):
    case(
        {"OrganisationName": "organisation_name", "SpeakerName": "speaker_name"}[_model] + "_language_is_a_tag",
        lambda m=_model: name_row(m, language=""),
        lambda m=_model: name_row(m, language="English"),
    )
case(
    "source_url_is_on_the_web",
    lambda: build_row(f.SourceFactory),
    lambda: build_row(f.SourceFactory, url="ftp://example.org/a", canonical_url="x"),
)
case(
    "organisation_website_is_on_the_web",
    lambda: build_row(f.OrganisationFactory, website="http://example.org"),
    lambda: build_row(f.OrganisationFactory, website="javascript:alert(1)"),
)
case("handle_network_is_a_word", handle_row, lambda: handle_row(network="X Y"))
case("handle_has_handle", handle_row, lambda: handle_row(handle=" "))
case(
    "source_can_be_found",
    lambda: build_row(f.SourceFactory, url="", canonical_url=None),
    lambda: build_row(f.SourceFactory, url="", canonical_url=None, publisher=""),
)
case(
    "source_canonical_url_goes_with_url",
    lambda: build_row(f.SourceFactory),
    lambda: build_row(f.SourceFactory, canonical_url=None),
)
case(
    "statement_relation_has_its_statement",
    lambda: build_row(f.StatementFactory, relation="quotes", related_statement=f.StatementFactory()),
    lambda: build_row(f.StatementFactory, relation="quotes"),
)
choice_case("statement", "relation", f.StatementFactory)
CASES["statement_relation_is_known"] = (
    CASES["statement_relation_is_known"][0],
    lambda: build_row(f.StatementFactory, relation="no such", related_statement=f.StatementFactory()),
)
case(
    "statement_is_not_its_own_related_statement",
    lambda: build_row(f.StatementFactory, relation="quotes", related_statement=f.StatementFactory()),
    lambda: self_parent(f.StatementFactory, "related_statement"),
)
case(
    "statement_withdrawn_with_a_reason",
    lambda: build_row(f.StatementFactory),
    lambda: build_row(f.StatementFactory, withdrawn_at=timezone.now(), withdrawn_reason="A reason"),
)
case(
    "count_has_a_number_or_words",
    lambda: build_row(f.CountObservationFactory, qualifier="unquantified", value=None, wording="many thousands"),
    lambda: build_row(f.CountObservationFactory, qualifier="unquantified", value=None, wording=""),
)
case(
    "count_range_has_two_ends",
    lambda: build_row(f.CountObservationFactory, qualifier="range", value=325, value_to=535),
    lambda: build_row(f.CountObservationFactory, qualifier="range", value=535, value_to=325),
)
case("update_has_four_eyes", published_update, lambda: own_work(published_update))
case("version_has_four_eyes", published_version, lambda: own_work(published_version))
case("version_through_is_known", version_row, lambda: version_row(through="no such"))
case("version_published_has_time_and_number", published_version, lambda: version_row(published_at=timezone.now()))
case("version_revision_is_known", corrected_version, lambda: corrected_version(revision="no such", revision_note=""))
case("version_corrects_what_was_public", corrected_version, lambda: corrected_version(public_number=1))
case("version_correction_has_a_note", corrected_version, lambda: corrected_version(revision_note=" "))
case("move_kind_is_known", move_row, lambda: move_row(kind="no such"))
case("schedule_revision_is_known", schedule_row, lambda: schedule_row(revision="no such"))
case("putoff_queue_is_known", put_off_row, lambda: put_off_row(queue="no such"))
case("put_off_has_reason", put_off_row, lambda: put_off_row(reason=" "))
case("erasure_what_is_known", erasure_row, lambda: erasure_row(what="no such"))
case("erasure_reason_is_known", erasure_row, lambda: erasure_row(reason="no such"))
case("erasure_keeps_a_hash", erasure_row, lambda: erasure_row(erased_hash="the words"))
case("importrun_state_is_known", run_row, lambda: run_row(state="no such"))
case(
    "run_undone_with_reason",
    lambda: run_row(undone_at=timezone.now(), undone_reason="The wrong file."),
    lambda: run_row(undone_at=timezone.now()),
)
case("referencechange_through_is_known", change_row, lambda: change_row(through="no such"))
case(
    "oldslug_kind_is_known",
    lambda: OldSlug(kind="source", slug="a", target_id=1),
    lambda: OldSlug(kind="no such", slug="a", target_id=1),
)
case("link_facet_is_known", link_row, lambda: link_row(facet="no such"))
case("tally_of_is_known", tally_row, lambda: tally_row(of="no such"))
case("parttally_of_is_known", part_tally_row, lambda: part_tally_row(of="no such"))
case("todaylink_facet_is_known", today_link_row, lambda: today_link_row(facet="no such"))
case("demandvoice_facet_is_known", voice_row, lambda: voice_row(facet="no such"))
case("figure_qualifier_is_known", figure_row, lambda: figure_row(qualifier="no such"))

OURS = list(apps.get_app_config("statements").get_models())
CHECKS = {rule.name: (model, rule) for model in OURS for rule in rules_of(model)}


def test_every_rule_has_a_case_here() -> None:
    assert set(CASES) == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_rule_says_what_it_means(name: str) -> None:
    sentence = str(CHECKS[name][1].message)
    assert "Constraint" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_good_row_is_stored(name: str, db: None) -> None:
    row = CASES[name][0]()
    row.save()
    assert broken_rules(row) == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_bad_row_is_refused_by_the_database_in_a_sentence_and_without_a_query(name: str, db: None) -> None:
    row = CASES[name][1]()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save()
    assert name in [rule.name for rule in broken_rules(row)]
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    assert str(CHECKS[name][1].message) in refused.value.messages


NULLABLE = [
    (name, field)
    for name, (model, rule) in sorted(CHECKS.items())
    for field in rule.fields
    if model._meta.get_field(field).null
]


@pytest.mark.parametrize(("name", "field"), NULLABLE)
def test_a_null_is_judged_alike_by_the_database_and_without_it(name: str, field: str, db: None) -> None:
    row = CASES[name][0]()
    setattr(row, field, None)
    allowed = not broken_rules(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize(
    ("factory", "fields", "rule"),
    [
        (f.CountObservationFactory, {"value": None}, "count_has_a_number_or_words"),
        (f.CountObservationFactory, {"qualifier": "range", "value_to": None}, "count_range_has_two_ends"),
        (f.CountObservationFactory, {"value_to": 5000}, "count_range_has_two_ends"),
        (f.CountObservationFactory, {"as_of_from": DAY}, "count_as_of_is_a_partial_date"),
        (f.CountObservationFactory, {"since_until": DAY}, "count_since_is_a_partial_date"),
        (f.DemandMentionFactory, {"deadline_from": DAY}, "mention_deadline_is_a_partial_date"),
        (f.SourceFactory, {"url": "", "canonical_url": "https://a.org/"}, "source_canonical_url_goes_with_url"),
    ],
)
def test_a_null_does_not_slip_through(factory: Any, fields: dict[str, Any], rule: str, db: None) -> None:
    row = build_row(factory, **fields)
    assert rule in [broken.name for broken in broken_rules(row)]
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        row.save()


UNIQUE = {
    "organisation_name_once": lambda: [name_row("OrganisationName")] * 2,
    "speaker_name_once": lambda: [name_row("SpeakerName")] * 2,
    "handle_is_one_persons": lambda: [handle_row(), handle_row()],
    "issuer_has_one_part": lambda: [build_row(f.IssuerFactory)] * 2,
    "speaker_named_once": lambda: [build_row(f.SpeakerRoleFactory)] * 2,
    "citation_once": lambda: [build_row(f.CitationFactory)] * 2,
    "update_once_per_day_and_source": lambda: [build_row(f.DemandUpdateFactory)] * 2,
    "version_number_once": lambda: [version_row()] * 2,
    "version_public_number_once": lambda: [published_version()] * 2,
    "old_slug_leads_to_one": lambda: [OldSlug(kind="source", slug="a", target_id=n) for n in (1, 2)],
    "link_once": lambda: [link_row()] * 2,
    "tally_once": lambda: [tally_row()] * 2,
    "named_once": lambda: [named_once_row()] * 2,
    "parttally_once": lambda: [part_tally_row()] * 2,
    "todaylink_once": lambda: [today_link_row()] * 2,
    "demandvoice_once": lambda: [voice_row()] * 2,
    "demandperiod_once": lambda: [period_row()] * 2,
    "put_off_once": lambda: [put_off_row()] * 2,
    "run_rows_once": lambda: [rows_of_a_run()] * 2,
}


def test_every_rule_of_uniqueness_has_a_case_here() -> None:
    found = {c.name for model in OURS for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)}
    assert found == set(UNIQUE)


@pytest.mark.parametrize("name", sorted(UNIQUE))
def test_the_same_twice_is_refused(name: str, db: None) -> None:
    first, second = UNIQUE[name]()
    first.save()
    second.pk = None
    second._state.adding = True
    if name == "version_public_number_once":
        second.number = 2
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    with pytest.raises(ValidationError) as refused:
        second.validate_constraints()
    assert all("Constraint" not in sentence for sentence in refused.value.messages)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_a_text_that_is_too_long_is_found_before_postgresql_refuses_it(model: type[models.Model]) -> None:
    from statements.models.rules import row_problems

    for field in model._meta.concrete_fields:
        if isinstance(field, models.CharField) and not field.choices and not isinstance(field, FileField):
            row = model(**{field.attname: "x" * ((field.max_length or 0) + 1)})
            assert field.name in [name for name, _sentence in row_problems(row)]
