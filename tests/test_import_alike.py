"""Rows that say what is there already: the same row twice, and new statements that look like a stored one."""

from django.contrib.auth.models import User

from statements.importing.apply import apply_plan
from statements.importing.drafts import Outcome
from statements.importing.incoming import Alike, Incoming, Options
from statements.importing.plan import Plan, plan_files
from statements.models import Citation, CountObservation, Statement
from tests.factories import MeasureFactory, OrganisationFactory, SpeakerFactory, make_statement
from tests.importing import imported, places, planned, sentence

HEADER = "title,kind,language,issued,issuers,source_urls\n"


def stored_statement(importer: User) -> Statement:
    OrganisationFactory(slug="ministry", name="Ministry")
    row = "Ministry on the new prisoners,press statement,en,2022-01-27,ministry,https://example.org/a\n"
    imported("statements", HEADER + row, by=importer)
    return Statement.objects.get()


def planned_with(options: Options, text: str, *, by: User) -> Plan:
    return plan_files([Incoming("statements", "statements.csv", text.encode())], user=by, options=options)


def test_the_same_row_twice_is_one_row_and_a_duplicate(importer):
    plan = planned("organisations", "slug,name,kind\na,A,NGO\nb,B,NGO\na,A,NGO\n", by=importer)
    assert plan.counts == {"read": 3, "new": 2, "changed": 0, "unchanged": 0, "duplicate": 1, "rejected": 0}
    (double,) = plan.results(Outcome.DUPLICATE)
    assert (double.line, double.notices[0].message) == (4, "Line 2 says the same: this line is left out.")


def test_the_same_figure_twice_is_one_figure(importer):
    make_statement(by=importer, slug="s")
    MeasureFactory(slug="m")
    rows = "statement,measure,qualifier,value\ns,m,exact,7\ns,m,exact,7\n"
    assert imported("counts", rows, by=importer).counts["duplicate"] == 1
    assert CountObservation.objects.filter(measure__slug="m").count() == 1


def test_one_key_with_different_contents_is_an_error_that_names_both_lines(importer):
    make_statement(by=importer, slug="s")
    MeasureFactory(slug="m")
    rows = "key,statement,measure,qualifier,value\nc1,s,m,exact,7\nc1,s,m,exact,8\n"
    assert "Lines 2 and 3 are about the same" in sentence(planned("counts", rows, by=importer))


def test_the_same_issuer_and_day_and_a_like_title_is_a_warning_that_names_the_statement(importer):
    stored = stored_statement(importer)
    row = "Ministry on new prisoners,press statement,en,2022-01-27,ministry,\n"
    plan = planned("statements", HEADER + row, by=importer)
    (result,) = plan.results()
    assert (result.outcome, result.notices[0].statement) == (Outcome.NEW, stored.slug)
    assert "the same issuer and day, and a like title" in result.notices[0].message


def test_another_title_another_day_or_another_issuer_is_no_double(importer):
    stored_statement(importer)
    OrganisationFactory(slug="other")
    rows = (
        "A speech on trade,speech,en,2022-01-27,ministry,\n"
        "Ministry on new prisoners,press statement,en,2022-01-28,ministry,\n"
        "Ministry on new prisoners,press statement,en,2022-01-27,other,\n"
        "Ministry on new prisoners,press statement,en,2022-01,ministry,\n"
    )
    plan = planned("statements", HEADER + rows, by=importer)
    assert (plan.counts["new"], list(plan.warned())) == (4, [])


def test_the_same_speaker_counts_where_there_is_no_issuer(importer):
    SpeakerFactory(slug="her")
    rows = "title,kind,language,issued,speakers\n{},speech,en,2022-01-27,her\n"
    imported("statements", rows.format("On the prisoners"), by=importer)
    plan = planned("statements", rows.format("On prisoners"), by=importer)
    assert len(list(plan.warned())) == 1


def test_the_same_address_is_a_warning_whatever_the_title(importer):
    stored = stored_statement(importer)
    row = "Something else,speech,en,2022-02-01,ministry,https://EXAMPLE.org/a?utm_source=x\n"
    (result,) = planned("statements", HEADER + row, by=importer).results()
    assert (result.outcome, result.notices[0].statement) == (Outcome.NEW, stored.slug)


def test_a_double_can_be_left_out(importer):
    stored_statement(importer)
    rows = (
        "Ministry on new prisoners,press statement,en,2022-01-27,ministry,\n"
        "Something else,speech,en,2022-02-01,ministry,\n"
    )
    plan = planned_with(Options(alike=Alike.SKIP), HEADER + rows, by=importer)
    assert (plan.counts["duplicate"], plan.counts["new"]) == (1, 1)
    apply_plan(plan, user=importer)
    assert Statement.objects.count() == 2


def test_one_double_can_be_left_out_and_another_imported(importer):
    stored_statement(importer)
    row = "Ministry on new prisoners{},press statement,en,2022-01-27,ministry,\n"
    options = Options(choices={"statements.csv:3": Alike.SKIP})
    plan = planned_with(options, HEADER + row.format("") + row.format("!"), by=importer)
    assert [result.outcome for result in plan.results()] == [Outcome.NEW, Outcome.DUPLICATE]


def test_the_address_of_a_double_can_go_to_the_stored_statement(importer):
    stored = stored_statement(importer)
    row = "Ministry on new prisoners,speech,lv,2022-01-27,ministry,https://example.org/b\n"
    plan = planned_with(Options(alike=Alike.ADD_SOURCE), HEADER + row, by=importer)
    (result,) = plan.results()
    assert (result.outcome, result.changes) == (Outcome.CHANGED, {"source_urls": ("", "https://example.org/b")})
    apply_plan(plan, user=importer)
    stored.refresh_from_db()
    assert (stored.title, stored.kind, stored.language) == ("Ministry on the new prisoners", "press statement", "en")
    assert Citation.objects.filter(statement=stored).count() == 2


def test_a_double_without_an_address_has_none_to_give(importer):
    stored_statement(importer)
    row = "Ministry on new prisoners,press statement,en,2022-01-27,ministry,\n"
    plan = planned_with(Options(alike=Alike.ADD_SOURCE), HEADER + row, by=importer)
    assert "There is no address here" in sentence(plan)


def test_an_address_is_not_added_to_a_statement_that_the_same_files_change(importer):
    stored = stored_statement(importer)
    text = (
        "slug,"
        + HEADER
        + (
            f"{stored.slug},Another title,press statement,en,2022-01-27,ministry,\n"
            ",Ministry on new prisoners,press statement,en,2022-01-27,ministry,https://example.org/b\n"
        )
    )
    plan = planned_with(Options(alike=Alike.ADD_SOURCE), text, by=importer)
    assert "add the address there" in sentence(plan)


def test_two_rows_that_look_like_one_statement_do_not_both_add_to_it(importer):
    stored_statement(importer)
    row = "Ministry on new prisoners{},speech,lv,2022-01-27,ministry,https://example.org/b{}\n"
    text = HEADER + row.format("", 1) + row.format("!", 2)
    plan = planned_with(Options(alike=Alike.ADD_SOURCE), text, by=importer)
    assert "Line 2 adds to" in sentence(plan)
    assert places(plan) == [(3, "source_urls")]


def test_rows_that_hang_on_a_row_that_is_left_out_name_the_stored_statement_instead(importer):
    stored = stored_statement(importer)
    MeasureFactory(slug="m")
    files = [
        Incoming(
            "statements",
            "statements.csv",
            f"slug,{HEADER}double,Ministry on new prisoners,press statement,en,2022-01-27,ministry,\n".encode(),
        ),
        Incoming("counts", "counts.csv", b"statement,measure,qualifier,value\ndouble,m,exact,7\n"),
    ]
    plan = plan_files(files, user=importer, options=Options(alike=Alike.SKIP))
    (error,) = plan.errors
    assert (error.file, error.column, error.suggestion) == ("counts.csv", "statement", stored.slug)


def test_what_is_missing_is_made_by_name_when_asked_and_listed(importer):
    OrganisationFactory(slug="viasna", name="Viasna")
    text = "title,kind,language,issued,issuers,speakers\nOn them,speech,en,2022,Viasma | Amnesty,Ann Bee\n"
    refused = planned("statements", text, by=importer)
    assert {error.column for error in refused.errors} == {"issuers", "speakers"}
    plan = planned_with(Options(create_missing=True), text, by=importer)
    assert plan.is_clean
    made = [(one.kind, one.name, one.slug, one.similar) for one in plan.directory.made_by_name]
    assert made == [
        ("organisation", "Viasma", "viasma", "viasna"),
        ("organisation", "Amnesty", "amnesty", ""),
        ("speaker", "Ann Bee", "ann-bee", ""),
    ]
    apply_plan(plan, user=importer)
    statement = Statement.objects.get()
    assert [issuer.organisation.kind for issuer in statement.issuers.all()] == ["other", "other"]
    assert planned("statements", text, by=importer).counts["unchanged"] == 1


def test_a_demand_is_made_by_its_title_and_a_measure_never(importer):
    make_statement(by=importer, slug="s")
    options = Options(create_missing=True)
    mentions = Incoming("mentions", "mentions.csv", b"statement,demand\ns,Release them all\n")
    plan = plan_files([mentions], user=importer, options=options)
    apply_plan(plan, user=importer)
    assert Statement.objects.get().mentions.filter(demand__title="Release them all").count() == 1
    counts = Incoming("counts", "counts.csv", b"statement,measure,qualifier,value\ns,Prisoners,exact,7\n")
    assert "No measure is known" in sentence(plan_files([counts], user=importer, options=options))
