"""What undoing a run leaves alone of demands' updates and of reference data, and why."""

from django.contrib.auth.models import User

from statements.actions.updates import publish_update, withdraw_update
from statements.importing.desk_export import desk_files
from statements.importing.publishing import publish_run
from statements.models import (
    Demand,
    DemandUpdate,
    ImportRun,
    OldSlug,
    Organisation,
    Source,
    Speaker,
)
from tests import factories as f
from tests.factories import make_public_statement, make_statement, make_user, save_version
from tests.undoing import edit, kept_nothing, left_alone, run_of, undone

CHANGED = "It was changed since."
ORGANISATION = "slug,name,kind\norg,Org,NGO\n"

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
