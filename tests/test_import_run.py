"""A run as a whole: planned without writing, applied whole or not at all, repeatable, in a fixed number of queries."""

import gc
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from statements.actions.publishing import publish
from statements.actions.refusal import Refusal
from statements.actions.steps import submit
from statements.importing import KINDS, PlanOutdated, report
from statements.importing.apply import apply_plan
from statements.importing.collecting import collected_rarely
from statements.importing.incoming import Incoming
from statements.importing.plan import plan_files
from statements.models import (
    DemandUpdate,
    ImportRun,
    Organisation,
    ReferenceChange,
    Source,
    Statement,
    Version,
)
from statements.record.check import offences
from tests.factories import OrganisationFactory, make_public_statement, make_statement, make_user
from tests.importing import files_of, import_folder, imported, planned


@contextmanager
def counted_queries():
    """[n] of all queries; asked of the connection, since the log that others read forgets after 9,000."""
    count = [0]

    def wrapper(execute, sql, params, many, context):
        count[0] += not sql.startswith(("SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield count


def test_the_facts_load_as_one_folder_and_the_second_time_nothing_changes(importer, facts_dir):
    run = import_folder(facts_dir, by=importer)
    assert run.outcomes == {"read": 677, "new": 677, "changed": 0, "unchanged": 0, "duplicate": 0, "rejected": 0}
    assert Version.objects.filter(run=run, through="import", saved_by=importer).count() == 81
    assert DemandUpdate.objects.filter(run=run, saved_by=importer).count() == 11
    assert ReferenceChange.objects.filter(run=run).count() == 89 + 29 + 75 + 49 + 30
    assert Statement.objects.filter(step="in review").count() == 77
    again = plan_files(files_of(facts_dir), user=importer)
    assert again.counts == {"read": 677, "new": 0, "changed": 0, "unchanged": 677, "duplicate": 0, "rejected": 0}
    apply_plan(again, user=importer)
    assert Version.objects.count() == 81
    assert list(offences()) == []


def test_the_facts_load_as_single_files_and_the_second_time_nothing_changes(importer, facts_dir):
    for outcome in ("new", "unchanged"):
        for file in files_of(facts_dir):
            plan = plan_files([file], user=importer)
            assert plan.is_clean, report.as_text(plan, written=False)
            assert plan.counts[outcome] == plan.counts["read"], file.kind
            apply_plan(plan, user=importer)
        if outcome == "new":
            versions = Version.objects.count()
    assert Version.objects.count() == versions
    assert list(offences()) == []


def test_counts_add_up_and_a_plan_with_mistakes_is_never_applied(importer):
    OrganisationFactory(name="Known", country="BY")
    OrganisationFactory(name="Same")
    rows = "known,Known,NGO,LV\nsame,Same,NGO,\nnew,New,NGO,\nbad,Bad,club,\n"
    plan = planned("organisations", f"slug,name,kind,country\n{rows}", by=importer)
    assert plan.counts == {"read": 4, "new": 1, "changed": 1, "unchanged": 1, "duplicate": 0, "rejected": 1}
    assert next(plan.results()).changes == {"country": ("BY", "LV")}
    with pytest.raises(ValueError, match="never applied"):
        apply_plan(plan, user=importer)
    assert Organisation.objects.count() == 2
    assert not ImportRun.objects.exists()


def test_somebody_without_the_permission_is_refused(editor, facts_dir):
    with pytest.raises(Refusal, match="may not import"):
        plan_files(files_of(facts_dir), user=editor)
    assert not Organisation.objects.exists()


def test_an_importer_who_may_not_add_this_kind_is_refused_row_by_row(db):
    user = make_user("half")
    user.user_permissions.add(Permission.objects.get(codename="import_data"))
    plan = planned("organisations", "name,kind\nA,NGO\n", by=user)
    assert "may not add" in plan.errors[0].message


def test_a_plan_is_refused_when_the_desk_changed_since(importer):
    statement = make_statement(by=importer, title="S")
    plan = planned("statements", "slug,summary\ns,From the file\n", by=importer)
    Statement.objects.filter(pk=statement.pk).update(summary="From the form")
    with pytest.raises(PlanOutdated, match="has changed"):
        apply_plan(plan, user=importer)
    statement.refresh_from_db()
    assert statement.summary == "From the form"
    organisation = OrganisationFactory(name="A")
    plan = planned("organisations", "slug,country\na,BY\n", by=importer)
    Organisation.objects.filter(pk=organisation.pk).update(description="Changed")
    with pytest.raises(PlanOutdated):
        apply_plan(plan, user=importer)


def test_a_row_that_somebody_else_made_meanwhile_is_no_database_error(importer):
    plan = planned("organisations", "name,kind\nA,NGO\nB,NGO\n", by=importer)
    OrganisationFactory(name="B")
    with pytest.raises(PlanOutdated):
        apply_plan(plan, user=importer)
    assert Organisation.objects.count() == 1
    assert not ImportRun.objects.exists()


def test_importing_over_a_published_statement_leaves_what_readers_see(importer, reviewer):
    statement = make_public_statement(by=importer, published_by=reviewer, title="S")
    shown = statement.published_version
    imported("statements", "slug,summary,step\ns,Corrected,in review\n", by=importer)
    statement.refresh_from_db()
    assert (statement.published_version, statement.step) == (shown, "in review")
    assert "Corrected" not in str(statement.published_version.document)
    assert statement.versions.count() == 2
    publish(statement=statement, by=reviewer, revision="minor fix")
    again = planned("statements", "slug,summary,step\ns,Corrected,in review\n", by=importer)
    assert again.changes_nothing


def test_a_statement_that_an_editor_submitted_stays_so(importer, editor):
    statement = make_statement(by=editor, title="S")
    submit(statement=statement, by=editor)
    imported("statements", "slug,place\ns,Brussels\n", by=importer)
    statement.refresh_from_db()
    assert (statement.step, statement.place) == ("in review", "Brussels")


def rows_for(count: int, *, start: int) -> list[Incoming]:
    numbers = range(start, start + count)
    texts = {
        "organisations": ("name,kind,aliases", [f"Organisation {n},NGO,Alias {n} [en]" for n in numbers]),
        "speakers": ("name,organisation,handles", [f"Speaker {n},Alias {n},x:@s{n}" for n in numbers]),
        "sources": ("slug,url,title,publisher,kind", [f"s{n},https://example.org/{n},T,P,news" for n in numbers]),
        "measures": ("name,unit,basis", [f"Measure {n},people,stock" for n in numbers]),
        "demands": ("title,addressees", [f"Demand {n},Alias {n}" for n in numbers]),
        "statements": (
            "slug,title,kind,language,issued,issuers,speakers,text,text_language,text_kind,source_urls",
            [
                f"t{n},T,speech,en,2022,Alias {n},Speaker {n},we count {n},en,original,https://example.net/{n}"
                for n in numbers
            ],
        ),
        "citations": ("statement,source,role", [f"t{n},s{n},original" for n in numbers]),
        "wordings": ("statement,language,kind,source,text", [f"t{n},lv,original,s{n},Mes" for n in numbers]),
        "mentions": ("statement,demand,addressees", [f"t{n},Demand {n},Alias {n}" for n in numbers]),
        "counts": (
            "statement,measure,qualifier,value,quote",
            [f"t{n},Measure {n},exact,{n},count {n}" for n in numbers],
        ),
        "demand_updates": ("demand,date,status,source", [f"Demand {n},2022,open,s{n}" for n in numbers]),
    }
    return [Incoming(kind, f"{kind}.csv", "\n".join([texts[kind][0], *texts[kind][1]]).encode()) for kind in KINDS]


def test_queries_do_not_grow_with_rows(importer):
    counts = []
    apply_plan(plan_files(rows_for(2, start=500), user=importer), user=importer)
    for start, count in ((1000, 6), (2000, 18)):
        with counted_queries() as queries:
            plan = plan_files(rows_for(count, start=start), user=importer)
            assert plan.is_clean, report.as_text(plan, written=False)
            apply_plan(plan, user=importer)
        counts.append(queries[0])
    assert counts[0] == counts[1]


def test_queries_of_changed_rows_do_not_grow(importer):
    apply_plan(plan_files(rows_for(24, start=1000), user=importer), user=importer)
    counts = []
    for first, count in ((1000, 6), (1006, 18)):
        text = "slug,summary,issuers\n" + "".join(f"t{n},Changed,alias {n}\n" for n in range(first, first + count))
        with counted_queries() as queries:
            assert imported("statements", text, by=importer).counts["changed"] == count
        counts.append(queries[0])
    assert counts[0] == counts[1]


def test_reference_data_made_by_a_run_is_recorded_as_new(importer):
    imported("sources", "slug,url,title,publisher,kind\ns,https://example.org/a,T,P,news\n", by=importer)
    change = ReferenceChange.objects.get()
    assert change.changes["url"] == ["", "https://example.org/a"]
    assert Source.objects.get().canonical_url == "https://example.org/a"


def test_python_collects_as_before_once_an_import_is_done_or_refused(importer, editor):
    ordinary = gc.get_threshold()
    imported("organisations", "name,kind\nA,NGO\n", by=importer)
    with pytest.raises(Refusal):
        planned("organisations", "name,kind\nA,NGO\n", by=editor)
    with collected_rarely(), collected_rarely():
        assert gc.get_threshold() > ordinary
    assert gc.get_threshold() == ordinary
