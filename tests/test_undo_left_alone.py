"""What undoing a run leaves alone, and why: what somebody has edited or published since, and what such rows need."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from statements.actions.publishing import publish
from statements.actions.reference import Changed, record_changes
from statements.actions.steps import return_to_editor, submit
from statements.actions.updates import publish_update, withdraw_update
from statements.importing.desk_export import desk_files
from statements.importing.publishing import publish_run
from statements.models import (
    Demand,
    DemandUpdate,
    ImportRun,
    OldSlug,
    Organisation,
    ReferenceChange,
    RunRows,
    Schedule,
    Source,
    Speaker,
    Statement,
    Version,
)
from tests import factories as f
from tests.factories import make_public_statement, make_statement, make_user, save_version
from tests.undoing import left_alone, run_of, undone

CHANGED = "It was changed since."
STATEMENTS = "slug,title,kind,language,issued,issuers,relation,related_statement\n"
TWO = f"{STATEMENTS}one,One,speech,en,2022,org,,\ntwo,Two,speech,en,2022,org,repeats,one\n"
ORGANISATION = "slug,name,kind\norg,Org,NGO\n"
FILES = {"organisations": ORGANISATION, "statements": TWO}


def change(statement: Statement, *, by: User, **fields: Any) -> None:
    Statement.objects.filter(pk=statement.pk).update(**fields)
    save_version(statement=statement, by=by)


def edit(row: Any, *, by: User, field: str, value: str) -> None:
    """As the form does: changed, and recorded."""
    old = getattr(row, field)
    setattr(row, field, value)
    row.save()
    record_changes(changed=[Changed(row, {field: [old, value]})], by=by)


def one(slug: str = "one") -> Statement:
    return Statement.objects.get(slug=slug)


# Statements


def test_a_statement_that_was_edited_since_stays_with_all_that_it_needs(importer: User, editor: User) -> None:
    run = run_of(FILES, by=importer)
    change(one("two"), by=editor, summary="Mended.")
    found = undone(run, by=importer)
    assert left_alone(found) == {
        "Two": "It was changed since, by editor.",
        "One": "It is in use: “Two” stays and needs it.",
        "Org": "It is in use: “One” stays and needs it.",
    }
    assert (found.removed, Statement.objects.count()) == ([], 2)
    run.refresh_from_db()
    assert dict(run.undone_report) == left_alone(found)


def test_a_statement_that_waits_for_review_goes_nevertheless(importer: User, reviewer: User) -> None:
    run = run_of(FILES, by=importer)
    submit(statement=one(), by=importer)
    submit(statement=one("two"), by=importer)
    return_to_editor(statement=one("two"), by=reviewer)
    assert len(undone(run, by=importer).removed) == 3
    assert not Statement.objects.exists()


def test_a_statement_that_was_published_since_stays(importer: User, reviewer: User) -> None:
    sources = "slug,url,title,publisher,kind\npage,https://example.org/p,Page,Press,news\n"
    citations = "statement,source,role\none,page,report\n"
    run = run_of(FILES | {"sources": sources, "citations": citations}, by=importer)
    change(one(), by=importer, summary="In our words.")
    submit(statement=one(), by=importer)
    publish(statement=one(), by=reviewer)
    found = undone(run, by=importer)
    assert left_alone(found) == {
        "Org": "Readers see it.",
        "Press · Page": "Readers see it.",
        "One": "It was changed since, by importer. It was published since.",
    }
    assert [item.label for item in found.removed] == ["Two"]


def test_a_change_that_was_published_since_stays(importer: User, editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="S")
    run = run_of({"statements": "slug,summary,step\ns,Other.,in review\n"}, by=importer)
    publish_run(run=run, by=reviewer, revision="minor fix")
    assert left_alone(undone(run, by=importer)) == {"S": "It was published since."}
    assert one("s").published_version == statement.versions.get(number=2)


def test_a_statement_that_a_reviewer_has_approved_stays(importer: User) -> None:
    run = run_of({**FILES, "statements": f"{STATEMENTS}one,One,speech,en,2022,org,,\n"}, by=importer)
    Statement.objects.update(step="scheduled")
    for version in Version.objects.all():
        Schedule.objects.create(statement=version.statement, version=version, publish_at=timezone.now())
    assert "approved it" in left_alone(undone(run, by=importer))["One"]


def test_a_new_address_and_a_desk_note_are_edits_too(importer: User) -> None:
    run = run_of(FILES | {"statements": f"{TWO}three,Three,speech,en,2022,org,,\n"}, by=importer)
    Statement.objects.filter(slug="two").update(slug="second")
    Statement.objects.filter(slug="three").update(desk_note="Ask the ministry.")
    found = left_alone(undone(run, by=importer))
    assert (found["Two"], found["Three"]) == ("Its address was changed since.", CHANGED)


def test_an_address_that_was_given_up_keeps_what_it_leads_to(importer: User) -> None:
    run = run_of(FILES, by=importer)
    for kind, row in (("statement", one("two")), ("organisation", Organisation.objects.get())):
        OldSlug.objects.create(kind=kind, slug=f"old-{kind}", target_id=row.pk)
    found = left_alone(undone(run, by=importer))
    assert found["Two"] == "An address that was given up leads to it."
    assert found["Org"].startswith("An address that was given up leads to it.")


def test_a_statement_to_which_another_version_is_related_stays(importer: User, editor: User) -> None:
    run = run_of(FILES, by=importer)
    other = make_statement(by=editor, title="Other")
    change(other, by=editor, relation="quotes", related_statement=one("two"))
    change(other, by=editor, relation="", related_statement=None)
    assert left_alone(undone(run, by=importer))["Two"] == "A version of another statement names it."


def test_what_would_be_related_in_a_circle_is_left_alone(importer: User, editor: User) -> None:
    a, b = make_statement(by=editor, title="A"), make_statement(by=editor, title="B")
    change(a, by=editor, relation="quotes", related_statement=b)
    run = run_of({"statements": "slug,relation,related_statement\na,[clear],[clear]\n"}, by=importer)
    change(b, by=editor, relation="quotes", related_statement=a)
    assert "leads back to it" in left_alone(undone(run, by=importer))["A"]


def test_a_row_that_moved_on_to_a_statement_edited_since_is_not_taken_from_it(importer: User, editor: User) -> None:
    a, b = make_statement(by=editor, title="A"), make_statement(by=editor, title="B")
    key = a.counts.get().key
    run = run_of({"counts": f"key,statement\n{key},b\n"}, by=importer)
    change(b, by=editor, place="Riga")
    found = left_alone(undone(run, by=importer))
    assert found == {
        "A": f"It holds {key}, which belongs to another statement now. Delete it there first.",
        "B": "It was changed since, by editor.",
    }


def test_what_named_something_that_is_gone_is_left_alone(importer: User, editor: User) -> None:
    statement = make_statement(by=editor, title="S")
    speaker = f.SpeakerFactory(name="Jane")
    f.SpeakerRoleFactory(statement=statement, speaker=speaker)
    save_version(statement=statement, by=editor)
    run = run_of({"statements": "slug,speakers,attributions\ns,[clear],[clear]\n"}, by=importer)
    speaker.delete()
    assert left_alone(undone(run, by=importer)) == {"S": "It names the speaker “Jane” (jane), which no longer exists."}


def test_a_statement_that_was_there_without_a_version_is_not_taken_for_a_new_one(importer: User) -> None:
    statement = f.IssuerFactory(statement__title="S").statement
    run = run_of({"statements": "slug,summary\ns,Other.\n"}, by=importer)
    assert statement.versions.get().number == 1
    assert left_alone(undone(run, by=importer)) == {"S": "The version before the import is missing."}


# Steps and desk notes


def test_a_step_and_a_desk_note_alone_come_back(importer: User, editor: User) -> None:
    make_statement(by=editor, title="S", desk_note="Before.")
    run = run_of({"statements": "slug,desk_note,step\ns,After.,in review\n"}, by=importer)
    assert [item.label for item in undone(run, by=importer).restored] == ["S"]
    assert (one("s").desk_note, one("s").step, one("s").versions.count()) == ("Before.", "draft", 1)


@pytest.mark.parametrize("fields", [{"desk_note": "Mine."}, {"summary": "Mine."}])
def test_a_step_stays_where_the_statement_was_changed_since(
    importer: User, editor: User, fields: dict[str, str]
) -> None:
    make_statement(by=editor, title="S", desk_note="Before.")
    run = run_of({"statements": "slug,desk_note,step\ns,After.,in review\n"}, by=importer)
    change(one("s"), by=editor, **fields)
    assert left_alone(undone(run, by=importer)) == {"S": CHANGED}
    assert one("s").step == "in review"


def test_a_step_that_somebody_took_since_is_not_taken_back(importer: User, editor: User, reviewer: User) -> None:
    make_statement(by=editor, title="S")
    run = run_of({"statements": "slug,step\ns,in review\n"}, by=importer)
    return_to_editor(statement=one("s"), by=reviewer)
    assert left_alone(undone(run, by=importer)) == {"S": "It was taken a step further since."}
    assert one("s").step == "returned"


def kept_nothing(run: ImportRun) -> None:
    """As a run of an earlier release left it: without its rows, steps and notes."""
    RunRows.objects.filter(run=run).delete()
    ReferenceChange.objects.filter(run=run, kind__in=["statement", "demandupdate"]).delete()


def test_of_a_run_that_kept_no_rows_what_waits_for_a_reviewer_is_a_draft_again(importer: User, editor: User) -> None:
    for title in ("S", "T"):
        make_statement(by=editor, title=title)
    run = run_of({"statements": "slug,step,desk_note\ns,in review,\nt,,Note.\n"}, by=importer)
    kept_nothing(run)
    assert [item.label for item in undone(run, by=importer).restored] == ["S"]
    assert (one("s").step, one("t").desk_note) == ("draft", "Note.")


# Updates of demands

UPDATES = {
    "demands": "slug,title\nask,Ask\n",
    "sources": "slug,url,title,publisher,kind\npage,https://example.org/p,Page,Press,news\n",
    "demand_updates": "demand,date,status,source,note\nask,2022,open,page,Words.\n",
}


def test_an_update_that_readers_see_stays_and_keeps_its_demand_and_source(importer: User, reviewer: User) -> None:
    run = run_of(UPDATES, by=importer)
    publish_run(run=run, by=reviewer)
    found = left_alone(undone(run, by=importer))
    assert found["Ask: open (2022)"] == "Readers see it: a reviewer withdraws it first."
    assert found["Ask"] == found["Press · Page"] == "It is in use: “Ask: open (2022)” stays and needs it."
    assert DemandUpdate.objects.count() == 1


def test_an_update_that_was_withdrawn_unchanged_goes(importer: User, reviewer: User) -> None:
    run = run_of(UPDATES, by=importer)
    update = DemandUpdate.objects.get()
    publish_update(update=update, by=reviewer)
    withdraw_update(update=update, by=reviewer)
    assert len(undone(run, by=importer).removed) == 3


def test_an_update_that_was_edited_since_stays(importer: User, editor: User) -> None:
    run = run_of(UPDATES, by=importer)
    DemandUpdate.objects.update(note="Mended.", run=None, saved_by=editor)
    assert left_alone(undone(run, by=importer))["Ask: open (2022)"] == CHANGED


def test_a_changed_update_says_again_what_it_said(importer: User, reviewer: User) -> None:
    run_of(UPDATES, by=importer)
    before = desk_files()
    other = make_user("other", "importer")
    run = run_of({"demand_updates": "demand,date,status,source\nask,2022,met,page\n"}, by=other)
    boss = make_user("boss", "administrator")
    undone(run, by=boss)
    assert desk_files() == before
    update = DemandUpdate.objects.get()
    assert (update.saved_by, set(update.authors.all())) == (boss, {importer, other, boss})


def test_of_a_run_that_kept_no_rows_an_update_goes_only_where_its_demand_or_source_came_with_it(
    importer: User,
) -> None:
    run = run_of(UPDATES, by=importer)
    kept_nothing(run)
    before = desk_files()
    second = run_of({"demand_updates": "demand,date,status,source\nask,2023,met,page\n"}, by=importer)
    kept_nothing(second)
    assert "is not known" in left_alone(undone(second, by=importer))["Ask: met (2023)"]
    DemandUpdate.objects.filter(run=second).delete()
    assert desk_files() == before
    assert len(undone(run, by=importer).removed) == 3


# Reference data


def test_reference_data_that_somebody_changed_since_stays(importer: User, editor: User) -> None:
    f.OrganisationFactory(name="Known", description="Before.")
    run = run_of({"organisations": "slug,name,kind,description\nknown,,,After.\nnew,New,NGO,\n"}, by=importer)
    edit(Organisation.objects.get(slug="known"), by=editor, field="country", value="LV")
    edit(Organisation.objects.get(slug="new"), by=editor, field="country", value="LV")
    assert left_alone(undone(run, by=importer)) == {"Known": CHANGED, "New": CHANGED}
    assert Organisation.objects.get(slug="known").description == "After."


def test_reference_data_that_was_changed_without_a_trace_or_deleted_is_left_alone(importer: User) -> None:
    run = run_of({"organisations": ORGANISATION + "gone,Gone,NGO\n"}, by=importer)
    Organisation.objects.filter(slug="org").update(country="LV")
    Organisation.objects.filter(slug="gone").delete()
    assert left_alone(undone(run, by=importer)) == {
        "Org": CHANGED,
        "Gone": "It is no longer there: somebody deleted it or merged it into another.",
    }


def test_what_others_use_stays_and_so_does_what_it_is_a_part_of(importer: User, editor: User) -> None:
    text = "slug,name,kind,parent\ntop,Top,NGO,\nmiddle,Middle,NGO,top\nbottom,Bottom,NGO,middle\nfree,Free,NGO,top\n"
    run = run_of({"organisations": text, "demands": "slug,title,addressees\nask,Ask,free\n"}, by=importer)
    f.DemandFactory(title="Other").addressees.add(Organisation.objects.get(slug="middle"))
    found = undone(run, by=importer)
    assert left_alone(found) == {
        "Middle": "It is in use: “Other” stays and needs it.",
        "Top": "It is in use: “Middle” stays and needs it.",
    }
    assert {item.label for item in found.removed} == {"Bottom", "Free", "Ask"}


def test_what_the_versions_of_others_name_stays(importer: User, editor: User) -> None:
    run = run_of({"speakers": "slug,name\njane,Jane\n"}, by=importer)
    statement = make_statement(by=editor)
    role = f.SpeakerRoleFactory(statement=statement, speaker=Speaker.objects.get(slug="jane"))
    save_version(statement=statement, by=editor)
    role.delete()
    save_version(statement=statement, by=editor)
    assert left_alone(undone(run, by=importer)) == {"Jane": "A version of a statement names it."}


def test_what_readers_see_is_put_back_only_by_those_who_may_change_it(
    importer: User, editor: User, reviewer: User
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    organisation = statement.issuers.get().organisation
    boss = make_user("boss", "administrator")
    run = run_of({"organisations": f"slug,country\n{organisation.slug},LV\n"}, by=boss)
    ImportRun.objects.filter(pk=run.pk).update(user=importer)
    run.refresh_from_db()
    assert left_alone(undone(run, by=importer)) == {
        organisation.name: "Readers see it, so only a reviewer may change it."
    }
    ImportRun.objects.filter(pk=run.pk).update(undone_at=None)
    run.refresh_from_db()
    assert left_alone(undone(run, by=boss)) == {}
    organisation.refresh_from_db()
    assert organisation.country == ""


def test_nothing_becomes_a_part_of_itself(importer: User, editor: User) -> None:
    upper = f.OrganisationFactory(name="Upper")
    f.OrganisationFactory(name="Lower", parent=upper)
    run = run_of({"organisations": "slug,parent\nlower,[clear]\n"}, by=importer)
    Organisation.objects.filter(pk=upper.pk).update(parent=Organisation.objects.get(slug="lower"))
    assert "part of itself" in left_alone(undone(run, by=importer))["Lower"]


def test_what_it_was_a_part_of_may_be_gone_or_merged(importer: User) -> None:
    gone, merged, into = (f.OrganisationFactory(name=name) for name in ("Gone", "Merged", "Into"))
    f.OrganisationFactory(name="A", parent=gone)
    f.OrganisationFactory(name="B", parent=merged)
    run = run_of({"organisations": "slug,parent\na,[clear]\nb,[clear]\n"}, by=importer)
    gone.delete()
    merged.delete()
    OldSlug.objects.create(kind="organisation", slug="merged", target_id=into.pk)
    assert left_alone(undone(run, by=importer)) == {"A": "It named “gone” before, which no longer exists."}
    assert Organisation.objects.get(slug="b").parent == into


def test_an_address_and_a_handle_that_others_have_by_now_are_not_taken_from_them(importer: User, editor: User) -> None:
    header = "slug,url,title,publisher,kind\n"
    run_of(
        {
            "sources": f"{header}page,https://example.org/a,Page,Press,news\n",
            "speakers": "slug,name,handles\njane,Jane,x:@jane\n",
        },
        by=importer,
    )
    run = run_of(
        {"sources": f"{header}page,https://example.org/b,,,\n", "speakers": "slug,handles\njane,[clear]\n"}, by=importer
    )
    run_of(
        {
            "sources": f"{header}other,https://example.org/a,Other,Press,news\n",
            "speakers": "slug,name,handles\njoan,Joan,x:@jane\n",
        },
        by=importer,
    )
    assert left_alone(undone(run, by=importer)) == {
        "Press · Page": "other has its address or handle of then.",
        "Jane": "joan has its address or handle of then.",
    }
    assert Source.objects.get(slug="page").url == "https://example.org/b"


def test_what_the_run_made_goes_although_its_own_changes_of_others_named_it(importer: User, editor: User) -> None:
    statement = make_statement(by=editor, title="S")
    f.DemandFactory(title="Known")
    before = desk_files()
    run = run_of(
        {
            "organisations": ORGANISATION,
            "demands": "slug,title,addressees,parent\nnew,New,org,\nknown,,org,new\n",
            "statements": "slug,joined_by\ns,org\n",
            "mentions": "statement,demand\ns,new\n",
        },
        by=importer,
    )
    assert undone(run, by=importer).left_alone == []
    assert desk_files() == before
    assert not Demand.objects.filter(slug="new").exists()
    assert "org" in str(statement.versions.get(number=2).document)
