"""Files of statements and of what hangs on them: wordings, citations, mentions and counts."""

import pytest

from statements.actions.steps import return_to_editor, submit
from statements.importing.incoming import Incoming
from statements.importing.plan import plan_files
from statements.models import (
    Citation,
    CountObservation,
    Issuer,
    OldSlug,
    Source,
    Statement,
    Version,
    Wording,
)
from statements.record.check import offences
from tests.factories import (
    CountObservationFactory,
    DemandFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    StatementFactory,
    make_statement,
)
from tests.importing import imported, places, planned, sentence

STATEMENT = "title,kind,language,issued,issuers"


def test_the_short_forms_bring_a_wording_and_sources(importer):
    OrganisationFactory(name="Ministry")
    SourceFactory(slug="known", url="https://example.org/a")
    header = f"{STATEMENT},text,text_language,text_kind,text_is_excerpt,source_urls"
    row = "T,speech,lv,2022-01,ministry,vairāk nekā 880,lv,original,true,https://example.org/a | https://example.net/b?x=1"
    imported("statements", f"{header}\n{row}\n", by=importer)
    statement = Statement.objects.get()
    assert statement.slug == "ministry-t-2022-01"
    wording = Wording.objects.get()
    assert (wording.text, wording.language, wording.is_excerpt, wording.source) == ("vairāk nekā 880", "lv", True, None)
    assert list(Citation.objects.order_by("pk").values_list("source__slug", "role")) == [
        ("known", "report"),
        ("example-net-b-x-1", "report"),
    ]
    made = Source.objects.get(slug="example-net-b-x-1")
    assert (made.kind, made.publisher, made.title) == ("news", "example.net", "https://example.net/b?x=1")
    key = wording.key
    imported("statements", f"slug,text,text_language,text_kind\n{statement.slug},Vairāk,lv,original\n", by=importer)
    assert list(Wording.objects.values_list("key", "text", "is_excerpt")) == [(key, "Vairāk", True)]
    assert planned("statements", f"{header}\n{row.replace('vairāk nekā 880', 'Vairāk')}\n", by=importer).changes_nothing


def test_words_need_their_language_and_kind(importer):
    OrganisationFactory(name="A")
    plan = planned("statements", f"{STATEMENT},text\nT,speech,en,2022,a,Words\n", by=importer)
    assert places(plan) == [(2, "text_language"), (2, "text_kind")]
    plan = planned("statements", f"{STATEMENT},text_kind\nT,speech,en,2022,a,original\n", by=importer)
    assert "in the column text" in sentence(plan)


def test_the_three_parts_of_the_issuers_are_three_lists_in_order(importer):
    for name in "abcd":
        OrganisationFactory(name=name)
    imported("statements", f"{STATEMENT},joined_by,delivered_by\nT,speech,en,2022,b | a,d,c\n", by=importer)
    parts = Issuer.objects.order_by("position").values_list("organisation__slug", "part")
    assert list(parts) == [("b", "issued"), ("a", "issued"), ("d", "joined"), ("c", "delivered on behalf")]
    slug = Statement.objects.get().slug
    imported("statements", f"slug,joined_by\n{slug},[clear]\n", by=importer)
    assert [issuer.organisation.slug for issuer in Issuer.objects.order_by("position")] == ["b", "a", "c"]
    plan = planned("statements", f"slug,joined_by\n{slug},a\n", by=importer)
    assert (places(plan), "twice" in sentence(plan)) == ([(2, "joined_by")], True)


def test_attributions_go_with_the_speakers_and_a_blank_position_counts(importer):
    for name in ("One", "Two", "Three"):
        SpeakerFactory(name=name)
    header = "slug,title,kind,language,issued,speakers,attributions"
    imported("statements", f"{header}\ns,T,speech,en,2022,one | two | three,| Minister |\n", by=importer)
    statement = Statement.objects.get()
    roles = [(role.speaker.slug, role.attribution) for role in statement.speaker_roles.all()]
    assert roles == [("one", ""), ("two", "Minister"), ("three", "")]
    imported("statements", "slug,speakers\ns,two | one\n", by=importer)
    roles = [(role.speaker.slug, role.attribution) for role in statement.speaker_roles.all()]
    assert roles == [("two", "Minister"), ("one", "")]
    plan = planned("statements", "slug,attributions\ns,A | B | C\n", by=importer)
    assert "3 attributions for 2 speakers" in sentence(plan)


def test_a_quote_that_is_not_in_the_words_is_refused_with_the_nearest_passage(importer):
    make_statement(by=importer, title="S")
    DemandFactory(title="Release")
    plan = planned("mentions", "statement,demand,quote\ns,release,relaese of all\n", by=importer)
    assert places(plan) == [(2, "quote")]
    assert "nearest passage is: “release of all" in sentence(plan)


def test_new_words_without_a_stored_quote_are_refused_where_they_stand(importer):
    statement = make_statement(by=importer, title="S")
    key = statement.wordings.get().key
    plan = planned("wordings", f"key,text\n{key},Other words.\n", by=importer)
    assert set(places(plan)) == {(2, "text")}
    imported("wordings", f"key,text\n{key},The release of all 1007 political prisoners.\n", by=importer)


def test_every_mistake_in_figures_is_one_and_no_other_row_is_blamed(importer):
    make_statement(by=importer, title="S")
    MeasureFactory(name="M")
    header = "key,statement,measure,qualifier,value,value_to,wording,as_of,attributed_to,quote"
    rows = [
        "k2,nowhere,m,exact,1,,,,,",
        "k3,s,nothing,exact,1,,,,,",
        "k4,s,m,over,1,,,,,",
        "k5,s,m,exact,1 07,,,,,",
        "k6,s,m,range,7,5,,,,",
        "k7,s,m,unquantified,,,,,,",
        "k8,s,m,exact,1,,,31.02.2022,,",
        "k9,s,m,exact,1,,,,nobody,1007 prisoners",
        "k10,s,m,exact,1,,,,,9000 political prisoners",
        "k5,s,m,exact,5,,,,,",
        "k12,s,m,at least,1,,,,,1007 political prisoners",
    ]
    plan = planned("counts", "\n".join([header, *rows, ""]), by=importer)
    assert places(plan) == [
        (2, "statement"),
        (3, "measure"),
        (4, "qualifier"),
        (5, "value"),
        (6, "qualifier"),
        (7, "qualifier"),
        (8, "as_of"),
        (9, "attributed_to"),
        (9, "quote"),
        (10, "quote"),
        (11, "key"),
    ]
    assert plan.counts == {"read": 11, "new": 1, "changed": 0, "unchanged": 0, "duplicate": 0, "rejected": 10}


def test_ten_mistakes_in_statements_are_ten(importer):
    OrganisationFactory(name="A")
    SpeakerFactory(name="P")
    make_statement(by=importer, title="Known")
    header = (
        "slug,title,kind,language,issued,issuers,speakers,attributions,relation,related_statement,step,text,text_kind"
    )
    rows = [
        "a2,T,talk,en,2022,a,,,,,,,",
        "a3,T,speech,elvish,2022,a,,,,,,,",
        "a4,T,speech,en,2022-13,a,,,,,,,",
        "a5,T,speech,en,2022,nobody,,,,,,,",
        "a6,T,speech,en,2022,,nobody,,,,,,",
        "a7,T,speech,en,2022,,p,One | Two,,,,,",
        "a8,T,speech,en,2022,a,,,quotes,,,,",
        "a9,T,speech,en,2022,a,,,quotes,nowhere,,,",
        "a10,T,speech,en,2022,a,,,,,published,,",
        "a11,,speech,en,2022,a,,,,,,,",
        "known,,,,,,,,,,,,",
    ]
    plan = planned("statements", "\n".join([header, *rows, ""]), by=importer)
    assert places(plan) == [
        (2, "kind"),
        (3, "language"),
        (4, "issued"),
        (5, "issuers"),
        (6, "speakers"),
        (7, "attributions"),
        (8, "related_statement"),
        (9, "related_statement"),
        (10, "step"),
        (11, "title"),
    ]
    assert plan.counts["unchanged"] == 1


def test_a_key_keeps_the_identity_of_a_figure(importer):
    statement = make_statement(by=importer, title="S")
    count = CountObservation.objects.get()
    count.value, count.quote = 1000, ""
    count.save()
    imported("counts", f"key,value,qualifier\n{count.key},1007,at least\n", by=importer)
    assert list(CountObservation.objects.values_list("pk", "value", "qualifier")) == [(count.pk, 1007, "at least")]
    imported("counts", f"statement,measure,qualifier,value\ns,{count.measure.slug},exact,22\n", by=importer)
    assert CountObservation.objects.filter(statement=statement).count() == 2
    repeated = f"statement,measure,qualifier,value,note\ns,{count.measure.slug},exact,22,Checked\n"
    assert imported("counts", repeated, by=importer).counts["changed"] == 1
    assert CountObservation.objects.filter(statement=statement, note="Checked").count() == 1


def test_an_ambiguous_row_without_a_key_asks_for_the_key(importer):
    statement = StatementFactory(title="S")
    IssuerFactory(statement=statement)
    first = CountObservationFactory(key="c1", statement=statement, quote="1007 people")
    CountObservationFactory(key="c2", statement=statement, measure=first.measure, quote="1007 others")
    plan = planned("counts", f"statement,measure,qualifier,value\ns,{first.measure.slug},exact,1007\n", by=importer)
    assert "c1, c2" in sentence(plan)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("range,5,3,", "qualifier"),
        ("exact,,,", "qualifier"),
        ("unquantified,,,", "qualifier"),
        ("exact,5,7,", "qualifier"),
    ],
)
def test_the_rules_on_one_row_are_row_errors(importer, cells, column):
    make_statement(by=importer, title="S")
    MeasureFactory(name="M")
    plan = planned("counts", f"statement,measure,qualifier,value,value_to,wording\ns,m,{cells}\n", by=importer)
    assert places(plan) == [(2, column)]


def test_step_is_draft_or_in_review_and_stays_when_absent(importer):
    statement = make_statement(by=importer, title="S")
    assert "draft, in review" in sentence(planned("statements", "slug,step\ns,scheduled\n", by=importer))
    imported("statements", "slug,step\ns,in review\n", by=importer)
    imported("statements", "slug,summary\ns,Another summary\n", by=importer)
    statement.refresh_from_db()
    assert (statement.step, statement.summary) == ("in review", "Another summary")


def test_clearing_the_text_takes_the_wording_away(importer):
    OrganisationFactory(name="A")
    header = "slug,title,kind,language,issued,issuers,text,text_language,text_kind"
    imported("statements", f"{header}\ns,T,speech,en,2022,a,Words,en,original\n", by=importer)
    imported("statements", "slug,text,text_language,text_kind\ns,[clear],en,original\n", by=importer)
    assert not Wording.objects.exists()
    assert Version.objects.count() == 2
    plan = planned("statements", "slug,source_urls\ns,[clear]\n", by=importer)
    assert "only adds" in sentence(plan)


def test_a_figure_that_stood_in_the_wrong_statement_moves_with_its_key(importer):
    make_statement(by=importer, title="Wrong")
    right = make_statement(by=importer, title="Right")
    count = CountObservation.objects.get(statement__slug="wrong")
    imported("counts", f"key,statement\n{count.key},right\n", by=importer)
    assert right.counts.count() == 2
    assert Version.objects.filter(run__isnull=False).count() == 2
    assert list(offences()) == []


def test_addressees_named_in_a_mention_are_a_list_of_their_own(importer):
    make_statement(by=importer, title="S")
    OrganisationFactory(name="A")
    OrganisationFactory(name="B")
    demand = DemandFactory(title="Release")
    imported("mentions", "statement,demand,addressees,deadline\ns,release,b | a,2022-03\n", by=importer)
    mention = demand.mentions.get()
    assert sorted(o.slug for o in mention.addressees.all()) == ["a", "b"]
    assert mention.deadline.isoformat() == "2022-03"
    other_order = f"key,addressees\n{mention.key},a|b\n"
    assert imported("mentions", other_order, by=importer).counts["unchanged"] == 1
    imported("mentions", f"key,addressees,deadline\n{mention.key},[clear],[clear]\n", by=importer)
    mention.refresh_from_db()
    assert (mention.addressees.count(), mention.deadline) == (0, None)


def test_a_new_name_is_found_by_later_rows_of_the_same_run(importer):
    OrganisationFactory(name="Old name", slug="o")
    files = [
        Incoming("organisations", "organisations.csv", "slug,name,aliases\no,New name,Новае [be]\n".encode()),
        Incoming("speakers", "speakers.csv", "name,organisation\nOne,New name\nTwo,новае\nThree,Old name\n".encode()),
    ]
    plan = plan_files(files, user=importer)
    assert [(error.file, error.line, error.column) for error in plan.errors] == [("speakers.csv", 4, "organisation")]


def test_a_statement_is_named_by_an_address_that_it_gave_up(importer):
    statement = make_statement(by=importer, title="Now")
    OldSlug.objects.create(kind="statement", slug="then", target_id=statement.pk)
    source = SourceFactory(slug="another")
    imported("citations", "statement,source,role\nthen,another,archive\n", by=importer)
    assert statement.citations.filter(source=source, role="archive").exists()
    assert "leads to now" in sentence(planned("statements", "slug,title\nthen,T\n", by=importer))


def test_an_unknown_statement_is_answered_with_the_nearest(importer):
    make_statement(by=importer, title="Latvia solidarity day")
    SourceFactory(slug="s")
    plan = planned("citations", "statement,source,role\nlatvia-solidarty-day,s,report\n", by=importer)
    assert "Did you mean “latvia-solidarity-day”?" in sentence(plan)


def test_a_step_further_on_is_not_moved_by_a_file_that_an_export_wrote(importer, reviewer):
    statement = make_statement(by=importer, title="S")
    submit(statement=statement, by=importer)
    return_to_editor(statement=statement, by=reviewer)
    imported("statements", "slug,step,place\ns,draft,Riga\n", by=importer)
    statement.refresh_from_db()
    assert (statement.step, statement.place) == ("returned", "Riga")
